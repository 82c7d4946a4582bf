import { FootfallError } from "../errors";
import { NO_HOUR } from "../data/hours";
import type { BertConfig } from "../model/config";
import { checkTokens } from "../model/bert";
import type { LabelTask, TargetScale } from "../model/label-model";
import type { CellPieces } from "../token/tokeniser";
import { CLS, SEP } from "../token/tokeniser";
import { countFitting } from "../token/sequences";

/** Rows of tokens that a model is asked about. */
export interface AskedRows {
  /** [CLS] pieces [SEP] each, or [CLS] A [SEP] B [SEP]; not padded. */
  readonly sequences: readonly Int32Array[]; // [N]
  /** Hours of the week of the tokens (`toHours`), for a model that knows times; default none. */
  readonly hours?: readonly Int32Array[] | undefined; // [N]
}

/** Rows that a model is adapted to, or tried on. */
export interface LabelledRows extends AskedRows {
  /** Class numbers [N], or targets in their own unit, row-major [N, D]. */
  readonly labels: ArrayLike<number>;
}

function piecesOf(
  { offsets, tokens }: CellPieces,
  cells: ArrayLike<number>,
  room: number,
): number[] {
  const [checkIns] = countFitting(cells, offsets, room);
  const pieces: number[] = [];
  for (let n = 0; n < checkIns; n++) {
    pieces.push(...tokens.subarray(offsets[cells[n]!], offsets[cells[n]! + 1]));
  }
  return pieces;
}

/** [CLS] pieces [SEP] of a cell (a list of one) or a trajectory; what does not fit is cut off, never through a hash. */
export function toSequence(
  pieces: CellPieces,
  cells: ArrayLike<number>,
  maxPositions: number,
): Int32Array {
  return Int32Array.of(CLS, ...piecesOf(pieces, cells, maxPositions - 2), SEP);
}

/**
 * The hours of the week of the tokens that `toSequence` makes of these cells.
 * @param hours of each check-in
 */
export function toHours(
  { offsets }: CellPieces,
  cells: ArrayLike<number>,
  hours: ArrayLike<number>,
  maxPositions: number,
): Int32Array {
  const [checkIns, tokens] = countFitting(cells, offsets, maxPositions - 2);
  const result = new Int32Array(tokens + 2).fill(NO_HOUR);
  for (let n = 0, at = 1; n < checkIns; n++) {
    const end = at + offsets[cells[n]! + 1]! - offsets[cells[n]!]!;
    result.fill(hours[n]!, at, end);
    at = end;
  }
  return result;
}

/**
 * [CLS] A [SEP] B [SEP]. Where both do not fit, each gets half of the room, and what the other leaves: A keeps its
 * end and B its beginning, so that what lies between them stays.
 */
export function toPairSequence(
  pieces: CellPieces,
  [a, b]: readonly [first: ArrayLike<number>, second: ArrayLike<number>],
  maxPositions: number,
): Int32Array {
  const room = maxPositions - 3;
  const lengthOf = (cells: ArrayLike<number>): number =>
    countFitting(cells, pieces.offsets, Infinity)[1];
  const half = Math.floor(room / 2);
  const roomOfA = Math.max(half, room - lengthOf(b));
  const first = lastFitting(pieces, a, roomOfA);
  const second = piecesOf(pieces, b, room - first.length);
  return Int32Array.of(CLS, ...first, SEP, ...second, SEP);
}

/** Where the second part of [CLS] A [SEP] B [SEP] begins; undefined for a row of one part. */
export function secondPart(tokens: Int32Array): number | undefined {
  const second = tokens.indexOf(SEP) + 1;
  return second === 0 || second === tokens.length ? undefined : second;
}

/** A row [CLS] A [SEP] B [SEP] as two of one part each: [CLS] A [SEP] and [CLS] B [SEP]; `start` stands for [CLS]. */
function splitRow(row: Int32Array, second: number, start: number): [Int32Array, Int32Array] {
  return [row.slice(0, second), Int32Array.of(start, ...row.subarray(second))];
}

/**
 * Pairs as two rows of one part each, row n as rows 2n and 2n + 1, for a model that reads the parts apart. Throws
 * "bad-input" for a row of one part.
 */
export function splitPairs({ sequences, hours }: AskedRows): AskedRows {
  const seconds = sequences.map((row, n) => {
    const second = secondPart(row);
    if (second !== undefined) return second;
    throw new FootfallError(
      "bad-input",
      `row ${n} has one part, [CLS] A [SEP]; a head that compares two needs [CLS] A [SEP] B [SEP]`,
    );
  });
  return {
    sequences: sequences.flatMap((row, n) => splitRow(row, seconds[n]!, CLS)),
    hours: hours?.flatMap((row, n) => splitRow(row, seconds[n]!, NO_HOUR)),
  };
}

