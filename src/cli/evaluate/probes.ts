import { cellCentres, type CellTable } from "../../core/geo/cells";
import { FootfallError } from "../../core/errors";
import { createBert, type Bert } from "../../core/model/bert";
import { embedCells } from "../../core/model/embed";
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
}

export interface ProbePlan {
  readonly truth: CellValues;
  /** "deciles" over all values, or the values themselves. */
  readonly as: "deciles" | "values";
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
      `${truth.name}: ${usable.length} cells have a truth and are known to the model; a probe needs 50`,
    );
  }
  const random = createRandom(seed, "cells of the probe");
  return shuffle(usable, random).slice(0, plan.trainCells + plan.heldOutCells);
}

function toTarget({ truth, as }: ProbePlan, rows: readonly number[]): ProbeTarget {
  const values = Float64Array.from(rows, (row) => truth.values[row]!);
  if (as === "values") return { kind: "regression", values };
  const edges = decileEdges(truth.values);
  return { kind: "classification", values: valuesToDeciles(values, edges), classCount: 10 };
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
  const isKnown = (n: number): boolean =>
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
  const { seed, trainCells } = plan;
  const scores: SplitScores[] = [];
  for (const split of [splitRandomly, splitByBlock]) {
    const { part, name, words } = split(() => true, table, { seed, trainCells });
    const target = toTarget(plan, rows);
    const places = cellCentres(table);
    const input = { variants: [own, twin], places, target, part, seed, signal };
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
