import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../root";

/** Bundles the page and lays the engines' files beside it; returns the folder. */
export async function buildModelPage(): Promise<string> {
  const out = join(ROOT, "build", "bench");
  const page = join(ROOT, "src", "cli", "bench", "page");
  await mkdir(out, { recursive: true });
  const { build } = await import("esbuild");
  await build({
    entryPoints: [
      { in: join(page, "main.ts"), out: "main" },
      { in: join(ROOT, "src", "worker", "helper.ts"), out: "helper" },
    ],
    outdir: out,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2023",
    conditions: ["onnxruntime-web-use-extern-wasm"],
    logLevel: "error",
  });
  await cp(join(page, "index.html"), join(out, "index.html"));
  const packages = join(ROOT, "node_modules");
  const isNeeded = (path: string) => !/\.map$|\.js$|dist\/\w+\//.test(path);
  const options = { recursive: true, filter: isNeeded };
  await cp(join(packages, "onnxruntime-web", "dist"), join(out, "onnx"), options);
  await cp(join(packages, "@tensorflow", "tfjs-backend-wasm", "dist"), join(out, "tfjs"), {
    recursive: true,
    filter: (path) => /dist$|\.wasm$/.test(path),
  });
  return out;
}
