import type * as tf from "@tensorflow/tfjs-core";
import type { Call } from "../register";
import { FLOAT_BYTES, floatsFrom } from "../register";

/** Nanoseconds of one thread for a value: forward and back, and of the sums over rows. */
const NORM_NS = 1;
const SUM_NS = 0.6;
/** Floats of a line of memory: no two threads write to one. */
const LINE = 16;

/** Layer normalisation, the values before weight and bias, and one over the standard deviations. */
export function norm(call: Call): tf.TensorInfo[] {
  const { backend, inputs, attributes, address } = call;
  const { x, y, flat } = inputs;
  const { weight, bias, epsilon } = attributes as Record<"weight" | "bias" | "epsilon", number>;
  const [N, C] = x!.shape as [number, number];
  const outputs = [[N, C], [N, C], [N]].map((shape) => backend.makeOutput(shape, "float32"));
  const scale = [weight, bias].map((start) => floatsFrom(address(flat), start));
  const [matrices, scales] = [[x, y, outputs[0], outputs[1]].map(address), address(outputs[2])];
  const work = call.cut({ total: N, ns: C * NORM_NS }, ([from, to]) => (run) => {
    const rows = matrices.map((place) => (place === 0 ? 0 : floatsFrom(place, from * C)));
    const rest = [to - from, C * FLOAT_BYTES, 1 / C, epsilon];
    run("keepNorm", ...rows, floatsFrom(scales, from), ...scale, ...rest);
  });
  call.share([work]);
  return outputs;
}

/** From the gradient of the result [N, C] to that of the input; adds those of weight and bias. */
export function normGradient(call: Call): tf.TensorInfo {
  const { backend, inputs, attributes, address } = call;
  const { d, normal, scales, flat, gradients } = inputs;
  const { weight, bias } = attributes as Record<"weight" | "bias", number>;
  const [N, C] = d!.shape as [number, number];
  const out = backend.makeOutput([N, C], "float32");
  const rowBytes = C * FLOAT_BYTES;
  const [dAt, normalAt, scalesAt, outAt, to] = [d, normal, scales, out, gradients].map(address) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const scale = floatsFrom(address(flat), weight);
  const input = call.cut({ total: N, ns: C * NORM_NS }, ([first, end]) => (run) => {
    const [dFrom, normalFrom, outFrom] = [dAt, normalAt, outAt].map((place) =>
      floatsFrom(place, first * C),
    ) as [number, number, number];
    const places = [dFrom, normalFrom, floatsFrom(scalesAt, first), scale, outFrom];
    run("normGradient", ...places, end - first, rowBytes, 1 / C);
  });
  const what = { total: C, ns: N * SUM_NS, align: LINE };
  const sums = call.cut(what, ([first, end]) => (run) => {
    const places = [dAt, normalAt].map((place) => floatsFrom(place, first));
    const targets = [weight, bias].map((start) => floatsFrom(to, start + first));
    run("normSums", ...places, ...targets, N, rowBytes, (end - first) * FLOAT_BYTES);
  });
  call.share([input, sums]);
  return out;
}
