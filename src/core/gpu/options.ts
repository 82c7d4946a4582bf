export type EngineKind = "webgpu" | "wasm" | "cpu";

/** Where the three `.wasm` files of tfjs lie: a folder (ending in "/"), or the address of each file. */
export type WasmPaths = string | Readonly<Record<WasmFile, string>>;
export type WasmFile =
  "tfjs-backend-wasm.wasm" | "tfjs-backend-wasm-simd.wasm" | "tfjs-backend-wasm-threaded-simd.wasm";

export interface EngineOptions {
  /** Forces an engine; default: webgpu where there is a real adapter, else wasm. */
  readonly backend?: EngineKind | undefined;
  /** Needed in the browser; in Node tfjs finds its files itself. */
  readonly wasmPaths?: WasmPaths | undefined;
  /** Threads of wasm where the page is cross-origin isolated; default: the cores, at most 8. */
  readonly threads?: number | undefined;
}
