// npm start: install what is missing, build, serve, open. PORT changes the port, --no-open keeps the browser closed.
import { spawn } from "node:child_process";
import { checkNode, fail, installPackages } from "./install.mjs";
import { listenProblem, readPort, tryPort } from "./port.mjs";

checkNode();
const unknown = process.argv.slice(2).find((option) => option !== "--no-open");
if (unknown !== undefined) fail(`npm start knows the option --no-open only, not "${unknown}".`);
const wanted = readPort(process.env["PORT"], 4173);
if ("problem" in wanted) fail(wanted.problem);
const taken = await tryPort(wanted.port); // before the build: nobody should wait to hear it
if (taken !== undefined) fail(listenProblem(taken, wanted.port));

installPackages();
const { buildApp } = await import("./build.mjs");
const { serveFolder } = await import("./serve.mjs");
const address = await serveFolder(await buildApp(), wanted.port);
process.stdout.write(`Footfall runs at ${address} (Ctrl+C stops it)\n`);

if (!process.argv.includes("--no-open")) {
  const openers = { darwin: "open", win32: "explorer" };
  const opener = openers[/** @type {keyof typeof openers} */ (process.platform)] ?? "xdg-open";
  spawn(opener, [address], { stdio: "ignore", detached: true })
    .on("error", () => {}) // a machine without a desktop: the address stands above
    .unref();
}
