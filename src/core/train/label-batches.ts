import * as tf from "@tensorflow/tfjs-core";
import { paddedCount, paddedLength } from "../model/batches";
import { NO_HOUR } from "../data/hours";
import type { BertConfig } from "../model/config";
import type { LabelTask, Pooling, TargetScale } from "../model/label-model";
import { createRandom, shuffle } from "../random";
import { PAD } from "../token/tokeniser";
import type { EncoderRows } from "./encoder";
import type { AskedRows, LabelledRows } from "./labelled-rows";
import { secondPart, splitPairs, widthOf } from "./labelled-rows";
import type { LabelRows } from "./objectives/labels";

/** Steps whose rows are sorted by length among themselves. */
const POOL_STEPS = 16;

/**
 * The order of one epoch: the rows of each step, of nearly equal length. Shuffled, cut into pools, sorted by
 * length inside a pool; all rows are used, so that one step may be smaller. Follows from seed and epoch alone.
 */
export function planLabelEpoch(
  sequences: readonly Int32Array[],
  { batch, seed }: { readonly batch: number; readonly seed: number },
  epoch: number,
): Uint32Array[] {
  const random = createRandom(seed, "adapt", epoch);
  const order = shuffle(Uint32Array.from(sequences.keys()), random);
  const steps: Uint32Array[] = [];
  for (let from = 0; from < order.length; from += batch * POOL_STEPS) {
    const pool = order.slice(from, from + batch * POOL_STEPS);
    pool.sort((a, b) => sequences[a]!.length - sequences[b]!.length || a - b);
    for (let n = 0; n < pool.length; n += batch) steps.push(pool.slice(n, n + batch));
  }
  return shuffle(steps, random);
}

/** Multiplications of one layer that a pass may take on the processor: it must end within some 50 ms. */
const OPERATIONS_AT_ONCE = 4e8;
/** The same on a graphics card, in tokens. */
const GPU_TOKENS = 16_384;
/** Tokens at most: what is kept for the way back must fit the memory. */
const MOST_TOKENS = 2048;

/** Tokens of one pass. */
function tokensAtOnce({ width: C, innerWidth: F }: BertConfig): number {
  if (tf.getBackend() === "webgpu") return GPU_TOKENS;
  return Math.min(MOST_TOKENS, OPERATIONS_AT_ONCE / (4 * C * C + 2 * C * F));
}

/** Few lengths, and multiples of 4 where they can be, for the kernels. */
function lengthOf(tokens: Int32Array, { maxPositions }: BertConfig): number {
  const length = paddedLength(tokens.length, maxPositions);
  return Math.min(4 * Math.ceil(length / 4), maxPositions);
}

/** Rows as the encoder reads them: as they are, or both parts of each pair alone, one behind the other. */
export interface ReadRows extends AskedRows {
  /** Sequences of a row: those of row n begin at n * each. */
  readonly each: 1 | 2;
}

/** Rows as a head with this pooling has them read. Throws "bad-input" for a row of one part where pairs are compared. */
export const toReadRows = (asked: AskedRows, pooling: Pooling): ReadRows =>
  pooling === "pair" ? { ...splitPairs(asked), each: 2 } : { ...asked, each: 1 };

/** Numbers of the sequences of some rows. */
const sequencesOf = (rows: readonly number[], each: number): number[] =>
  rows.flatMap((row) => Array.from({ length: each }, (_, part) => row * each + part));

/** Rows of one padded length that go through the model together. */
export interface LabelPass {
  readonly T: number;
  readonly rows: readonly number[];
}

/** Puts rows together by length, as many in a pass as fit. */
export function planLabelPasses(
  { sequences, each }: Pick<ReadRows, "sequences" | "each">,
  rows: Iterable<number>,
  config: BertConfig,
): LabelPass[] {
  const byLength = new Map<number, number[]>();
  for (const row of rows) {
    const lengths = sequencesOf([row], each).map((n) => lengthOf(sequences[n]!, config));
    const T = Math.max(...lengths);
    const known = byLength.get(T);
    if (known === undefined) byLength.set(T, [row]);
    else known.push(row);
  }
  return [...byLength].flatMap(([T, members]) => {
    const count = Math.ceil((members.length * each * T) / tokensAtOnce(config));
    const size = 4 * Math.ceil(members.length / count / 4);
    return Array.from({ length: Math.ceil(members.length / size) }, (_, n) => ({
      T,
      rows: members.slice(n * size, (n + 1) * size),
    }));
  });
}

/** 1 behind the first [SEP], as Hugging Face's tokenisers number the parts of a pair. */
function writeTypes(tokens: Int32Array, types: Int32Array, from: number): boolean {
  const second = secondPart(tokens);
  if (second === undefined) return false;
  types.fill(1, from + second, from + tokens.length);
  return true;
}

/** The sequences of a pass's rows side by side, [PAD] behind the shorter ones; filled up to whole vectors with the first. */
export function toEncoderRows(
  { sequences, hours, each }: ReadRows,
  { T, rows }: LabelPass,
): EncoderRows {
  const numbers = sequencesOf(rows, each);
  const B = each * 4 * Math.ceil(paddedCount(rows.length) / 4);
  const tokens = new Int32Array(B * T).fill(PAD);
  const types = new Int32Array(B * T);
  const times = hours && new Int32Array(B * T).fill(NO_HOUR);
  let isPair = false;
  for (let b = 0; b < B; b++) {
    const row = numbers[b] ?? numbers[b % each]!;
    const sequence = sequences[row]!;
    tokens.set(sequence, b * T);
    times?.set(hours![row]!, b * T);
    isPair = writeTypes(sequence, types, b * T) || isPair;
  }
  return { tokens, types: isPair ? types : undefined, hours: times, B, T };
}

/** A pass with its labels; each row counts `weight`. */
export function toLabelRows(
  asked: ReadRows & Pick<LabelledRows, "labels">,
  pass: LabelPass,
  weight: number,
  task: LabelTask,
  scale: TargetScale | undefined,
): LabelRows {
  const rows = toEncoderRows(asked, pass);
  const B = rows.B / asked.each;
  const width = widthOf(task);
  const label = (n: number): number => {
    const [row, d] = [pass.rows[Math.floor(n / width)] ?? pass.rows[0]!, n % width];
    const value = asked.labels[row * width + d]!;
    return scale === undefined ? value : (value - scale.means[d]!) / scale.deviations[d]!;
  };
  const count = { length: B * width };
  return {
    ...rows,
    weights: new Float32Array(B).fill(weight, 0, pass.rows.length),
    labels:
      task.kind === "classes"
        ? { kind: "classes", values: Int32Array.from(count, (_, n) => label(n)) }
        : { kind: "targets", values: Float32Array.from(count, (_, n) => label(n)) },
  };
}
