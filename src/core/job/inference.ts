import type { CellTable } from "../geo/cells";
import type { CountryField } from "./country-fields";
import type { DatasetSpec } from "./dataset";
import type { ModelSpec } from "./model";
import type { Made } from "./session";

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
  cells: CellTable;
  /** Held-out cells and training cells of the part: all are drawn, only held-out ones are scored. */
  heldOut: Uint8Array;
  truth: Float32Array;
  predicted: Float32Array;
  twin: Float32Array;
  scores: InferenceScore[];
  /** Metric by which the rows are compared. */
  metric: string;
  trainCells: number;
  heldOutCells: number;
  made: Made;
}
