// Builds the app when a source is newer than the last build, and stores each large file compressed beside it.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { fail, ROOT } from "./install.mjs";

const SOURCES = [
  "src",
  "public",
  "index.html",
  "harness.html",
  "vite.config.ts",
  "package-lock.json",
  "scripts/build.mjs",
];
const COMPRESSED = new Set([
  ".js",
  ".css",
  ".html",
  ".json",
  ".jsonl",
  ".wasm",
  ".bin",
  ".svg",
  ".safetensors",
]);
const WORTH_BYTES = 1024;
const LARGE_BYTES = 2 ** 20; // above this Brotli's best takes seconds a file

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesOf(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path).flatMap((name) => filesOf(join(path, name)));
}

/** @param {string[]} paths */
function newestMs(paths) {
  return Math.max(0, ...paths.flatMap(filesOf).map((file) => statSync(file).mtimeMs));
}

/** @param {string} folder */
function compress(folder) {
  for (const file of filesOf(folder)) {
    if (!COMPRESSED.has(extname(file))) continue;
    const bytes = readFileSync(file);
    if (bytes.length < WORTH_BYTES) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: bytes.length > LARGE_BYTES ? 6 : 10 };
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
    writeFileSync(`${file}.gz`, gzipSync(bytes));
  }
}

/**
 * The folder that was built; ends the process with one sentence when that fails.
 * @param {"production" | "test"} mode production leaves the harness page out
 */
export function buildApp(mode = "production") {
  const folder = join(ROOT, mode === "test" ? "build/test" : "dist");
  const stamp = join(folder, ".built");
  const sources = SOURCES.map((name) => join(ROOT, name));
  if (existsSync(stamp) && statSync(stamp).mtimeMs > newestMs(sources)) return folder;
  process.stderr.write("Building the app ...\n");
  const vite = join(ROOT, "node_modules", "vite", "bin", "vite.js");
  const run = spawnSync(
    process.execPath,
    [vite, "build", "--mode", mode, "--outDir", folder, "--emptyOutDir", "--logLevel", "warn"],
    {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, NODE_ENV: "production" },
    },
  );
  if (run.status !== 0) fail("vite build failed: see the lines above.");
  compress(folder);
  writeFileSync(stamp, "");
  return folder;
}

if (process.argv[1]?.endsWith("build.mjs")) {
  buildApp(process.argv.includes("--test") ? "test" : "production");
}
