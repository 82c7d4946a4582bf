import { takeCells } from "../../geo/cells";
import { FootfallError } from "../../errors";
import { hideCheckIn, type MaskedTarget } from "../../model/masked-target";
import { createRandom, shuffle, type Random } from "../../random";
import { UNK, type CellPieces } from "../../token/tokeniser";
import { countFitting } from "../../token/sequences";
import { toPairSequence, toSequence } from "../../train/labelled-rows";
import { PART, splitByBlock, splitRandomly } from "../cell-splits";
import { allRows } from "../linear-model";
import { drawSample } from "../sample";
import type { Drawable, Item, Labels, Task, TaskData, TaskOptions } from "./types";

/** Examples of the papers: 50,000 (paper 1, A.3.2) and 20,000 a task (paper 2). */
const PAPER_SAMPLES = { 1: 50_000, 2: 20_000 } as const;
/** Fewer than this teach nothing and test nothing. */
const MIN_EXAMPLES = 50;
/** Samples of few-shot learning (paper 1, A.3.2). */
const FEW = 64;

/** The drawn examples of a task, written in tokens: the same for every row of its table. */
export interface Examples {
  readonly count: number; // n
  readonly unit: string;
  /** [CLS] pieces [SEP], or [CLS] A [SEP] B [SEP]; with masks behind the beginning for destinations. */
  readonly sequences: readonly Int32Array[]; // [n]
  /** Hours of the week of the tokens, for models that know times; default none. */
  readonly hours?: readonly Int32Array[] | undefined; // [n]
  readonly labels: Labels; // [n]
  /** The cell that says where each lies. */
  readonly homes: Uint32Array; // [n]
  /** The number of the cell or test trajectory of each. */
  readonly of: Uint32Array; // [n]
  /** The hidden check-in of each, of tasks that ask for cells. */
  readonly masked: readonly MaskedTarget[] | undefined;
  readonly cellsOf: (n: number) => ArrayLike<number>;
  readonly groups: { readonly names: readonly string[]; readonly of: Uint8Array } | undefined;
  readonly hints: Float64Array | undefined; // [n]
  /** How the true answer of an example came to be; undefined where there is nothing to say. */
  readonly explain: ((n: number) => string) | undefined;
  /** How many could have been drawn, and how many times as many the paper has. */
  readonly drawnFrom: number;
  readonly paperFactor: number;
  readonly notes: readonly string[];
}

/** What the examples are drawn with. */
export interface DrawOptions extends TaskOptions {
  readonly samples: number;
  readonly maxPositions: number;
}

/** An example in tokens: one part, or two side by side. */
function writeTokens(pieces: CellPieces, { parts }: Item, maxPositions: number): Int32Array {
  const [first, second] = parts;
  if (second === undefined) return toSequence(pieces, first!, maxPositions);
  return toPairSequence(pieces, [first!, second], maxPositions);
}

/** True where the model can write the example's cells; in a month a stranger among them does no harm. */
function canBeWritten({ offsets, tokens }: CellPieces, cells: ArrayLike<number>): boolean {
  const isKnown = (cell: number): boolean => tokens[offsets[cell]!] !== UNK;
  return Array.from(cells).some(isKnown);
}

/** Throws "bad-input" where there is nothing to tell apart. */
function checkLabels(labels: Labels, title: string): void {
  if (labels.kind === "cells") return;
  if (labels.kind === "classes") {
    const { classes, names } = labels;
    if (classes.some((k) => k !== classes[0])) return;
    throw new FootfallError(
      "bad-input",
      `${title}: all ${classes.length} examples have the same class (${names[classes[0]!]}), there is nothing to tell apart; choose another truth, or one with more classes where these data are`,
    );
  }
  const { targets, names } = labels;
  const D = names.length;
  for (let d = 0; d < D; d++) {
    if (targets.some((value, at) => at % D === d && value !== targets[d])) continue;
    throw new FootfallError(
      "bad-input",
      `${title}: ${names[d]} is ${targets[d]} for all ${targets.length / D} examples, there is nothing to learn; choose another truth, or more examples where few of them differ`,
    );
  }
}

/** The number of the labels of a task. */
export const widthOf = (labels: Labels): number =>
  labels.kind === "numbers" ? labels.names.length : 1;

function checkEnough(count: number, unit: string, title: string): void {
  if (count >= MIN_EXAMPLES) return;
  throw new FootfallError(
    "no-data",
    `${title}: ${count} ${unit} have an answer and can be read by the model, expected at least ${MIN_EXAMPLES}; give a truth that covers more cells, or data of more people`,
  );
}

function toTarget(
  pieces: CellPieces,
  { parts }: Item,
  truth: number,
  maxTokens: number,
): MaskedTarget {
  const cells = [...Array.from(parts[0]!), truth];
  return hideCheckIn(pieces, cells, { target: cells.length - 1, maxTokens });
}

function findUsable({ usable, item, label }: Drawable, pieces: CellPieces): Uint32Array {
  const labels = label(usable);
  return usable.filter((row, i) => {
    const truth = labels.kind === "cells" ? [labels.cells[i]!] : [];
    return (
      item(row).parts.every((cells) => canBeWritten(pieces, cells)) &&
      (truth.length === 0 || canBeWritten(pieces, truth))
    );
  });
}

