import * as tf from "@tensorflow/tfjs-core";
import { FUSED } from "../ops";
import { writeAttention } from "./attention.wasm";
import { linearScratchFloats, writeLinear, writePackLinear } from "./linear.wasm";
import { writeGelu, writeRows } from "./elementwise.wasm";
import { writeLayerNorm } from "./layer-norm.wasm";
import type { Call } from "./register";
import { FLOAT_BYTES, KernelLibrary, isRegistered, sizeOf } from "./register";

const LIBRARY = new KernelLibrary((fma) => [
  writeAttention(fma),
  writeLayerNorm(false),
  writeLayerNorm(true),
  writeGelu(fma),
  writeRows(),
  writePackLinear(),
  writeLinear(fma),
]);

function attend(call: Call, isCausal: 0 | 1): tf.TensorInfo {
  const { backend, inputs, attributes, address, run, withScratch } = call;
  const projected = inputs["projected"]!;
  const [B, T, C3] = projected.shape as [number, number, number];
  const H = attributes["headCount"]!;
  const D = C3 / 3 / H;
  const out = backend.makeOutput([B, T, C3 / 3], "float32");
  withScratch((D + 2) * Math.ceil(T / 4) * 4, (scratch) => {
    const addresses = [address(projected), address(inputs["bias"]), address(out), scratch];
    run("attention", ...addresses, B, T, H, D, H, isCausal, D ** -0.5);
  });
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

function linear({ backend, inputs, address, run, withScratch }: Call): tf.TensorInfo {
  const { x, weight, bias } = inputs;
  const N = x!.shape[0]!;
  const [I, O] = weight!.shape as [number, number];
  const out = backend.makeOutput([N, O], "float32");
  withScratch(linearScratchFloats(I, O), (scratch) => {
    run("packLinear", address(weight), address(bias), scratch, I, O);
    run("linear", address(x), scratch, address(out), N, I, O);
  });
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
 * Registers our fused kernels for tfjs' wasm backend; they need SIMD. They are for the forward pass
 * alone (training: ./training/install.ts). tfjs multiplies batches of small matrices (attention) twelve times slower than one large
 * matrix, and its erf takes longer than the product before it.
 * @param multiplies whether ours also takes the products of whole layers: without threads, and with one
 *   instruction for multiply and add, it is 1.5 times as fast as the library's
 */
export function installWasmKernels({ multiplies }: { multiplies: boolean }): void {
  LIBRARY.register(FUSED.attention, (call) => attend(call, 0));
  LIBRARY.register(FUSED.causalAttention, (call) => attend(call, 1));
  LIBRARY.register(FUSED.layerNorm, layerNorm);
  LIBRARY.register(FUSED.gelu, gelu);
  LIBRARY.register(FUSED.rows, rows);
  if (multiplies) LIBRARY.register(FUSED.linear, linear);
  else if (isRegistered(FUSED.linear)) tf.unregisterKernel(FUSED.linear, "wasm");
}
