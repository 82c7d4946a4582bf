import type { CellTable } from "../geo/cells";
import type { Progress } from "../pace";
import { createRandom } from "../random";
import { PART, splitByBlock, splitRandomly } from "../task/cell-splits";
import type { Places } from "../task/coordinates";
import { allRows } from "../task/linear-model";
import {
  answerWith,
  runProbe,
  type LinearAnswer,
  type ProbeRow,
  type ProbeTarget,
} from "../task/probe";
import { decileEdges, valuesToDeciles } from "../truth/deciles";
import { chooseArea } from "./area";
import type { CountryField } from "./country-fields";
import type { DatasetSpec } from "./dataset";
import type { ModelSpec } from "./model";
import { openDataset, type Dataset } from "./open-dataset";
import { openEmbeddings } from "./open-embeddings";
import { openModel, PRE_TRAINED, TWIN, type OpenModel } from "./open-model";
import { openTruth, type Truth } from "./open-truth";
import { toMade, type Made, type Report, type Session } from "./session";

/** What is inferred: a field of the simulated country, or a raster of the opened folder. */
export type TargetSpec =
  | { kind: "country"; field: CountryField }
  | { kind: "raster"; file: string; statistic: "mean" | "sum" };

export interface InferenceJob {
  kind: "inference";
  dataset: DatasetSpec;
  model: ModelSpec;
  target: TargetSpec;
  extent: "part" | "whole";
  trainCells: number;
  seed: number;
}

/** One row of the table beside the maps. */
export interface InferenceScore {
  /** "pre-trained", "randomly initialised twin", "coordinates alone", "majority" ... */
  name: string;
  /** How it answers, in words. */
  method: string;
  split: "random" | "block";
  /** Metric name -> value, in the order shown. */
  metrics: Record<string, number>;
}

