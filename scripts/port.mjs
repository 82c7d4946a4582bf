// Ports: what PORT may say, and whether one is free. Only Node's own modules: this runs before npm ci.
import { createServer } from "node:net";

/** localhost by both its names; nothing outside this machine reaches the server. */
export const HOSTS = ["127.0.0.1", "::1"];

/**
 * The port that a text names, or one sentence about what is wrong with it.
 * @param {string | undefined} text
 * @param {number} otherwise where the text is not given
 * @returns {{ port: number } | { problem: string }}
 */
export function readPort(text, otherwise) {
  if (text === undefined) return { port: otherwise };
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return { port };
  return { problem: `PORT must be a whole number from 1 to 65535, not "${text}".` };
}

/**
 * Why a server could not listen, in one sentence.
 * @param {NodeJS.ErrnoException} error
 * @param {number} port
 */
export function listenProblem(error, port) {
  if (error.code === "EADDRINUSE") {
    return `Port ${port} is in use: stop what runs there, or choose another one, like PORT=${port < 65535 ? port + 1 : 4200} npm start.`;
  }
  if (error.code === "EACCES") {
    return `Port ${port} needs more rights than this user has: choose one above 1023, like PORT=4200 npm start.`;
  }
  return `The server could not start on port ${port}: ${error.message}.`;
}

/**
 * Whether a host of this name exists here; a machine may have no IPv6.
 * @param {NodeJS.ErrnoException} error
 */
export function isNoSuchHost(error) {
  return error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT";
}

/**
 * The error that listening on the port would end in; undefined when it is free.
 * @param {number} port
 * @returns {Promise<NodeJS.ErrnoException | undefined>}
 */
export async function tryPort(port) {
  for (const host of HOSTS) {
    const error = await tryHost(host, port);
    if (error !== undefined && !isNoSuchHost(error)) return error;
  }
  return undefined;
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<NodeJS.ErrnoException | undefined>}
 */
function tryHost(host, port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", resolve);
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}
