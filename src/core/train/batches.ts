import { FootfallError } from "../errors";
import { createRandom, shuffle, type Random } from "../random";
import { maskHashes, IGNORED } from "../token/masking";
import { NO_HOUR } from "../data/hours";
import type { Corpus } from "../token/read-shards";
import type { Sequences } from "../token/sequences";
import { CLS, PAD, SEP } from "../token/tokeniser";
import type { PretrainConfig } from "./config";
import type { MaskedRows } from "./objectives/masked";

/** Lengths that the rows of a pass are padded to: few, and multiples of 8. */
const LENGTHS = [16, 32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512];

/** Masked places of a pass are filled up to one of eight numbers an octave, and to a multiple of this. */
const PLACES = 16;

/** Steps whose trajectories are sorted by length among themselves. */
const POOL_STEPS = 64;

export function countRows({ offsets }: Corpus): number {
  return offsets.length - 1;
}

/** Tokens of each trajectory with [CLS] and [SEP], at most `maxLength`. */
function rowLengths({ offsets }: Pick<Corpus, "offsets">, maxLength: number): Uint32Array {
  return Uint32Array.from({ length: offsets.length - 1 }, (_, k) =>
    Math.min(offsets[k + 1]! - offsets[k]! + 2, maxLength),
  );
}

/**
 * The order of one epoch: the rows of each step, of nearly equal length. Rows are shuffled, cut into pools,
 * sorted by length inside a pool, so that padding is small; the order depends on seed and epoch alone. A few
 * rows that fill no step are left out, other ones each time. Throws "no-data" where no step is filled.
 */
export function planEpoch(
  corpus: Pick<Corpus, "offsets">,
  {
    batch,
    accumulation,
    maxLength,
    seed,
  }: Pick<PretrainConfig, "batch" | "accumulation" | "maxLength" | "seed">,
  epoch: number,
): Uint32Array[] {
  const lengths = rowLengths(corpus, maxLength);
  const size = batch * accumulation;
  if (lengths.length < size) {
    throw new FootfallError(
      "no-data",
      `${lengths.length} training trajectories do not fill one step of ${size}; choose a smaller batch`,
    );
  }
  const random = createRandom(seed, "epoch", epoch);
  const order = shuffle(Uint32Array.from(lengths.keys()), random);
  const steps: Uint32Array[] = [];
  for (let from = 0; from + size <= order.length; from += size * POOL_STEPS) {
    const pool = order.slice(from, from + size * POOL_STEPS);
    pool.sort((a, b) => lengths[a]! - lengths[b]! || a - b);
    const whole = Math.floor(pool.length / size);
    const skip = random.integer(pool.length - whole * size + 1);
    const groups = Array.from({ length: whole }, (_, n) =>
      pool.slice(skip + n * size, skip + (n + 1) * size),
    );
    steps.push(...shuffle(groups, random));
  }
  return steps;
}

/**
 * Begin and end of at most `room` pieces of a trajectory, never through a hash: all of it, or a window that
 * starts at a random hash, at the first where no chance is given.
 */
function cutWindow(
  { offsets, starts }: Corpus,
  row: number,
  room: number,
  random: Random | undefined,
): [from: number, to: number] {
  const [first, last] = [offsets[row]!, offsets[row + 1]!];
  if (last - first <= room) return [first, last];
  const hashes: number[] = [];
  for (let at = first; at < last; at++) if (starts[at] === 1) hashes.push(at);
  const latest = last - room;
  const fitting = Math.max(1, hashes.findLastIndex((at) => at <= latest) + 1);
  const from = random === undefined ? first : hashes[random.integer(fitting)]!;
  const stops = [...hashes, last].filter((at) => at > from && at <= from + room);
  return [from, stops.at(-1) ?? from + room];
}

/** One row of tokens with the hours of the week of its check-ins, where they are known. */
export interface TimedSequence extends Sequences {
  readonly hours: Uint8Array | undefined; // [T]
}