/** Pieces of the last check-ins that fit into the room. */
function lastFitting(pieces: CellPieces, cells: ArrayLike<number>, room: number): number[] {
  const { offsets } = pieces;
  let [from, used] = [cells.length, 0];
  while (from > 0) {
    used += offsets[cells[from - 1]! + 1]! - offsets[cells[from - 1]!]!;
    if (used > room) break;
    from--;
  }
  return piecesOf(pieces, Array.from(cells).slice(from), room);
}

/** The labels of one row: one class, or D targets. */
export const widthOf = ({ kind, count }: LabelTask): number => (kind === "classes" ? 1 : count);

function checkLabels({ labels }: LabelledRows, task: LabelTask, where: string): void {
  const width = widthOf(task);
  for (let n = 0; n < labels.length; n++) {
    const value = labels[n]!;
    const row = `${where}, row ${Math.floor(n / width)}`;
    if (!Number.isFinite(value)) {
      throw new FootfallError("bad-input", `${row}: the label is ${value}; leave such rows out`);
    }
    if (task.kind === "targets") continue;
    if (Number.isInteger(value) && value >= 0 && value < task.count) continue;
    throw new FootfallError(
      "bad-input",
      `${row}: there is no class ${value}; expected 0 to ${task.count - 1}`,
    );
  }
}

/**
 * Throws "bad-input" for rows without their labels, labels that are no numbers or no classes, and sequences that
 * are too long; "token-out-of-range" for a token that the model does not know.
 */
export function checkRows(
  rows: LabelledRows,
  task: LabelTask,
  config: BertConfig,
  where: string,
): void {
  const { sequences, labels } = rows;
  const expected = sequences.length * widthOf(task);
  if (labels.length !== expected) {
    throw new FootfallError(
      "bad-input",
      `${where}: ${sequences.length} rows need ${expected} labels, found ${labels.length}`,
    );
  }
  checkLabels(rows, task, where);
  checkSequences(rows, config);
}

/** Throws as `checkTokens`, and "bad-input" for an empty row, or one without an hour for each token. */
export function checkSequences({ sequences, hours }: AskedRows, config: BertConfig): void {
  sequences.forEach((tokens, row) => {
    if (tokens.length === 0) throw new FootfallError("bad-input", `row ${row} has no tokens`);
    checkTokens(config, { tokens, B: 1, T: tokens.length });
    if (hours === undefined || hours[row]?.length === tokens.length) return;
    throw new FootfallError(
      "bad-input",
      `row ${row} has ${tokens.length} tokens and ${hours[row]?.length ?? 0} hours`,
    );
  });
}

/**
 * Means and standard deviations of targets. Throws "bad-input" where one is the same in all rows: there would be
 * nothing to learn and nothing to divide by.
 */
export function measureScale({ labels }: LabelledRows, task: LabelTask): TargetScale {
  const D = task.count;
  const N = labels.length / D;
  const means = Array.from({ length: D }, () => 0);
  const squares = Array.from({ length: D }, () => 0);
  for (let n = 0; n < N * D; n++) means[n % D]! += labels[n]! / N;
  for (let n = 0; n < N * D; n++) squares[n % D]! += (labels[n]! - means[n % D]!) ** 2 / N;
  const deviations = squares.map(Math.sqrt);
  const constant = deviations.findIndex((deviation) => deviation <= 1e-12);
  if (constant < 0) return { means, deviations };
  const name = task.names?.[constant] ?? `target ${constant}`;
  throw new FootfallError(
    "bad-input",
    `"${name}" is ${labels[constant]} in all ${N} training rows; choose rows in which it differs`,
  );
}

/** Throws "no-data" without rows, "bad-input" where all rows to learn from have one class. */
export function checkLearnable({ sequences, labels }: LabelledRows, task: LabelTask): void {
  if (sequences.length === 0) {
    throw new FootfallError("no-data", "there are no rows to learn from");
  }
  if (task.kind === "targets") return;
  const first = labels[0]!;
  if (Array.from(labels).some((label) => label !== first)) return;
  const name = task.names?.[first] ?? `class ${first}`;
  throw new FootfallError(
    "bad-input",
    `all ${sequences.length} training rows are "${name}"; at least two classes are needed`,
  );
}
