#!/usr/bin/env node
// The command line: bundles src/cli/main.ts when a source is newer than the bundle, then runs it.
// Only Node's own modules at the top: the packages may not be installed yet.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkNode, installPackages, ROOT } from "../../scripts/install.mjs";

const OUT = join(ROOT, "build", "cli");

/** Youngest change below a folder, in milliseconds. */
function youngest(folder) {
  let at = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    at = Math.max(at, entry.isDirectory() ? youngest(path) : statSync(path).mtimeMs);
  }
  return at;
}

async function bundle() {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: ROOT,
    entryPoints: [{ in: "src/cli/main.ts", out: "main" }],
    outdir: OUT,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true, // a command loads only what it needs
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
}

checkNode();
installPackages();
const main = join(OUT, "main.mjs");
const sources = Math.max(youngest(join(ROOT, "src", "core")), youngest(join(ROOT, "src", "cli")));
if (!existsSync(main) || statSync(main).mtimeMs < sources) await bundle();
const { runMain } = await import(pathToFileURL(main).href);
process.exitCode = await runMain(process.argv.slice(2));
