// npm start: install what is missing, build, serve, open. PORT changes the port, --no-open keeps the browser closed.
import { spawn } from "node:child_process";
import { checkNode, fail, installPackages } from "./install.mjs";

checkNode();
const port = Number(process.env.PORT ?? 4173);
if (!Number.isInteger(port) || port < 1 || port > 65535) {
  fail(`PORT must be a number from 1 to 65535, not "${process.env.PORT}".`);
}
installPackages();
const { buildApp } = await import("./build.mjs");
const { serveFolder } = await import("./serve.mjs");
const address = await serveFolder(buildApp(), port);
process.stdout.write(`Footfall runs at ${address} (Ctrl+C stops it)\n`);

if (!process.argv.includes("--no-open")) {
  const opener = { darwin: "open", win32: "explorer" }[process.platform] ?? "xdg-open";
  spawn(opener, [address], { stdio: "ignore", detached: true })
    .on("error", () => {}) // a machine without a desktop: the address stands above
    .unref();
}
