import * as tf from "@tensorflow/tfjs-core";
import { FUSED } from "../ops";
import type { WasmMemory } from "../web-assembly";
import { wasmApi } from "../web-assembly";
import { assemble } from "./assembler";
import { writeAttention } from "./attention.wasm";
import { linearScratchFloats, writeLinear, writePackLinear } from "./linear.wasm";
import { writeGelu, writeRows } from "./elementwise.wasm";
import { writeLayerNorm } from "./layer-norm.wasm";

/** What our kernels need of tfjs' wasm backend: where tensors lie, and its memory. */
interface WasmBackend {
  readonly dataIdMap: { get(id: object): { memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: "float32"): tf.TensorInfo;
  disposeData(id: object): boolean;
  readonly wasm: {
    readonly asm: Readonly<Record<string, unknown>>;
    readonly wasmMemory?: WasmMemory; // the threaded build makes its memory outside
  };
}

type Functions = Readonly<Record<string, (...values: number[]) => void>>;

/** Code over the memory of each backend that was opened. */
const instances = new WeakMap<object, Functions>();

/** Whether the browser knows relaxed SIMD (Chrome 114, not Node 20). */
export function hasFma(): boolean {
  return wasmApi.validate(assemble([writeLinear(true)], false));
}

function instantiate({ wasm }: WasmBackend): Functions {
  const memory = wasm.wasmMemory ?? (wasm.asm["memory"] as WasmMemory);
  const isShared = !(memory.buffer instanceof ArrayBuffer);
  const fma = hasFma();
  const functions = [
    writeAttention(fma),
    writeLayerNorm(false),
    writeLayerNorm(true),
    writeGelu(fma),
    writeRows(),
    writePackLinear(),
    writeLinear(fma),
  ];
  const module = new wasmApi.Module(assemble(functions, isShared));
  return new wasmApi.Instance(module, { env: { memory } }).exports;
}

/** Our functions on the memory of the current backend. */
function findFunctions(backend: WasmBackend): Functions {
  const known = instances.get(backend);
  if (known !== undefined) return known;
  const functions = instantiate(backend);
  instances.set(backend, functions);
  return functions;
}

interface Call {
  readonly backend: WasmBackend;
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attributes: Readonly<Record<string, number>>;
  readonly address: (tensor: tf.TensorInfo | undefined) => number;
  readonly run: (name: string, ...values: number[]) => void;
}

function isRegistered(name: string): boolean {
  return (tf.getKernel(name, "wasm") as object | undefined) !== undefined;
}

function register(name: string, kernel: (call: Call) => tf.TensorInfo): void {
  if (isRegistered(name)) return;
  tf.registerKernel({
    kernelName: name,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
      const backend = anyBackend as WasmBackend;
      return kernel({
        backend,
        inputs: inputs as Readonly<Record<string, tf.TensorInfo>>,
        attributes: attrs as Readonly<Record<string, number>>,
        address: (tensor) =>
          tensor === undefined ? 0 : backend.dataIdMap.get(tensor.dataId).memoryOffset,
        run: (call, ...values) => findFunctions(backend)[call]!(...values),
      });
    },
  });
}

const FLOAT_BYTES = 4;
const sizeOf = (tensor: tf.TensorInfo): number => tensor.shape.reduce((n, size) => n * size, 1);

function attention({ backend, inputs, attributes, address, run }: Call): tf.TensorInfo {
  const projected = inputs["projected"]!;
  const [B, T, C3] = projected.shape as [number, number, number];
  const H = attributes["headCount"]!;
  const D = C3 / 3 / H;
  const out = backend.makeOutput([B, T, C3 / 3], "float32");
  const scratch = backend.makeOutput([D + 2, Math.ceil(T / 4) * 4], "float32");
  const sizes = [B, T, H, D, D ** -0.5];
  const addresses = [projected, inputs["bias"], out, scratch].map(address);
  run("attention", ...addresses, ...sizes);
  backend.disposeData(scratch.dataId);
  return out;
}

function layerNorm({ backend, inputs, attributes, address, run }: Call): tf.TensorInfo {
  const { x, y, weight, bias } = inputs;
  const [N, C] = x!.shape as [number, number];
  const out = backend.makeOutput([N, C], "float32");
  const shared = [address(out), address(weight), address(bias), N, C * FLOAT_BYTES, 1 / C];
  const values = [...shared, attributes["epsilon"]!];
  if (y === undefined) run("layerNorm", address(x), ...values);
  else run("addAndNorm", address(x), address(y), sizeOf(y) * FLOAT_BYTES, ...values);
  return out;
}

function linear({ backend, inputs, address, run }: Call): tf.TensorInfo {
  const { x, weight, bias } = inputs;
  const N = x!.shape[0]!;
  const [I, O] = weight!.shape as [number, number];
  const out = backend.makeOutput([N, O], "float32");
  const scratch = backend.makeOutput([linearScratchFloats(I, O)], "float32");
  run("packLinear", address(weight), address(bias), address(scratch), I, O);
  run("linear", address(x), address(scratch), address(out), N, I, O);
  backend.disposeData(scratch.dataId);
  return out;
}

function gelu({ backend, inputs, address, run }: Call): tf.TensorInfo {
  const x = inputs["x"]!;
  const out = backend.makeOutput(x.shape, "float32");
  run("gelu", address(x), address(out), sizeOf(x) * FLOAT_BYTES);
  return out;
}

function rows({ backend, inputs, address, run }: Call): tf.TensorInfo {
  const { table, numbers } = inputs;
  const [N] = numbers!.shape as [number];
  const C = table!.shape[1]!;
  const out = backend.makeOutput([N, C], "float32");
  run("rows", address(table), address(numbers), address(out), N, C * FLOAT_BYTES);
  return out;
}

/**
 * Registers our fused kernels for tfjs' wasm backend; they need SIMD. They are for the forward pass:
 * no gradients. tfjs multiplies batches of small matrices (attention) twelve times slower than one large
 * matrix, and its erf takes longer than the product before it.
 * @param multiplies whether ours also takes the products of whole layers: without threads, and with one
 *   instruction for multiply and add, it is 1.5 times as fast as the library's
 */
export function installWasmKernels({ multiplies }: { multiplies: boolean }): void {
  register(FUSED.attention, attention);
  register(FUSED.layerNorm, layerNorm);
  register(FUSED.gelu, gelu);
  register(FUSED.rows, rows);
  if (multiplies) register(FUSED.linear, linear);
  else if (isRegistered(FUSED.linear)) tf.unregisterKernel(FUSED.linear, "wasm");
}
