#!/usr/bin/env node
// The command line: bundles src/cli/main.ts when a source is younger than the bundle, then runs it.
// Only Node's own modules at the top: the packages may not be installed yet.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkNode, installPackages, ROOT } from "../../scripts/install.mjs";

const BUILD = join(ROOT, "build");
const DAY_MS = 86_400_000;

/** Youngest change below a folder, in milliseconds. */
function youngest(folder) {
  let at = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    at = Math.max(at, entry.isDirectory() ? youngest(path) : statSync(path).mtimeMs);
  }
  return at;
}

/** Bundles into a folder of its own and renames it: a second process never sees half a bundle. */
async function bundle(out) {
  const { build } = await import("esbuild");
  const temporary = `${out}.partial-${process.pid}`;
  await build({
    absWorkingDir: ROOT,
    entryPoints: [{ in: "src/cli/main.ts", out: "main" }],
    outdir: temporary,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true, // a command loads only what it needs
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
  try {
    renameSync(temporary, out);
  } catch (error) {
    if (!existsSync(join(out, "main.mjs"))) throw error;
    rmSync(temporary, { recursive: true }); // another process was faster
  }
}

/** Bundles of older sources go after a day; a process may still be running from one. */
function removeOldBundles(current) {
  for (const name of readdirSync(BUILD)) {
    const path = join(BUILD, name);
    if (!name.startsWith("cli-") || path === current) continue;
    if (Date.now() - statSync(path).mtimeMs > DAY_MS)
      rmSync(path, { recursive: true, force: true });
  }
}

/** The bundle of the sources as they are. */
async function findBundle() {
  mkdirSync(BUILD, { recursive: true });
  const sources = Math.max(youngest(join(ROOT, "src", "core")), youngest(join(ROOT, "src", "cli")));
  const out = join(BUILD, `cli-${Math.round(sources).toString(36)}`);
  if (!existsSync(join(out, "main.mjs"))) {
    await bundle(out);
    removeOldBundles(out);
  }
  return out;
}

checkNode();
installPackages();
// processes that a command starts run its own bundle, whatever has changed in the sources since
const out = process.env.FOOTFALL_BUNDLE ?? (await findBundle());
process.env.FOOTFALL_BUNDLE = out;
const { runMain } = await import(pathToFileURL(join(out, "main.mjs")).href);
process.exitCode = await runMain(process.argv.slice(2));
