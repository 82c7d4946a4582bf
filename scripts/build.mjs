// Builds the app when a source is newer than the last build, and stores each large file compressed beside it.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { fail, ROOT } from "./install.mjs";

const SOURCES = ["src", "public", "index.html", "harness.html", "vite.config.ts", "package-lock.json"];
const COMPRESSED = new Set([".js", ".css", ".html", ".json", ".wasm", ".bin", ".svg", ".jsonl"]);

function* filesOf(path) {
  if (!existsSync(path)) return;
  if (statSync(path).isFile()) return void (yield path);
  for (const name of readdirSync(path)) yield* filesOf(join(path, name));
}

function newest(paths) {
  return Math.max(
    0,
    ...paths.flatMap((path) => [...filesOf(path)].map((file) => statSync(file).mtimeMs)),
  );
}

function compress(folder) {
  for (const file of filesOf(folder)) {
    if (!COMPRESSED.has(extname(file))) continue;
    const bytes = readFileSync(file);
    if (bytes.length < 1024) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: bytes.length > 2 ** 20 ? 6 : 10 };
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
    writeFileSync(`${file}.gz`, gzipSync(bytes));
  }
}

/** mode "production" leaves the harness page out; returns the folder that was built. */
export function buildApp(mode = "production") {
  const folder = join(ROOT, mode === "test" ? "build/test" : "dist");
  const stamp = join(folder, ".built");
  const fresh =
    existsSync(stamp) && statSync(stamp).mtimeMs > newest(SOURCES.map((name) => join(ROOT, name)));
  if (fresh) return folder;
  process.stderr.write("Building the app ...\n");
  const vite = join(ROOT, "node_modules", "vite", "bin", "vite.js");
  const run = spawnSync(
    process.execPath,
    [vite, "build", "--mode", mode, "--outDir", folder, "--emptyOutDir", "--logLevel", "warn"],
    { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, NODE_ENV: "production" } },
  );
  if (run.status !== 0) fail("vite build failed: see the lines above.");
  compress(folder);
  writeFileSync(stamp, "");
  return folder;
}
