import { FootfallError } from "../errors";
import { createRandom, shuffle, type Random } from "../random";
import { maskHashes, IGNORED } from "../token/masking";
import { NO_HOUR } from "../data/hours";
import type { Corpus } from "../token/read-shards";
import type { Sequences } from "../token/sequences";
import { piecesEnd } from "../token/extras";
import { RowWriter, tokensAround, tokensBefore } from "../token/rows";
import { PAD } from "../token/tokeniser";
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

/** What the lengths of rows follow from. */
type Lengths = Pick<Corpus, "offsets"> & Partial<Pick<Corpus, "starts" | "extras">>;

/** Tokens of each trajectory with all that stands around its pieces, at most `maxLength`. */
function rowLengths({ offsets, starts, extras }: Lengths, maxLength: number): Uint32Array {
  const [around, before] = [tokensAround(extras), tokensBefore(extras)];
  return Uint32Array.from({ length: offsets.length - 1 }, (_, k) => {
    const [from, to] = [offsets[k]!, offsets[k + 1]!];
    let length = to - from + around;
    if (before > 0) for (let at = from; at < to; at++) length += before * starts![at]!;
    return Math.min(length, maxLength);
  });
}

/**
 * The order of one epoch: the rows of each step, of nearly equal length. Rows are shuffled, cut into pools,
 * sorted by length inside a pool, so that padding is small; the order depends on seed and epoch alone. A few
 * rows that fill no step are left out, other ones each time. Throws "no-data" where no step is filled.
 */
export function planEpoch(
  corpus: Lengths,
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
 * Begin and end of at most `room` tokens of a trajectory, never through a hash: all of it, or a window that
 * starts at a random hash, at the first where no chance is given.
 * @param before tokens that each hash takes besides its pieces
 */
function cutWindow(
  { offsets, starts }: Corpus,
  row: number,
  { room, before, random }: { room: number; before: number; random: Random | undefined },
): [from: number, to: number] {
  const [first, last] = [offsets[row]!, offsets[row + 1]!];
  if (before === 0 && last - first <= room) return [first, last];
  const hashes: number[] = [];
  for (let at = first; at < last; at++) if (starts[at] === 1) hashes.push(at);
  /** Where hash i stands in a row of the whole trajectory. */
  const placeOf = (i: number): number => (hashes[i] ?? last) + i * before;
  const end = placeOf(hashes.length);
  if (end - first <= room) return [first, last];
  const fitting = Math.max(1, hashes.findLastIndex((_, i) => placeOf(i) <= end - room) + 1);
  const from = random === undefined ? 0 : random.integer(fitting);
  const isInside = (i: number): boolean => i > from && placeOf(i) <= placeOf(from) + room;
  const to = Array.from({ length: hashes.length + 1 }, (_, i) => i).findLast(isInside);
  const begin = hashes[from] ?? first;
  return [begin, to === undefined ? begin + room - before : (hashes[to] ?? last)];
}

/** One row of tokens with the hours of the week of its check-ins, where they are known. */
export interface TimedSequence extends Sequences {
  readonly hours: Uint8Array | undefined; // [T]
}

/** How a row is read. */
export interface ReadOptions {
  readonly maxLength: number;
  /** Where a long trajectory's window begins; default at its first check-in. */
  readonly random?: Random;
  /** Without the vocabulary's extra tokens; default with them. */
  readonly isBare?: boolean;
}

/** One trajectory, or a window of it, as [CLS] pieces [SEP] with the extra tokens of its vocabulary. */
export function readSequence(
  corpus: Corpus,
  row: number,
  { maxLength, random, isBare = false }: ReadOptions,
): TimedSequence {
  const extras = isBare ? undefined : corpus.extras;
  const room = maxLength - tokensAround(extras);
  const [from, to] = cutWindow(corpus, row, { room, before: tokensBefore(extras), random });
  const writer = new RowWriter(extras, corpus.users?.[row]);
  for (let at = from, cell = -1; at < to; at++) {
    if (corpus.starts[at] === 1 || cell < 0) writer.begin(++cell, corpus.hours?.[at]);
    writer.piece(corpus.tokens[at]!);
  }
  const { tokens, cellOf, hours } = writer.close();
  return {
    tokens: Uint32Array.from(tokens),
    T: tokens.length,
    lengths: Uint16Array.of(tokens.length),
    cellOf: Int16Array.from(cellOf),
    hours: corpus.hours && Uint8Array.from(hours),
    lostCheckIns: 0,
    lostShare: 0,
  };
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
 * Share of the training rows that are read without the extra tokens of their vocabulary, so that the model can be
 * asked about cells alone, and where nobody knows people or hours.
 */
const BARE_SHARE = 0.1;

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
  const isBare =
    corpus.extras !== undefined && createRandom(seed, "bare", ...names).uniform() < BARE_SHARE;
  const sequence = readSequence(corpus, row, { maxLength, random: window, isBare });
  const pieces = piecesEnd({ extras: corpus.extras, vocabularySize });
  const masked = maskHashes(sequence, { random, vocabularySize: pieces, rate, replace, reveal });
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
