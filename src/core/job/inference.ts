import { FootfallError } from "../errors";
import { takeCells, type CellTable } from "../geo/cells";
import { allRows } from "../task/linear-model";
import { answerWith, type ProbeTarget } from "../task/probe";
import { drawSample } from "../task/sample";
import type { LayerReport, LayerTruth } from "../truth/layer-types";
import { chooseArea, type Area } from "./area";
import type { DatasetSpec } from "./dataset";
import { fitProbe, type Fitted, type InferenceScore } from "./fit-probe";
import type { ModelSpec } from "./model";
import { openDataset } from "./open-dataset";
import { openTruth, type TargetSpec } from "./open-truth";
import {
  openProbeSource,
  type CoordinateSpec,
  type EmbeddingSpec,
  type ProbeSource,
} from "./probe-source";
import { toMade, type Made, type Report, type Session } from "./session";
import { visitorsOf } from "./visitors";

export type { InferenceScore } from "./fit-probe";
export type { TargetSpec } from "./open-truth";

export interface InferenceJob {
  kind: "inference";
  dataset: DatasetSpec;
  /** Weights, embeddings that another program made, or nothing but where the cells lie. */
  model: ModelSpec | EmbeddingSpec | CoordinateSpec;
  target: TargetSpec;
  extent: "part" | "whole";
  trainCells: number;
  seed: number;
}

export interface InferenceResult {
  title: string;
  /** "decile" for classes 0 to 9, "share" for 0 to 1, "class" for numbers of `classes`, "value" otherwise. */
  scale: LayerTruth["scale"];
  unit: string;
  /** Which part of the study area this is, in words. */
  place: string;
  /** Cells on the map; none of them is a training cell. */
  cells: CellTable;
  truth: Float32Array;
  predicted: Float32Array;
  /** Visitors of each cell, where they are real people: cells of a few are not shown (PV-02). [N] */
  people?: Uint32Array;
  /** Names of the classes. */
  classes?: readonly string[];
  /** The nine edges between the deciles, in the unit of the quantity. */
  edges?: readonly number[];
  /** How the truth came to be. */
  report: LayerReport;
  scores: InferenceScore[];
  /** Metric by which the rows are compared. */
  metric: string;
  trainCells: number;
  /** Held-out cells that are scored: a sample of the whole study area. */
  heldOutCells: number;
  made: Made;
}

/** Held-out cells that are scored; the paper's 80/20 of 50,000 (A.3.2) scaled down for a first look. */
const HELD_OUT_CELLS = 1500;

const pick = (values: ArrayLike<number>, rows: Uint32Array): Float32Array =>
  Float32Array.from(rows, (row) => values[row]!);

/** The values as the map shows them: deciles of a quantity, or the values themselves. */
const toShown = ({ values, scale, columns }: LayerTruth): Float32Array =>
  scale === "decile" ? Float32Array.from(columns[0]!.values) : values;

/** What the probe learns to say of the sampled cells. Throws "no-data" where there is only one class. */
function toTarget({ scale, classes, title }: LayerTruth, values: Float32Array): ProbeTarget {
  if (scale === "share" || scale === "value") return { kind: "regression", values };
  const isOrdered = scale === "decile";
  const classCount = isOrdered ? 10 : classes!.length;
  if (new Set(values).size > 1)
    return { kind: "classification", values: Uint8Array.from(values), classCount, isOrdered };
  throw new FootfallError(
    "no-data",
    `${title}: all cells have the same class${classes ? ` (${classes[0]})` : ""}, there is nothing to tell apart`,
  );
}

/** Cells that have a truth and features. Throws "no-data". */
function findUsable(shown: Float32Array, { title }: LayerTruth, source: ProbeSource): Uint32Array {
  const withTruth = Uint32Array.from(shown.keys()).filter((n) => !Number.isNaN(shown[n]!));
  const usable = withTruth.filter((n) => source.has(n));
  if (usable.length > 0) return usable;
  throw new FootfallError(
    "no-data",
    `${title}: ${withTruth.length} cells have a truth, none of them an embedding of ${source.name}`,
  );
}

/** As many cells coordinates alone answer for: each costs 128 waves at five scales. */
const MOST_PLACES = 60_000;

/**
 * The usable cells of the map; for coordinates alone at most as many as they can answer for, evenly taken.
 * Throws "no-data" where there are none.
 */
function thinOut(area: Area, source: ProbeSource, isUsable: (n: number) => boolean): Area {
  const cells = area.cells.filter(isUsable);
  if (cells.length === 0) {
    throw new FootfallError(
      "no-data",
      `${area.place}: no cell there has a truth and an embedding; choose all of the area`,
    );
  }
  const step = source.variants.length > 0 ? 1 : Math.ceil(cells.length / MOST_PLACES);
  if (step <= 1) return { ...area, cells };
  return { cells: cells.filter((_, i) => i % step === 0), place: `${area.place}, every ${step}th` };
}

/** What the probe says of some of the asked cells. [rows] */
async function* answerFor(
  rows: Uint32Array,
  asked: Uint32Array,
  { answer, byPlace }: Fitted,
  source: ProbeSource,
): AsyncGenerator<Report, Float32Array, void> {
  if (answer === undefined) {
    const places = new Map(Array.from(asked, (n, i) => [n, i]));
    return Float32Array.from(rows, (n) => byPlace[places.get(n)!]!);
  }
  const data = yield* source.embed(0, rows);
  return Float32Array.from(answerWith(answer, { data, width: source.width }, allRows(rows.length)));
}

/**
 * A linear probe on frozen cell embeddings, fitted there and then, and its answer on a map (paper 1,
 * Figures 4, 7 and 8; AD-20, AD-21). Scores are those of cells drawn from the whole study area; the map
 * shows a part of it, or all of it.
 */
export async function* runInference(
  job: InferenceJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, InferenceResult, void> {
  const startedAt = performance.now();
  const { seed, trainCells } = job;
  const dataset = yield* openDataset(job.dataset, session, signal);
  const source = yield* openProbeSource(job.model, dataset, session, signal);
  const truth = yield* openTruth(job.target, dataset, session, signal);
  const shown = toShown(truth);
  const usable = findUsable(shown, truth, source);
  const sample = drawSample(usable, trainCells + HELD_OUT_CELLS, seed);
  const target = toTarget(truth, pick(shown, sample));
  const area = chooseArea(dataset, job.extent);
  const isUsable = new Set(usable);
  const { cells: asked, place } = thinOut(area, source, (n) => isUsable.has(n));
  const options = { dataset, source, asked, trainCells, seed, signal };
  const fitted = yield* fitProbe(sample, target, options);
  const rows = asked.filter((n) => !fitted.learnt.has(n));
  const predicted = yield* answerFor(rows, asked, fitted, source);
  const { title, scale, unit, classes, edges, report } = truth;
  const people = visitorsOf(dataset);
  return {
    title,
    scale,
    unit,
    ...(classes && { classes }),
    ...(edges && { edges }),
    report,
    place,
    cells: takeCells(dataset.cells, rows),
    truth: pick(shown, rows),
    predicted,
    ...(people && { people: Uint32Array.from(rows, (n) => people[n]!) }),
    scores: fitted.scores,
    metric: scale === "decile" || scale === "class" ? "F-Score" : "R2",
    trainCells: fitted.learnt.size,
    heldOutCells: fitted.heldOut,
    made: toMade(startedAt, { seed, data: dataset.key, model: source }),
  };
}
