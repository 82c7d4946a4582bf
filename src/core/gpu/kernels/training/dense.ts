import type * as tf from "@tensorflow/tfjs-core";
import type { Part, Work } from "../../threads/cut";
import { multiply, packWork, productNs, productWork } from "../linear";
import { linearScratchFloats } from "../linear.wasm";
import type { Call } from "../register";
import { FLOAT_BYTES, floatsFrom } from "../register";

/** Rows over which a weight's gradient is summed at a time: two operands of this inner size stay near. */
const INNER_ROWS = 256;
/** Floats of such operands that several threads hold at a time: 16 MB. */
const BLOCK_FLOATS = 4 * 2 ** 20;
/** Nanoseconds of one thread to turn a value round, and to add one to a sum over rows. */
const TURN_NS = 1.2;
const ADD_NS = 0.3;
/** Floats of a line of memory: no two threads write to one. */
const LINE = 16;

/** x W^T + b, where W lies as [O, I]. */
export function dense(call: Call): tf.TensorInfo {
  const { backend, inputs, attributes, address } = call;
  const { x, weight, bias } = inputs;
  const starts = attributes as Record<"weight" | "bias" | "O", number>;
  const [N, I] = x!.shape as [number, number];
  const out = backend.makeOutput([N, starts.O], "float32");
  const places = {
    x: address(x),
    weight: floatsFrom(address(weight), starts.weight),
    bias: floatsFrom(address(bias), starts.bias),
    out: address(out),
  };
  multiply(call, "packTransposed", { ...places, N, I, O: starts.O });
  return out;
}

/** Adds all rows [N, O] to one, by columns. */
export function sumWork(
  call: Call,
  { d, sums, N, O }: { d: number; sums: number; N: number; O: number },
): Work {
  return call.cut({ total: O, ns: N * ADD_NS, align: LINE }, ([from, to]) => (run) => {
    const [columns, target] = [floatsFrom(d, from), floatsFrom(sums, from)];
    run("addColumns", columns, target, N, O * FLOAT_BYTES, (to - from) * FLOAT_BYTES);
  });
}

/** Addresses of a layer's way back: from d [N, O] to `out` [N, I], and to the sums of weight and bias. */
export interface WayBack {
  readonly d: number;
  readonly x: number; // [N, I]
  readonly dWeight: number; // [O, I]
  readonly dBias: number; // [O]
  /** Where the weight [O, I] is, or will be packed for d W. */
  readonly packed: number;
  readonly out: number;
  readonly N: number;
  readonly I: number;
  readonly O: number;
  /** Rows of the weight that there are, where d is filled up to whole vectors; default O. */
  readonly outputs?: number;
}

/** Some rows of d turned round [O, rows], and of x packed. */
interface Block {
  readonly row: number;
  readonly rows: number;
  readonly turned: number;
  readonly packed: number;
}

/** Turns the rows of d of a block round, and packs those of x. */
function turnWork({ d, x, I, O }: WayBack, blocks: readonly Block[]): Work {
  const turn = ({ row, rows, turned, packed }: Block): Part => {
    const fromD = floatsFrom(d, row * O);
    return (run) => {
      run("transpose", fromD, O * FLOAT_BYTES, turned, rows * FLOAT_BYTES, rows, O);
      run("packLinear", floatsFrom(x, row * I), 0, packed, rows, I, 0, I);
    };
  };
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  return { parts: blocks.map(turn), ns: rows * (O + I) * TURN_NS };
}

/** Adds d^T x of some blocks to the weight's gradient, by its rows: each is summed in the order of the blocks. */
function weightWork(
  call: Call,
  { dWeight, I, O, outputs = O }: WayBack,
  blocks: readonly Block[],
): Work {
  const inner = blocks.reduce((sum, { rows }) => sum + rows, 0);
  return call.cut({ total: outputs, ns: productNs(inner, I), align: 6 }, ([from, to]) => (run) => {
    for (const { turned, packed, rows } of blocks) {
      const target = floatsFrom(dWeight, from * I);
      run("addLinear", floatsFrom(turned, from * rows), packed, target, to - from, rows, I);
    }
  });
}

const blockFloats = ({ I, O }: WayBack): number =>
  INNER_ROWS * O + linearScratchFloats(INNER_ROWS, I);

/** Blocks at a time: one for one thread, which leaves the nearest memory to it; else as many as may be. */
function countBlocks(way: WayBack, threads: number): number {
  if (threads === 1) return 1;
  const most = Math.max(threads, Math.floor(BLOCK_FLOATS / blockFloats(way)));
  return Math.min(most, Math.ceil(way.N / INNER_ROWS));
}

/** The blocks of some rows, in scratch memory. */
function blocksOf(way: WayBack, first: number, count: number, scratch: number): Block[] {
  const { N, O } = way;
  return Array.from({ length: count }, (_, n) => {
    const row = first + n * INNER_ROWS;
    const turned = floatsFrom(scratch, n * blockFloats(way));
    const packed = floatsFrom(turned, INNER_ROWS * O);
    return { row, rows: Math.min(INNER_ROWS, N - row), turned, packed };
  }).filter(({ rows }) => rows > 0);
}

/** The way back of a layer; `before` is done along with its first works. */
export function runBack(call: Call, way: WayBack, before: readonly Work[]): void {
  const { d, N, I, O, dBias, packed, out } = way;
  const count = countBlocks(way, call.threads);
  call.withScratch(count * blockFloats(way), (scratch) => {
    for (let first = 0; first < N; first += count * INNER_ROWS) {
      const blocks = blocksOf(way, first, count, scratch);
      const bias = first === 0 ? [...before, sumWork(call, { d, sums: dBias, N, O })] : [];
      call.share([...bias, turnWork(way, blocks)]);
      const isLast = first + count * INNER_ROWS >= N;
      const product = { x: d, packed, out, N, I: O, O: I };
      const input = isLast ? [productWork(call, product)] : [];
      call.share([weightWork(call, way, blocks), ...input]);
    }
  });
}

/** The gradient of x [N, I] from that of the result [N, O]; adds those of weight and bias. */
export function denseGradient(call: Call): tf.TensorInfo {
  const { backend, inputs, attributes, address } = call;
  const { x, weight, dWeight, dBias, d } = inputs;
  const starts = attributes as Record<"weight" | "bias", number>;
  const [N, O] = d!.shape as [number, number];
  const I = x!.shape[1]!;
  const out = backend.makeOutput([N, I], "float32");
  call.withScratch(linearScratchFloats(O, I), (packed) => {
    const places = { weight: floatsFrom(address(weight), starts.weight), bias: 0, packed };
    const sums = {
      dWeight: floatsFrom(address(dWeight), starts.weight),
      dBias: floatsFrom(address(dBias), starts.bias),
    };
    const way = { d: address(d), x: address(x), packed, out: address(out), ...sums, N, I, O };
    runBack(call, way, [packWork(call, "packLinear", { ...places, I: O, O: I })]);
  });
  return out;
}
