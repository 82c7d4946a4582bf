import type * as tf from "@tensorflow/tfjs-core";
import { FUSED } from "../ops";
import { writeAttention } from "./attention.wasm";
import { attend } from "./attention";
import { linear } from "./linear";
import { writeLinear, writePackLinear } from "./linear.wasm";
import { writeGelu, writeRows } from "./elementwise.wasm";
import { writeLayerNorm } from "./layer-norm.wasm";
import type { Call } from "./register";
import { FLOAT_BYTES, KernelLibrary, floatsFrom, sizeOf } from "./register";

const LIBRARY = new KernelLibrary((fma) => [
  writeAttention(fma),
  writeLayerNorm(false),
  writeLayerNorm(true),
  writeGelu(fma),
  writeRows(),
  writePackLinear(),
  writeLinear(fma),
]);

/** Nanoseconds of one thread for a value. */
const NORM_NS = 1;
const GELU_NS = 0.8;
const COPY_NS = 0.2;

type Three = [number, number, number];

function layerNorm(call: Call): tf.TensorInfo {
  const { backend, inputs, attributes, address } = call;
  const { x, y, weight, bias } = inputs;
  const [N, C] = x!.shape as [number, number];
  const out = backend.makeOutput([N, C], "float32");
  const rows = y?.shape[0] ?? N;
  const [xAt, yAt, outAt] = [x, y, out].map(address) as Three;
  const scale = [weight, bias].map(address);
  const what = { total: N, ns: C * NORM_NS, align: rows < N ? rows : 1 }; // y begins again in every part
  const work = call.cut(what, ([from, to]) => (run) => {
    const rest = [to - from, C * FLOAT_BYTES, 1 / C, attributes["epsilon"]!];
    const [xFrom, outFrom] = [xAt, outAt].map((place) => floatsFrom(place, from * C)) as [
      number,
      number,
    ];
    if (y === undefined) return run("layerNorm", xFrom, outFrom, ...scale, ...rest);
    const yFrom = floatsFrom(yAt, (from % rows) * C);
    run("addAndNorm", xFrom, yFrom, rows * C * FLOAT_BYTES, outFrom, ...scale, ...rest);
  });
  call.share([work]);
  return out;
}

function gelu(call: Call): tf.TensorInfo {
  const x = call.inputs["x"]!;
  const out = call.backend.makeOutput(x.shape, "float32");
  const places = [x, out].map(call.address);
  const work = call.cut({ total: sizeOf(x), ns: GELU_NS, align: 4 }, ([from, to]) => (run) => {
    run("gelu", ...places.map((place) => floatsFrom(place, from)), (to - from) * FLOAT_BYTES);
  });
  call.share([work]);
  return out;
}

function rows(call: Call): tf.TensorInfo {
  const { table, numbers } = call.inputs;
  const [N] = numbers!.shape as [number];
  const C = table!.shape[1]!;
  const out = call.backend.makeOutput([N, C], "float32");
  const [tableAt, numbersAt, outAt] = [table, numbers, out].map(call.address) as Three;
  const work = call.cut({ total: N, ns: C * COPY_NS }, ([from, to]) => (run) => {
    const places = [floatsFrom(numbersAt, from), floatsFrom(outAt, from * C)];
    run("rows", tableAt, ...places, to - from, C * FLOAT_BYTES);
  });
  call.share([work]);
  return out;
}

/**
 * Registers our fused kernels for tfjs' wasm backend; they need SIMD. They are for the forward pass alone
 * (training: ./training/install.ts). tfjs multiplies batches of small matrices (attention) twelve times slower
 * than one large matrix, and its erf takes longer than the product before it. One large matrix it multiplies as
 * fast as ours without fused multiply-add, but on one thread, and with other bits.
 */
export function installWasmKernels(): void {
  LIBRARY.register(FUSED.attention, (call) => attend(call, 0));
  LIBRARY.register(FUSED.causalAttention, (call) => attend(call, 1));
  LIBRARY.register(FUSED.layerNorm, layerNorm);
  LIBRARY.register(FUSED.gelu, gelu);
  LIBRARY.register(FUSED.rows, rows);
  LIBRARY.register(FUSED.linear, linear);
}
