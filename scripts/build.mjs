// Builds the app when a source is newer than the last build, and stores each large file compressed beside it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
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
  ".mjs",
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
const KEPT = join(ROOT, "build", "compressed"); // by content: Brotli's best takes seconds for the weights

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

/**
 * @param {Buffer} bytes
 * @returns {Promise<Buffer>}
 */
async function brotli(bytes) {
  const kept = join(KEPT, createHash("sha256").update(bytes).digest("hex"));
  if (existsSync(kept)) return readFileSync(kept);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const smaller = await promisify(brotliCompress)(bytes, { params });
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(kept, smaller);
  return smaller;
}

/** @param {string} file */
async function compressFile(file) {
  const bytes = readFileSync(file);
  if (bytes.length < WORTH_BYTES) return;
  const [small, plain] = await Promise.all([brotli(bytes), promisify(gzip)(bytes)]);
  writeFileSync(`${file}.br`, small);
  writeFileSync(`${file}.gz`, plain);
}

/**
 * The folder that was built; ends the process with one sentence when that fails.
 * @param {"production" | "test"} mode production leaves the harness page out
 */
export async function buildApp(mode = "production") {
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
  const worth = filesOf(folder).filter((file) => COMPRESSED.has(extname(file)));
  await Promise.all(worth.map(compressFile));
  writeFileSync(stamp, "");
  return folder;
}

if (process.argv[1]?.endsWith("build.mjs")) {
  await buildApp(process.argv.includes("--test") ? "test" : "production");
}
