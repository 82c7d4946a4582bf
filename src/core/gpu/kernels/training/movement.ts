import type * as tf from "@tensorflow/tfjs-core";
import type { Call } from "../register";
import { FLOAT_BYTES, floatsFrom, sizeOf } from "../register";

/** Nanoseconds of one thread to read three values and write their sum, or to add one to another. */
const EMBED_NS = 0.5;
const ADD_NS = 0.5;
/** Floats of a line of memory: no two threads write to one. */
const LINE = 16;

/** Addresses of the tables of words, positions and types. */
function findTables({ inputs, attributes, address }: Call): number[] {
  return ["words", "positions", "types"].map((name) =>
    floatsFrom(address(inputs[name]), attributes[name]!),
  );
}

/** The sum of the rows of word, position and type of each token: [N, C]. */
export function embed(call: Call): tf.TensorInfo {
  const { backend, inputs, attributes, address } = call;
  const { tokens } = inputs;
  const { C, T } = attributes as Record<"C" | "T", number>;
  const N = sizeOf(tokens!);
  const out = backend.makeOutput([N, C], "float32");
  const tables = findTables(call);
  const [tokensAt, outAt] = [address(tokens), address(out)];
  const work = call.cut({ total: N, ns: C * EMBED_NS }, ([from, to]) => (run) => {
    const target = floatsFrom(outAt, from * C);
    const sizes = [to - from, T, C * FLOAT_BYTES, from % T];
    run("embed", floatsFrom(tokensAt, from), ...tables, target, ...sizes);
  });
  call.share([work]);
  return out;
}

/** Adds the gradient [N, C] to those of the tables, by columns: rows are added in their order. */
export function embedGradient(call: Call): tf.TensorInfo[] {
  const { inputs, attributes, address } = call;
  const { d, tokens } = inputs;
  const T = attributes["T"]!;
  const [N, C] = d!.shape as [number, number];
  const [dAt, tokensAt] = [address(d), address(tokens)];
  const [words, positions, types] = findTables(call) as [number, number, number];
  const rowBytes = C * FLOAT_BYTES;
  const what = { total: C, ns: N * 3 * ADD_NS, align: LINE };
  const work = call.cut(what, ([first, end]) => (run) => {
    const from = floatsFrom(dAt, first);
    const table = (place: number): number => floatsFrom(place, first);
    const bytes = (end - first) * FLOAT_BYTES;
    run("addRows", from, tokensAt, table(words), N, rowBytes, bytes, 1);
    run("addRows", from, 0, table(positions), N, rowBytes, bytes, T);
    run("addColumns", from, table(types), N, rowBytes, bytes);
  });
  call.share([work]);
  return [];
}

/** Rows [M, C] at their numbers among N rows of zeros. */
export function putRows(call: Call): tf.TensorInfo {
  const { backend, inputs, attributes, address, view } = call;
  const { d, numbers } = inputs;
  const [M, C] = d!.shape as [number, number];
  const out = backend.makeOutput([attributes["N"]!, C], "float32");
  const [from, numbersAt, to] = [address(d), address(numbers), address(out)];
  view(to, sizeOf(out)).fill(0);
  const work = call.cut({ total: C, ns: M * ADD_NS, align: LINE }, ([first, end]) => (run) => {
    const [source, target] = [floatsFrom(from, first), floatsFrom(to, first)];
    const bytes = (end - first) * FLOAT_BYTES;
    run("addRows", source, numbersAt, target, M, C * FLOAT_BYTES, bytes, 1);
  });
  call.share([work]);
  return out;
}
