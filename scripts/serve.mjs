// Serves a built folder on localhost with the headers that cross-origin isolation and privacy need.
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { fail } from "./install.mjs";

/** The page may talk to its own origin only (promise 6); isolation gives WebAssembly its threads. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Content-Security-Policy":
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; " +
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' blob: data:",
  "Referrer-Policy": "no-referrer",
};

/** Resolves with the address once the port listens. */
export async function serveFolder(folder, port) {
  const { default: sirv } = await import("sirv");
  const files = sirv(folder, { brotli: true, gzip: true, etag: true, dotfiles: false });
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    files(request, response, () => {
      response.statusCode = 404;
      response.end("Not here.");
    });
  });
  return new Promise((resolve) => {
    server.once("error", (error) =>
      fail(
        error.code === "EADDRINUSE"
          ? `Port ${port} is in use: stop what runs there, or choose another with PORT=4200 npm start.`
          : `The server could not start: ${error.message}.`,
      ),
    );
    server.listen(port, "localhost", () => resolve(`http://localhost:${port}`));
  });
}

if (process.argv[1]?.endsWith("serve.mjs")) {
  const { buildApp } = await import("./build.mjs");
  const { values } = parseArgs({ options: { port: { type: "string", default: "4180" } } });
  process.stdout.write(`${await serveFolder(buildApp("test"), Number(values.port))}\n`);
}
