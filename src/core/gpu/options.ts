import type { Helper } from "./threads/pool";

export type EngineKind = "webgpu" | "wasm" | "cpu";

/** Where the `.wasm` files of tfjs lie: a folder (ending in "/"), or the address of each file. */
export type WasmPaths = string | Readonly<Record<WasmFile, string>>;
export type WasmFile = "tfjs-backend-wasm.wasm" | "tfjs-backend-wasm-simd.wasm";

/** What the platform must give for more than one thread. */
export interface Threading {
  /** Starts a worker that runs `runHelper` (threads/thread.ts). */
  spawn(): Helper;
  /** The bytes of tfjs-backend-wasm-simd.wasm. */
  readWasm(): Promise<Uint8Array>;
  /** Threads where nobody says how many. */
  readonly threads: number;
}

export interface EngineOptions {
  /** Forces an engine; default: webgpu where there is a real adapter, else wasm. */
  readonly backend?: EngineKind | undefined;
  /** Needed in the browser; in Node tfjs finds its files itself. */
  readonly wasmPaths?: WasmPaths | undefined;
  /** Without it wasm has one thread. */
  readonly threading?: Threading | undefined;
  /** Bytes of one tensor at most, where that is less than the engine takes: to try what fits a smaller one. */
  readonly bufferBytes?: number | undefined;
  /** Threads of wasm where memory may be shared; default: what `threading` says. */
  readonly threads?: number | undefined;
}
