import * as tf from "@tensorflow/tfjs-core";
import { FootfallError } from "../errors";
import { installWasmKernels } from "./kernels/install";
import { hasFma } from "./kernels/register";
import type { EngineOptions, WasmPaths } from "./options";

/** How the processor runs the tensors. */
export interface OpenedProcessor {
  readonly description: string;
  readonly threads: number;
  readonly hasSimd: boolean;
}

/** More threads than this gain nothing for matrices as small as ours. */
const MAX_THREADS = 8;

/** Up to here our product on one thread is at least as fast as the library's on all. */
const MAX_THREADS_FOR_OWN_PRODUCTS = 2;

/** Cores that the browser admits to; undefined in Node 20, where no thread of wasm would use them. */
export function countCores(): number | undefined {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  return navigator?.hardwareConcurrency;
}

function setPaths(
  backend: { setWasmPaths(paths: string | Record<string, string>): void },
  paths: WasmPaths | undefined,
): void {
  if (paths === undefined) return;
  backend.setWasmPaths(typeof paths === "string" ? paths : { ...paths });
}

/**
 * tfjs over WebAssembly: with SIMD, and with threads where the page is cross-origin isolated (Node has none
 * in tfjs 4.22). Throws "bad-file" where the `.wasm` files cannot be loaded.
 */
export async function openWasm(options: EngineOptions): Promise<OpenedProcessor> {
  const backend = await import("@tensorflow/tfjs-backend-wasm");
  setPaths(backend, options.wasmPaths);
  const isIsolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true;
  const wanted = options.threads ?? Math.min(MAX_THREADS, countCores() ?? 1);
  const threads = isIsolated ? Math.max(1, wanted) : 1;
  backend.setThreadsCount(threads);
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", threads > 1); // also picks the file that is loaded
  if (!(await tf.setBackend("wasm"))) {
    throw new FootfallError("bad-file", "the files of the wasm engine could not be loaded");
  }
  const hasSimd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  const used = threads > 1 ? backend.getThreadsCount() : 1;
  if (hasSimd === true) {
    installWasmKernels({ multiplies: hasFma() && used <= MAX_THREADS_FOR_OWN_PRODUCTS });
  }
  const parts = [
    "WebAssembly",
    hasSimd === true ? "SIMD" : "no SIMD",
    `${used} thread${used === 1 ? "" : "s"}`,
  ];
  return { description: parts.join(", "), threads: used, hasSimd: hasSimd === true };
}

/** Plain JavaScript: slow, no files, for checks. */
export async function openCpu(): Promise<OpenedProcessor> {
  await import("@tensorflow/tfjs-backend-cpu");
  await tf.setBackend("cpu");
  (tf.backend() as { firstUse?: boolean }).firstUse = false; // no advertisement on stderr in Node
  return { description: "plain JavaScript, 1 thread", threads: 1, hasSimd: false };
}