export interface InferenceResult {
  title: string;
  /** "decile" for classes 0 to 9, "share" for 0 to 1, "value" otherwise. */
  scale: "decile" | "share" | "value";
  unit: string;
  /** Which part of the study area this is, in words. */
  place: string;
  /** Cells on the map; none of them is a training cell. */
  cells: CellTable;
  truth: Float32Array;
  predicted: Float32Array;
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

/** Cells by which the probe is fitted and scored, drawn from all cells that have a truth. */
function drawSample(truth: Float32Array, wanted: number, seed: number): Uint32Array {
  const known = Uint32Array.from(truth.keys()).filter((n) => !Number.isNaN(truth[n]!));
  const random = createRandom(seed, "cells of the probe");
  const count = Math.min(wanted, known.length);
  for (let i = 0; i < count; i++) {
    const j = i + random.integer(known.length - i); // Fisher and Yates, only as far as needed
    [known[i], known[j]] = [known[j]!, known[i]!];
  }
  return known.slice(0, count);
}

const pick = (values: ArrayLike<number>, rows: Uint32Array): Float32Array =>
  Float32Array.from(rows, (row) => values[row]!);

const takeCells = ({ resolution, hi, lo }: CellTable, rows: Uint32Array): CellTable => ({
  resolution,
  hi: Uint32Array.from(rows, (row) => hi[row]!),
  lo: Uint32Array.from(rows, (row) => lo[row]!),
});

function toPlaces({ lat, lng }: Dataset["centres"], rows: Uint32Array): Places {
  return {
    lat: Float64Array.from(rows, (row) => lat[row]!),
    lng: Float64Array.from(rows, (row) => lng[row]!),
  };
}

/** The metrics of the paper's tables, in their order (paper 1, Tables 3, 7 and 8). */
function toMetrics({ scores, classDistance }: ProbeRow): Record<string, number> {
  if (scores.kind === "regression") {
    const { mae, rmse, r2 } = scores;
    return { MAE: mae, RMSE: rmse, R2: r2 };
  }
  const { balancedAccuracy, accuracy, precision, recall, f } = scores;
  return {
    Accuracy: accuracy,
    "Balanced accuracy": balancedAccuracy,
    Precision: precision,
    Recall: recall,
    "F-Score": f,
    "Mean decile distance": classDistance ?? NaN,
  };
}

interface Fitted {
  scores: InferenceScore[];
  answer: LinearAnswer;
  /** Rows of the data set's cells that were learnt from. */
  learnt: Set<number>;
  heldOut: number;
}

/** What a job has opened before it asks. */
interface Opened {
  job: InferenceJob;
  dataset: Dataset;
  model: OpenModel;
  session: Session;
  signal: AbortSignal;
}

/** Fits and scores the probe on the sample, once with single cells and once with blocks held out. */
async function* fitProbe(
  sample: Uint32Array,
  target: ProbeTarget,
  { job, ...opened }: Opened,
): AsyncGenerator<Progress, Fitted, void> {
  const { dataset, model, signal } = opened;
  const width = model.bert.config.width;
  const own = { data: yield* openEmbeddings("bert", sample, opened), width };
  const random = { data: yield* openEmbeddings("twin", sample, opened), width };
  const table = takeCells(dataset.cells, sample);
  const options = { seed: job.seed, trainCells: job.trainCells };
  const splits = [splitRandomly, splitByBlock].map((split) => split(() => true, table, options));
  const scores: InferenceScore[] = [];
  let fitted: Fitted | undefined;
  for (const split of splits) {
    const { rows } = yield* runProbe({
      variants: [
        { name: PRE_TRAINED, features: own },
        { name: TWIN, features: random },
      ],
      places: toPlaces(dataset.centres, sample),
      target,
      part: split.part,
      seed: job.seed,
      signal,
    });
    for (const row of rows) {
      scores.push({
        name: row.name,
        method: row.method,
        split: split.name,
        metrics: toMetrics(row),
      });
    }
    fitted ??= {
      scores,
      answer: rows[0]!.answer!,
      learnt: new Set(sample.filter((_, n) => split.part[n]! <= PART.validation)),
      heldOut: split.part.reduce((sum, part) => sum + (part === PART.heldOut ? 1 : 0), 0),
    };
  }
  return fitted!;
}

/** Deciles of the whole study area, or the values as they are. */
function toTarget(truth: Truth, sample: Uint32Array): { target: ProbeTarget; shown: Float32Array } {
  if (truth.scale !== "decile") {
    return {
      target: { kind: "regression", values: pick(truth.values, sample) },
      shown: truth.values,
    };
  }
  const known = truth.values.filter((value) => !Number.isNaN(value));
  const edges = decileEdges(known);
  const deciles = Float32Array.from(valuesToDeciles(truth.values, edges), (decile, n) =>
    Number.isNaN(truth.values[n]!) ? NaN : decile,
  );
  const values = Uint8Array.from(pick(deciles, sample));
  return { target: { kind: "classification", values, classCount: 10 }, shown: deciles };
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
  const dataset = yield* openDataset(job.dataset, session, signal);
  const model = yield* openModel(job.model, dataset, session, signal);
  const truth = yield* openTruth(job.target, dataset, session, signal);
  const sample = drawSample(truth.values, job.trainCells + HELD_OUT_CELLS, job.seed);
  const { target, shown } = toTarget(truth, sample);
  const opened: Opened = { job, dataset, model, session, signal };
  const fitted = yield* fitProbe(sample, target, opened);
  const area = chooseArea(dataset, job.extent);
  const rows = area.cells.filter((n) => !fitted.learnt.has(n) && !Number.isNaN(shown[n]!));
  const features = yield* openEmbeddings("bert", rows, opened);
  const width = model.bert.config.width;
  const predicted = answerWith(fitted.answer, { data: features, width }, allRows(rows.length));
  return {
    title: truth.title,
    scale: truth.scale,
    unit: truth.unit,
    place: area.place,
    cells: takeCells(dataset.cells, rows),
    truth: pick(shown, rows),
    predicted: Float32Array.from(predicted),
    scores: fitted.scores,
    metric: truth.scale === "decile" ? "F-Score" : "R2",
    trainCells: fitted.learnt.size,
    heldOutCells: fitted.heldOut,
    made: toMade(startedAt, { seed: job.seed, data: dataset.key, model: model }),
  };
}
