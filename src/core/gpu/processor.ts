import * as tf from "@tensorflow/tfjs-core";
import { FootfallError } from "../errors";
import { refuseNullAddress, type Allocator } from "./faults";
import { installWasmKernels } from "./kernels/install";
import type { WasmBackend } from "./kernels/register";
import { memoryOf } from "./kernels/register";
import type { EngineOptions, Threading, WasmPaths } from "./options";
import { MAX_THREADS } from "./threads/board";
import { shareMemory } from "./threads/memory";
import { ThreadPool, setPool } from "./threads/pool";
import { wasmApi } from "./web-assembly";

/** How the processor runs the tensors. */
export interface OpenedProcessor {
  readonly description: string;
  readonly threads: number;
  readonly hasSimd: boolean;
  /** Ends the helper threads. */
  dispose(): void;
}

/** Cores that the browser admits to; undefined in Node 20, where the caller tells them. */
export function countCores(): number | undefined {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  return navigator?.hardwareConcurrency;
}

/** Whether memory can be shared with other threads; in a browser the page must be cross-origin isolated. */
function canShare(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  if (crossOriginIsolated === false || typeof SharedArrayBuffer !== "function") return false;
  try {
    // as tfjs' file asks for it: a small device may not have the addresses, and tfjs would wait for ever
    const { buffer } = new wasmApi.Memory({ initial: 256, maximum: 65_536, shared: true });
    return buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}

/** Threads that the engine is to have, and where they come from. */
function planThreads({ threading, threads }: EngineOptions): {
  threads: number;
  threading?: Threading;
} {
  if (threading === undefined || !canShare()) return { threads: 1 };
  const count = Math.max(1, Math.min(MAX_THREADS, threads ?? threading.threads));
  return count > 1 ? { threads: count, threading } : { threads: 1 };
}

/** tfjs asks for a third file, which it never loads: its own threads are not used. */
const threeFiles = (paths: Exclude<WasmPaths, string>): Record<string, string> => ({
  ...paths,
  "tfjs-backend-wasm-threaded-simd.wasm": paths["tfjs-backend-wasm-simd.wasm"],
});

/** An address of the simd file with memory that can be shared; the copy lives as long as the process. */
async function addressShared(threading: Threading): Promise<string> {
  const code = shareMemory(await threading.readWasm());
  const { Blob, URL } = globalThis as unknown as BlobScope;
  return URL.createObjectURL(new Blob([code], { type: "application/wasm" }));
}

/** What browsers and Node both have, and the language's own library does not declare. */
interface BlobScope {
  readonly Blob: new (parts: Uint8Array[], options: { type: string }) => object;
  readonly URL: { createObjectURL(blob: object): string };
}

let sharedAddress: Promise<string> | undefined;
/** The shared file's address that tfjs knows; after a failed start it refuses to be told anything. */
let told: string | undefined;

async function setFiles(
  backend: { setWasmPaths(paths: string | Record<string, string>, fetches?: boolean): void },
  { wasmPaths }: EngineOptions,
  threading: Threading | undefined,
): Promise<void> {
  if (threading !== undefined) {
    sharedAddress ??= addressShared(threading);
    sharedAddress.catch(() => (sharedAddress = undefined));
    const address = await sharedAddress;
    const files = { "tfjs-backend-wasm.wasm": address, "tfjs-backend-wasm-simd.wasm": address };
    const isNode = wasmPaths === undefined;
    // with a fetch of its own, which only Node needs, tfjs waits for ever for a file that cannot be started
    if (told !== address) backend.setWasmPaths(threeFiles(files), isNode);
    told = address;
  } else if (wasmPaths !== undefined) {
    backend.setWasmPaths(typeof wasmPaths === "string" ? wasmPaths : threeFiles(wasmPaths));
    told = undefined;
  }
}

/** Helpers for the backend that is open. */
function openPool(threads: number, { spawn }: Threading): ThreadPool {
  const backend = tf.backend() as unknown as WasmBackend;
  const pool = new ThreadPool({ threads, memory: memoryOf(backend), spawn });
  setPool(backend, pool);
  return pool;
}

/**
 * tfjs over WebAssembly: with SIMD, and with helper threads for our own kernels where memory can be shared.
 * Throws "bad-file" where the `.wasm` files cannot be loaded.
 */
export async function openWasm(options: EngineOptions): Promise<OpenedProcessor> {
  const backend = await import("@tensorflow/tfjs-backend-wasm");
  const hasSimd = (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) === true;
  const { threads, threading } = hasSimd ? planThreads(options) : { threads: 1 };
  await setFiles(backend, options, threading);
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false); // tfjs' own threads: they are not in Node
  if (!(await tf.setBackend("wasm"))) {
    throw new FootfallError("bad-file", "the files of the wasm engine could not be loaded");
  }
  refuseNullAddress((tf.backend() as unknown as { wasm: Allocator }).wasm);
  const pool = threading && openPool(threads, threading);
  if (hasSimd) installWasmKernels();
  const parts = [
    "WebAssembly",
    hasSimd ? "SIMD" : "no SIMD",
    `${threads} thread${threads === 1 ? "" : "s"}`,
  ];
  return {
    description: parts.join(", "),
    threads,
    hasSimd,
    dispose: () => pool?.dispose(),
  };
}

/** Plain JavaScript: slow, no files, for checks. */
export async function openCpu(): Promise<OpenedProcessor> {
  await import("@tensorflow/tfjs-backend-cpu");
  await tf.setBackend("cpu");
  (tf.backend() as { firstUse?: boolean }).firstUse = false; // no advertisement on stderr in Node
  return {
    description: "plain JavaScript, 1 thread",
    threads: 1,
    hasSimd: false,
    dispose: () => undefined,
  };
}