/** Where the model reads only the beginning of what the true answer is taken from, that is said. */
function cutNotes(
  { offsets }: CellPieces,
  items: readonly Item[],
  { unit, maxPositions }: { unit: string; maxPositions: number },
): string[] {
  const room = maxPositions - 2;
  const isCut = ({ parts: [cells, other] }: Item): boolean =>
    other === undefined && countFitting(cells!, offsets, room)[0] < cells!.length;
  const count = items.filter(isCut).length;
  if (count === 0) return [];
  return [
    `${count.toLocaleString("en")} of ${items.length.toLocaleString("en")} ${unit} are longer than the ${maxPositions} tokens that the model takes: it reads their beginning, the true answer counts all of it`,
  ];
}

/**
 * Draws a task's examples by seed and writes them in tokens. Throws "missing-file" for a truth that is not there,
 * "no-data" for too few examples, "bad-input" for one class or targets that are all the same.
 */
export function drawExamples(
  task: Task,
  data: TaskData,
  pieces: CellPieces,
  { samples, seed, shown, maxPositions }: DrawOptions,
): Examples {
  const drawable = task.prepare(data, { seed, shown });
  const { unit, groups, notes } = drawable;
  const all = findUsable(drawable, pieces);
  checkEnough(all.length, unit, task.title);
  const rows = drawSample(all, samples, seed, `examples of ${task.name}`);
  checkEnough(rows.length, unit, task.title);
  const labels = drawable.label(rows);
  checkLabels(labels, task.title);
  const items = Array.from(rows, (row) => drawable.item(row));
  const masked =
    labels.kind === "cells"
      ? items.map((item, n) => toTarget(pieces, item, labels.cells[n]!, maxPositions))
      : undefined;
  const hasHints = items.every(({ hint }) => hint !== undefined);
  return {
    count: rows.length,
    unit,
    sequences:
      masked?.map(({ tokens }) => tokens) ??
      items.map((item) => writeTokens(pieces, item, maxPositions)),
    labels,
    homes: Uint32Array.from(items, ({ home }) => home),
    of: Uint32Array.from(items, (item) => item.of),
    masked,
    cellsOf: (n) => items[n]!.parts[0]!,
    groups: groups && { names: groups, of: Uint8Array.from(items, ({ group }) => group!) },
    hints: hasHints ? Float64Array.from(items, ({ hint }) => hint!) : undefined,
    explain: drawable.explain && ((n) => drawable.explain!(rows[n]!)),
    drawnFrom: all.length,
    paperFactor: PAPER_SAMPLES[task.source.startsWith("paper 2") ? 2 : 1] / rows.length,
    notes: masked ? notes : [...notes, ...cutNotes(pieces, items, { unit, maxPositions })],
  };
}

/** Which examples a run learns from and is tested on. */
export interface ExampleSplit {
  readonly name: SplitName;
  readonly train: Uint32Array;
  /** A fifth of the four fifths: chooses the epoch for "best on validation". */
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
  /** Training examples of few-shot learning. */
  readonly few: Uint32Array;
  readonly words: string;
}

export const SPLIT_NAMES = ["random", "block"] as const;
export type SplitName = (typeof SPLIT_NAMES)[number];

/** Training examples of few-shot learning, two of them different: of one class nothing can be learnt. */
function drawFew(train: Uint32Array, labels: Labels, random: Random): Uint32Array {
  const order = shuffle(train.slice(), random);
  const few = order.slice(0, FEW);
  if (labels.kind !== "classes") return few;
  const isOther = (n: number): boolean => labels.classes[n] !== labels.classes[few[0]!];
  const other = order.find(isOther);
  if (other !== undefined && !few.some(isOther)) few[few.length - 1] = other;
  return few;
}

/**
 * Four fifths to learn from, the rest to test (paper 1, A.3.2): at random as in the paper, or by whole blocks of
 * the country, by the examples' homes. Examples of one trajectory stay together. Throws "no-data".
 */
export function splitExamples(
  { homes, of, count, labels }: Examples,
  cells: TaskData["cells"],
  { name, seed }: { name: SplitName; seed: number },
): ExampleSplit {
  const owners = [...new Set(of)];
  const first = new Map(Array.from(of, (owner, n) => [owner, n] as const).toReversed());
  const table = takeCells(
    cells,
    Uint32Array.from(owners, (owner) => homes[first.get(owner)!]!),
  );
  const draw = name === "random" ? splitRandomly : splitByBlock;
  const { part, words } = draw(() => true, table, { seed });
  const partOf = new Map(owners.map((owner, i) => [owner, part[i]!]));
  const select = (wanted: number): Uint32Array =>
    allRows(count).filter((n) => partOf.get(of[n]!) === wanted);
  const train = select(PART.train);
  const few = drawFew(train, labels, createRandom(seed, "few shots", name));
  return {
    name,
    train,
    validation: select(PART.validation),
    test: select(PART.heldOut),
    few,
    words,
  };
}
