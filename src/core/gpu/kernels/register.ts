import * as tf from "@tensorflow/tfjs-core";
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

type Functions = Readonly<Record<string, (...values: number[]) => void>>;

/** Whether the browser knows relaxed SIMD (Chrome 114; Node 20 only by a flag). */
export function hasFma(): boolean {
  return wasmApi.validate(assemble([writeLinear(true)], false));
}

function memoryOf({ wasm }: WasmBackend): WasmMemory {
  return wasm.wasmMemory ?? (wasm.asm["memory"] as WasmMemory);
}

/** One call of a kernel: its inputs, and what runs code on their addresses. */
export interface Call {
  readonly backend: WasmBackend;
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attributes: Readonly<Record<string, number>>;
  /** Address of a tensor's values, 0 for none. */
  readonly address: (tensor: tf.TensorInfo | undefined) => number;
  readonly run: (name: string, ...values: number[]) => void;
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
  readonly #instances = new WeakMap<object, Functions>();

  constructor(write: (hasFma: boolean) => readonly WrittenFunction[]) {
    this.#write = write;
  }

  #functions(backend: WasmBackend): Functions {
    const known = this.#instances.get(backend);
    if (known !== undefined) return known;
    const memory = memoryOf(backend);
    const isShared = !(memory.buffer instanceof ArrayBuffer);
    const module = new wasmApi.Module(assemble(this.#write(hasFma()), isShared));
    const functions = new wasmApi.Instance(module, { env: { memory } }).exports;
    this.#instances.set(backend, functions);
    return functions;
  }

  #call(backend: WasmBackend, inputs: object, attributes: object): Call {
    const functions = this.#functions(backend);
    const address: Call["address"] = (tensor) =>
      tensor === undefined ? 0 : backend.dataIdMap.get(tensor.dataId).memoryOffset;
    return {
      backend,
      inputs: inputs as Call["inputs"],
      attributes: attributes as Call["attributes"],
      address,
      run: (name, ...values) => functions[name]!(...values),
      withScratch: (floats, work) => {
        const scratch = backend.makeOutput([floats], "float32");
        work(address(scratch));
        backend.disposeData(scratch.dataId);
      },
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

export function isRegistered(name: string): boolean {
  return (tf.getKernel(name, "wasm") as object | undefined) !== undefined;
}

export const FLOAT_BYTES = 4;
export const sizeOf = (tensor: tf.TensorInfo): number =>
  tensor.shape.reduce((n, size) => n * size, 1);