/** One trajectory, or a window of it, as [CLS] pieces [SEP]. */
export function readSequence(
  corpus: Corpus,
  row: number,
  maxLength: number,
  random?: Random,
): TimedSequence {
  const [from, to] = cutWindow(corpus, row, maxLength - 2, random);
  const T = to - from + 2;
  const tokens = new Uint32Array(T);
  tokens.set(corpus.tokens.subarray(from, to), 1);
  tokens[0] = CLS;
  tokens[T - 1] = SEP;
  const cellOf = new Int16Array(T).fill(-1);
  for (let at = from, cell = -1; at < to; at++) {
    if (corpus.starts[at] === 1 || cell < 0) cell++;
    cellOf[at - from + 1] = cell;
  }
  const hours = corpus.hours && new Uint8Array(T).fill(NO_HOUR);
  hours?.set(corpus.hours!.subarray(from, to), 1);
  const lengths = Uint16Array.of(T);
  return { tokens, T, lengths, cellOf, hours, lostCheckIns: 0, lostShare: 0 };
}

/** One row, masked. */
export interface MaskedSequence {
  readonly tokens: ArrayLike<number>;
  /** The true token at masked places, `IGNORED` elsewhere. */
  readonly labels: Int32Array;
  /** Hours of the week, `NO_HOUR` for none; undefined where they are not known. */
  readonly hours?: Uint8Array | undefined;
}

/**
 * A row of an epoch, masked. Window and masks depend on seed, epoch and row alone, so that batches of any size,
 * and a run that goes on later, see the same.
 */
export function maskTrainingRow(
  corpus: Corpus,
  row: number,
  epoch: number,
  config: PretrainConfig,
  vocabularySize: number,
): MaskedSequence {
  const { seed, masks, maskRate: rate, replace, reveal, maxLength } = config;
  const names = masks === "fresh" ? [epoch, row] : [row];
  const window = createRandom(seed, "window", ...names);
  const random = createRandom(seed, "mask", ...names);
  const sequence = readSequence(corpus, row, maxLength, window);
  const masked = maskHashes(sequence, { random, vocabularySize, rate, replace, reveal });
  return { ...masked, hours: sequence.hours };
}

/** The padded length for rows of at most `longest` tokens. */
function paddedLength(longest: number, maxLength: number): number {
  return Math.min(LENGTHS.find((length) => length >= longest) ?? maxLength, maxLength);
}

/**
 * Places that are run for so many masked ones. Few shapes: the WebGPU backend pools buffers by exact size and
 * never shrinks, and scores over the vocabulary are large.
 */
export function paddedPlaces(count: number): number {
  const step = Math.max(PLACES, 2 ** Math.floor(Math.log2(Math.max(1, count))) / 8);
  return Math.max(PLACES, Math.ceil(count / step) * step);
}

/** Masked places in all. */
export function countMasked(rows: readonly MaskedSequence[]): number {
  return rows.reduce(
    (sum, { labels }) => labels.reduce((n, label) => n + (label === IGNORED ? 0 : 1), sum),
    0,
  );
}

/**
 * Rows of one pass side by side, [PAD] behind the shorter ones.
 * @param weight how much each masked place counts
 */
export function toMaskedRows(
  rows: readonly MaskedSequence[],
  weight: number,
  maxLength: number,
): MaskedRows {
  const longest = rows.reduce((most, { tokens }) => Math.max(most, tokens.length), 0);
  const [B, T] = [rows.length, paddedLength(longest, maxLength)];
  const tokens = new Int32Array(B * T).fill(PAD);
  const hours = rows.every((row) => row.hours) ? new Int32Array(B * T).fill(NO_HOUR) : undefined;
  const count = countMasked(rows);
  const M = paddedPlaces(count);
  const [places, labels] = [new Int32Array(M), new Int32Array(M)];
  let m = 0;
  rows.forEach((row, b) => {
    tokens.set(row.tokens, b * T);
    hours?.set(row.hours!, b * T);
    row.labels.forEach((label, t) => {
      if (label === IGNORED) return;
      places[m] = b * T + t;
      labels[m++] = label;
    });
  });
  return {
    tokens,
    hours,
    B,
    T,
    places,
    labels,
    weights: new Float32Array(M).fill(weight, 0, count),
  };
}
