/** The little of WebAssembly that the core uses; the language's own library does not declare it. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

interface WasmInstance {
  readonly exports: Readonly<Record<string, (...values: number[]) => void>>;
}

interface WebAssemblyApi {
  validate(code: Uint8Array): boolean;
  readonly Memory: new (limits: {
    initial: number;
    maximum?: number;
    shared?: boolean;
  }) => WasmMemory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: Record<string, object>) => WasmInstance;
}

/** WebAssembly of this browser or Node. */
export const wasmApi = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
