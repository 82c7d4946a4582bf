// Serves a built folder on localhost with the headers that cross-origin isolation and privacy need.
// By itself (the end-to-end tests): node scripts/serve.mjs [--port 4180] [--folder DIR]
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { fail } from "./install.mjs";
import { HOSTS, isNoSuchHost, listenProblem } from "./port.mjs";

/** Of every file. */
const FILE_HEADERS = {
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
};

/**
 * Of what runs by itself, documents and workers. It may talk to its own origin only (promise 6); isolation gives
 * WebAssembly its threads.
 */
const RUNNING_HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Content-Security-Policy":
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' blob:; worker-src 'self' blob:; " +
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' blob: data:; " +
    "object-src 'none'; base-uri 'self'; form-action 'none'",
  "Referrer-Policy": "no-referrer",
};

/** What a browser says that it loads as a part of something that runs; with eighty of them headers are 30 kB. */
const PARTS = ["script", "style", "font", "image", "empty"];

/** @param {string | string[] | undefined} destination Sec-Fetch-Dest; who does not say it gets all headers */
export function headersFor(destination) {
  return PARTS.includes(String(destination))
    ? FILE_HEADERS
    : { ...FILE_HEADERS, ...RUNNING_HEADERS };
}

/**
 * Vite names a file in assets/ by its content, so it never changes; everything else is asked for anew.
 * @param {string} path
 */
function cacheControl(path) {
  return path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}

/** @param {string} folder */
async function createHandler(folder) {
  const { default: sirv } = await import("sirv"); // not at the top: npm start installs it first
  const files = sirv(folder, {
    brotli: true,
    gzip: true,
    etag: true,
    dotfiles: false,
    setHeaders: (response, path) => response.setHeader("Cache-Control", cacheControl(path)),
  });
  /** @type {import("node:http").RequestListener} */
  return (request, response) => {
    const headers = headersFor(request.headers["sec-fetch-dest"]);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    files(request, response, () => {
      response.statusCode = 404;
      response.end("Not here.");
    });
  };
}

/**
 * @param {import("node:http").RequestListener} handler
 * @param {number} port
 * @param {string} host
 * @returns {Promise<void>}
 */
function listen(handler, port, host) {
  return new Promise((resolve) => {
    const server = createServer(handler);
    server.once("error", (error) => {
      if (isNoSuchHost(error)) resolve();
      else fail(listenProblem(error, port));
    });
    server.listen(port, host, resolve);
  });
}

/**
 * sirv lists the folder once and then streams what it listed: a new build takes the files from under it.
 * @param {NodeJS.ErrnoException} error
 */
function failOnLostFile(error) {
  if (error.code !== "ENOENT") throw error;
  fail("The app was built anew while it was served: run the same command again.");
}

/**
 * Resolves with the address once the port listens; ends the process with one sentence when it cannot.
 * @param {string} folder
 * @param {number} port
 */
export async function serveFolder(folder, port) {
  const handler = await createHandler(folder);
  process.on("uncaughtException", failOnLostFile);
  for (const host of HOSTS) await listen(handler, port, host);
  return `http://localhost:${port}`;
}

if (process.argv[1]?.endsWith("serve.mjs")) {
  const { buildApp } = await import("./build.mjs");
  const { values } = parseArgs({
    options: { port: { type: "string", default: "4180" }, folder: { type: "string" } },
  });
  const folder = values.folder ?? (await buildApp("test"));
  process.stdout.write(`${await serveFolder(folder, Number(values.port))}\n`);
}
