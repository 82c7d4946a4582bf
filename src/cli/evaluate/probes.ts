import { cellCentres, cellHash, type CellTable } from "../../core/geo/cells";
import { FootfallError } from "../../core/errors";
import { createBert, type Bert } from "../../core/model/bert";
import { embedCells } from "../../core/model/embed";
import type { Embeddings } from "../../core/model/embeddings";
import { initialiseBert } from "../../core/model/parameters";
import { createRandom, shuffle } from "../../core/random";
import { splitByBlock, splitRandomly } from "../../core/task/cell-splits";
import type { ProbeRow, ProbeTarget } from "../../core/task/probe";
import { runProbe } from "../../core/task/probe";
import { decileEdges, valuesToDeciles } from "../../core/truth/deciles";
import type { Tokeniser } from "../../core/token/tokeniser";
import type { CommandInput } from "../command";
import type { RunningModel } from "../model";
import { showing } from "../run";

/** A truth for cells of the study area, NaN where there is none. */
export interface CellValues {
  readonly name: string;
  readonly cells: CellTable;
  readonly values: ArrayLike<number>;
  /** Names of the classes, where values are their numbers. */
  readonly classes?: readonly string[];
}

export interface ProbePlan {
  readonly truth: CellValues;
  /** "deciles" over all values, the values themselves, or numbers of classes. */
  readonly as: "deciles" | "values" | "classes";
  /** Embeddings that another program made, one more row of the table. */
  readonly embeddings?: Embeddings | undefined;
  readonly trainCells: number;
  readonly heldOutCells: number;
  readonly seed: number;
}

/** One split of the cells and the scores of every way of answering. */
export interface SplitScores {
  readonly split: string;
  readonly drawn: string;
  readonly rows: readonly ShownRow[];
}

/** A row without its answers. */
export type ShownRow = Omit<ProbeRow, "predicted" | "answer">;

function toShown({ name, method, scores, classDistance, validation }: ProbeRow): ShownRow {
  return { name, method, scores, classDistance, validation };
}

/** Cells with a truth whose pieces the model knows, in an order drawn by seed. */
function drawCells({ truth, seed, ...plan }: ProbePlan, isKnown: (n: number) => boolean): number[] {
  const N = truth.cells.hi.length;
  const usable = Array.from({ length: N }, (_, n) => n).filter(
    (n) => !Number.isNaN(truth.values[n]) && isKnown(n),
  );
  if (usable.length < 50) {
    throw new FootfallError(
      "no-data",
      `${truth.name}: ${usable.length} cells have a truth and are known to the model${plan.embeddings ? " and have an embedding" : ""}; a probe needs 50`,
    );
  }
  const random = createRandom(seed, "cells of the probe");
  return shuffle(usable, random).slice(0, plan.trainCells + plan.heldOutCells);
}

function toTarget({ truth, as }: ProbePlan, rows: readonly number[]): ProbeTarget {
  const values = Float64Array.from(rows, (row) => truth.values[row]!);
  switch (as) {
    case "values":
      return { kind: "regression", values };
    case "deciles": {
      const deciles = valuesToDeciles(values, decileEdges(truth.values));
      return { kind: "classification", values: deciles, classCount: 10, isOrdered: true };
    }
    case "classes": {
      const classCount = truth.classes?.length ?? 0;
      if (classCount > 1)
        return {
          kind: "classification",
          values: Uint8Array.from(values),
          classCount,
          isOrdered: false,
        };
      const what = classCount === 1 ? "only one class" : "numbers; expected --as values or deciles";
      throw new FootfallError("bad-input", `${truth.name} has ${what}`);
    }
    default:
      throw as satisfies never;
  }
}

/** Row of the embeddings for each cell of a table, -1 for none. */
function findRows({ keys }: Embeddings, cells: CellTable): Int32Array {
  const rowOf = new Map(keys.map((hash, row) => [hash, row]));
  return Int32Array.from(cells.hi, (_, n) => rowOf.get(cellHash(cells, n)) ?? -1);
}

/** Embeddings of another program for some cells, as one more kind of features. */
function takeEmbeddings(
  { width, data, source }: Embeddings,
  rowOf: Int32Array,
  cells: readonly number[],
) {
  const features = new Float32Array(cells.length * width);
  cells.forEach((cell, n) => {
    const from = rowOf[cell]! * width;
    features.set(data.subarray(from, from + width), n * width);
  });
  return { name: source, features: { data: features, width } };
}

const takeCells = ({ resolution, hi, lo }: CellTable, rows: readonly number[]): CellTable => ({
  resolution,
  hi: Uint32Array.from(rows, (row) => hi[row]!),
  lo: Uint32Array.from(rows, (row) => lo[row]!),
});

/** Probes the model, its twin and coordinates on one truth, with single cells and with blocks held out. */
export async function probe(
  plan: ProbePlan,
  { bert, folder }: RunningModel,
  tokeniser: Tokeniser,
  { progress, signal }: CommandInput,
): Promise<SplitScores[]> {
  const whole = tokeniser.encodeCells(plan.truth.cells);
  const { embeddings } = plan;
  const rowOf = embeddings && findRows(embeddings, plan.truth.cells);
  const isKnown = (n: number): boolean =>
    rowOf?.[n] !== -1 &&
    tokeniser.decode(whole.tokens.subarray(whole.offsets[n], whole.offsets[n + 1])) !== undefined;
  const rows = drawCells(plan, isKnown);
  const table = takeCells(plan.truth.cells, rows);
  const embed = (model: Bert): Promise<Float32Array> =>
    showing(embedCells(model, whole, { cells: rows, signal }), progress);
  const width = folder.config.width;
  const own = { name: "pre-trained", features: { data: await embed(bert), width } };
  const twinBert = createBert(folder.config, initialiseBert(folder.config));
  const twin = {
    name: "randomly initialised twin",
    features: { data: await embed(twinBert), width },
  };
  twinBert.dispose();
  const given = embeddings && rowOf ? [takeEmbeddings(embeddings, rowOf, rows)] : [];
  const { seed, trainCells } = plan;
  const scores: SplitScores[] = [];
  for (const split of [splitRandomly, splitByBlock]) {
    const { part, name, words } = split(() => true, table, { seed, trainCells });
    const target = toTarget(plan, rows);
    const places = cellCentres(table);
    const input = { variants: [own, twin, ...given], places, target, part, seed, signal };
    const result = await showing(runProbe(input), progress);
    const shown = [...result.rows, { ...result.otherCoordinates, name: "coordinates, other way" }];
    scores.push({
      split: name,
      drawn: words,
      rows: shown.map(toShown),
    });
  }
  return scores;
}
