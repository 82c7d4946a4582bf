import * as tf from "@tensorflow/tfjs-core";
import type { Cut, Part, Range, Work } from "../threads/cut";
import { cut, isWorthSharing } from "../threads/cut";
import type { KernelModule, RunKernel } from "../threads/pool";
import { poolOf } from "../threads/pool";
import type { WasmMemory } from "../web-assembly";
import { wasmApi } from "../web-assembly";
import type { WrittenFunction } from "./assembler";
import { assemble } from "./assembler";
import { writeLinear } from "./linear.wasm";

/** What our kernels need of tfjs' wasm backend: where tensors lie, and its memory. */
export interface WasmBackend {
  readonly dataIdMap: { get(id: object): { memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: "float32"): tf.TensorInfo;
  disposeData(id: object): boolean;
  readonly wasm: {
    readonly asm: Readonly<Record<string, unknown>>;
    readonly wasmMemory?: WasmMemory; // the threaded build makes its memory outside
  };
}

/** Whether the browser knows relaxed SIMD (Chrome 114; Node 20 only by a flag). */
function hasFma(): boolean {
  return wasmApi.validate(assemble([writeLinear(true)], false));
}

/** tfjs' memory, in which all tensors lie. */
export function memoryOf({ wasm }: Pick<WasmBackend, "wasm">): WasmMemory {
  return wasm.wasmMemory ?? (wasm.asm["memory"] as WasmMemory);
}

/** One call of a kernel: its inputs, and what runs code on their addresses. */
export interface Call {
  readonly backend: WasmBackend;
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attributes: Readonly<Record<string, number>>;
  /** Address of a tensor's values, 0 for none. */
  readonly address: (tensor: tf.TensorInfo | undefined) => number;
  readonly run: RunKernel;
  /** `from` to `to` cut for all threads; one part for one thread. */
  readonly cut: (cut: Cut, part: (range: Range) => Part) => Work;
  /**
   * Does works that know nothing of each other, on all threads; returns when all are finished.
   * @param scratch floats of memory that each thread has for itself
   */
  readonly share: (works: readonly Work[], scratch?: number) => void;
  /** Threads that work is cut for. */
  readonly threads: number;
  /** Memory for the time of `work`, by its address. */
  readonly withScratch: (floats: number, work: (address: number) => void) => void;
  /** A view of memory; it ends when memory is next allocated. */
  readonly view: (address: number, floats: number) => Float32Array;
}

/** A kernel's outputs, one or several, made by `backend.makeOutput`. */
export type Kernel = (call: Call) => tf.TensorInfo | tf.TensorInfo[];

/** Functions that are put together once for each backend that is opened, when the first is called. */
export class KernelLibrary {
  readonly #write: (hasFma: boolean) => readonly WrittenFunction[];
  readonly #modules = new WeakMap<object, KernelModule>();

  constructor(write: (hasFma: boolean) => readonly WrittenFunction[]) {
    this.#write = write;
  }

  #open(backend: WasmBackend): KernelModule {
    const known = this.#modules.get(backend);
    if (known !== undefined) return known;
    const memory = memoryOf(backend);
    const isShared = !(memory.buffer instanceof ArrayBuffer);
    const written = this.#write(hasFma());
    const code = new wasmApi.Module(assemble(written, isShared));
    const functions = new wasmApi.Instance(code, { env: { memory } }).exports;
    const names = written.map(({ name }) => name);
    const module: KernelModule = {
      number: poolOf(backend)?.addModule(code, names) ?? 0,
      names: new Map(names.map((name, n) => [name, n])),
      kernels: names.map((name) => functions[name]!),
    };
    this.#modules.set(backend, module);
    return module;
  }

  #call(backend: WasmBackend, inputs: object, attributes: object): Call {
    const module = this.#open(backend);
    const pool = poolOf(backend);
    const threads = pool?.threads ?? 1;
    const address: Call["address"] = (tensor) =>
      tensor === undefined ? 0 : backend.dataIdMap.get(tensor.dataId).memoryOffset;
    const withScratch: Call["withScratch"] = (floats, work) => {
      const scratch = backend.makeOutput([floats], "float32");
      work(address(scratch));
      backend.disposeData(scratch.dataId);
    };
    const run: RunKernel = (name, ...values) => module.kernels[module.names.get(name)!]!(...values);
    return {
      backend,
      inputs: inputs as Call["inputs"],
      attributes: attributes as Call["attributes"],
      address,
      run,
      threads,
      cut: (what, part) => cut(threads, what, part),
      share: (works, scratch = 0) => {
        const parts = works.flatMap((work) => work.parts);
        const isShared = isWorthSharing(works) && pool?.hasHelper(module.number) === true;
        withScratch(isShared ? pool.threads * scratch : scratch, (from) => {
          if (isShared) pool.run(module, parts, { scratch: from, bytes: scratch * FLOAT_BYTES });
          else for (const part of parts) part(run, from);
        });
      },
      withScratch,
      view: (from, floats) => new Float32Array(memoryOf(backend).buffer, from, floats),
    };
  }

  /** Registers a kernel for tfjs' wasm backend, unless it is. */
  register(name: string, kernel: Kernel): void {
    if (isRegistered(name)) return;
    tf.registerKernel({
      kernelName: name,
      backendName: "wasm",
      kernelFunc: ({ inputs, attrs, backend }) =>
        kernel(this.#call(backend as WasmBackend, inputs, attrs ?? {})),
    });
  }
}

function isRegistered(name: string): boolean {
  return (tf.getKernel(name, "wasm") as object | undefined) !== undefined;
}

export const FLOAT_BYTES = 4;
export const sizeOf = (tensor: tf.TensorInfo): number =>
  tensor.shape.reduce((n, size) => n * size, 1);
/** The address so many floats behind another. */
export const floatsFrom = (address: number, floats: number): number =>
  address + FLOAT_BYTES * floats;
