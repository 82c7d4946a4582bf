import { takeCells } from "../geo/cells";
import type { Progress } from "../pace";
import { PART, splitByBlock, splitRandomly } from "../task/cell-splits";
import type { Places } from "../task/coordinates";
import { runProbe, type LinearAnswer, type ProbeRow, type ProbeTarget } from "../task/probe";
import type { Dataset } from "./open-dataset";
import type { ProbeSource } from "./probe-source";

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
    ...(classDistance !== undefined && { "Mean decile distance": classDistance }),
  };
}

/** A fitted probe, its scores and those of what it must beat. */
export interface Fitted {
  scores: InferenceScore[];
  /** Answers for any features; undefined where coordinates alone answered. */
  answer: LinearAnswer | undefined;
  /** What coordinates alone answer for the cells of `asked`, where there are no features. */
  byPlace: Float64Array;
  /** Rows of the data set's cells that were learnt from. */
  learnt: Set<number>;
  heldOut: number;
}

interface FitOptions {
  readonly dataset: Dataset;
  readonly source: ProbeSource;
  /** Cells that coordinates alone must answer for. */
  readonly asked: Uint32Array;
  readonly trainCells: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

const NO_ROWS = new Uint32Array(0);

/** The same target with as many more cells whose values nobody looks at. */
function lengthen(target: ProbeTarget, count: number): ProbeTarget {
  const N = target.values.length + count;
  if (target.kind === "regression") {
    const values = new Float64Array(N);
    values.set(target.values);
    return { kind: "regression", values };
  }
  const values = new Uint8Array(N);
  values.set(target.values);
  return { ...target, values };
}

/** Fits and scores the probe on the sample, once with single cells and once with blocks held out. */
export async function* fitProbe(
  sample: Uint32Array,
  target: ProbeTarget,
  { dataset, source, asked, trainCells, seed, signal }: FitOptions,
): AsyncGenerator<Progress, Fitted, void> {
  const variants: { name: string; features: { data: Float32Array; width: number } }[] = [];
  for (const [variant, name] of source.variants.entries()) {
    const data = yield* source.embed(variant, sample);
    variants.push({ name, features: { data, width: source.width } });
  }
  const table = takeCells(dataset.cells, sample);
  const scores: InferenceScore[] = [];
  let fitted: Fitted | undefined;
  for (const split of [splitRandomly, splitByBlock].map((split) =>
    split(() => true, table, { seed, trainCells }),
  )) {
    // without features only the places of the asked cells can answer for them, once
    const more = source.variants.length === 0 && fitted === undefined ? asked : NO_ROWS;
    const places = toPlaces(dataset.centres, Uint32Array.from([...sample, ...more]));
    const part = new Uint8Array(sample.length + more.length).fill(PART.unused);
    part.set(split.part);
    const longer = lengthen(target, more.length);
    const input = { variants, places, target: longer, part, seed, signal };
    const { rows } = yield* runProbe(input);
    for (const row of rows) {
      const { name, method } = row;
      scores.push({ name, method, split: split.name, metrics: toMetrics(row) });
    }
    fitted ??= {
      scores,
      answer: source.variants.length > 0 ? rows[0]!.answer : undefined,
      byPlace: rows[0]!.predicted.subarray(sample.length),
      learnt: new Set(sample.filter((_, n) => part[n]! <= PART.validation)),
      heldOut: part.reduce((sum, use) => sum + (use === PART.heldOut ? 1 : 0), 0),
    };
  }
  return fitted!;
}
