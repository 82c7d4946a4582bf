import { FootfallError } from "../errors";
import { parentTable, type CellTable } from "../geo/cells";
import { createRandom, shuffle } from "../random";

/** What a cell is used for in a probe. */
export const PART = { train: 0, validation: 1, heldOut: 2, unused: 3 } as const;

export interface CellSplit {
  readonly name: "random" | "block";
  /** Each cell's PART. */
  readonly part: Uint8Array; // [N]
  /** How it was drawn, in words for the page. */
  readonly words: string;
}

export interface CellSplitOptions {
  readonly seed: number;
  /** Cells that may be learnt from, a fifth of them for validation; default all of the learning side. */
  readonly trainCells?: number | undefined;
}

/** 80/20 as in paper 1, A.3.2; a fifth of the learning side chooses the strengths. */
const LEARN_SHARE = 0.8;
const VALIDATION_SHARE = 0.2;
/** Fewer blocks than this say little: the draw of one block would move the score. */
const MIN_BLOCKS = 20;

const select = (count: number, isWanted: (n: number) => boolean): Uint32Array =>
  Uint32Array.from({ length: count }, (_, n) => n).filter(isWanted);

function checkEnough(train: number, validation: number, heldOut: number): void {
  if (Math.min(train, validation, heldOut) >= 2) return;
  throw new FootfallError(
    "no-data",
    `too few cells have a truth: ${train} to learn from, ${validation} to validate, ${heldOut} to hold out`,
  );
}

/** Marks the first 4/5 of `learn` (as many as wanted) for training, the next fifth for validation. */
function mark(part: Uint8Array, train: Uint32Array, validation: Uint32Array, heldOut: Uint32Array) {
  checkEnough(train.length, validation.length, heldOut.length);
  for (const n of train) part[n] = PART.train;
  for (const n of validation) part[n] = PART.validation;
  for (const n of heldOut) part[n] = PART.heldOut;
}

/** Draws single cells, as the paper does. Every cell with a truth that is not learnt from is held out. */
export function splitRandomly(
  hasTruth: (n: number) => boolean,
  table: CellTable,
  { seed, trainCells = Infinity }: CellSplitOptions,
): CellSplit {
  const cells = shuffle(select(table.hi.length, hasTruth), createRandom(seed, "cells at random"));
  const learn = Math.min(trainCells, Math.round(LEARN_SHARE * cells.length));
  const validation = Math.round(VALIDATION_SHARE * learn);
  const part = new Uint8Array(table.hi.length).fill(PART.unused);
  mark(
    part,
    cells.subarray(validation, learn),
    cells.subarray(0, validation),
    cells.subarray(learn),
  );
  return { name: "random", part, words: `${learn} cells drawn at random` };
}

/** The coarsest ancestors, from resolution 4 on, of which the cells have enough. */
function findBlocks(table: CellTable, cells: Uint32Array) {
  for (let resolution = Math.min(4, table.resolution); ; resolution++) {
    const { parents, parentOf } = parentTable(table, resolution);
    const count = new Set(cells.map((n) => parentOf[n]!)).size;
    if (count < MIN_BLOCKS && resolution < table.resolution) continue;
    return { resolution, parentOf, blocks: parents.hi.length };
  }
}

/**
 * Draws whole blocks, so that a held-out cell has no neighbour to learn from except at the rim of its block;
 * the drop from the random split is what neighbours gave away. Blocks are the ancestors at resolution 4, or
 * finer ones where the area has fewer than 20. Unneeded cells of the learning blocks are neither used nor scored.
 */
export function splitByBlock(
  hasTruth: (n: number) => boolean,
  table: CellTable,
  { seed, trainCells = Infinity }: CellSplitOptions,
): CellSplit {
  const N = table.hi.length;
  const random = createRandom(seed, "cells by block");
  const cells = shuffle(select(N, hasTruth), random);
  const { resolution, parentOf, blocks } = findBlocks(table, cells);
  const order = shuffle(
    select(blocks, () => true),
    random,
  );
  const rank = new Float64Array(blocks); // place in the order, 0 to 1
  order.forEach((block, i) => (rank[block] = i / blocks));
  const between = (from: number, to: number): Uint32Array =>
    cells.filter((n) => rank[parentOf[n]!]! >= from && rank[parentOf[n]!]! < to);
  const border = LEARN_SHARE * VALIDATION_SHARE;
  const part = new Uint8Array(N).fill(PART.unused);
  const validation = between(0, border).subarray(0, Math.ceil(VALIDATION_SHARE * trainCells));
  const train = between(border, LEARN_SHARE).subarray(
    0,
    Math.ceil((1 - VALIDATION_SHARE) * trainCells),
  );
  mark(part, train, validation, between(LEARN_SHARE, 1));
  const learn = train.length + validation.length;
  const words = `${learn} cells of 80 % of the ancestors at resolution ${resolution}`;
  return { name: "block", part, words };
}
