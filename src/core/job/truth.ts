import type { CellTable } from "../geo/cells";
import type { LayerHints, LayerPreview, LayerTruth } from "../truth/layer-types";
import { datasetKey, openDataset, seedOf } from "./open-dataset";
import type { DatasetSpec } from "./dataset";
import { findLayer, layerTools } from "./layers";
import { openTruth, type TargetSpec } from "./open-truth";
import { toMade, type Made, type NamedFile, type Report, type Session } from "./session";
import { visitorsOf } from "./visitors";

/** Looks at a layer before anything is measured. */
export interface LayerJob {
  kind: "layer";
  /** Files of one layer (a .shp with its .dbf), or one address of a GeoTIFF on the page's own server. */
  paths: string[];
  files: NamedFile[];
  /** What a first look got wrong. */
  hints?: LayerHints;
}

/** Measures a truth for every cell of a data set. */
export interface TruthJob {
  kind: "truth";
  dataset: DatasetSpec;
  target: TargetSpec;
}

/** A truth and the cells that it belongs to. */
export interface TruthResult {
  cells: CellTable;
  truth: LayerTruth;
  /** Visitors of each cell, where they are real people: cells of a few are not shown (PV-02). [N] */
  people?: Uint32Array;
  /** Name of the data set. */
  name: string;
  made: Made;
}

/** The preview of a layer (DI-09 to DI-12). Throws "bad-file", "missing-file", "missing-column", "stopped". */
export async function* runLayer(
  { paths, files, hints }: LayerJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, LayerPreview, void> {
  const { inspectLayer } = await import("../truth/layer"); // no reader of layers is in the first load
  const found = await findLayer({ paths, files }, { files, name: "the chosen files" }, session);
  return yield* inspectLayer(found, layerTools(session, signal), hints);
}

/** A truth for every cell of a data set, with its report. Throws as `makeTruth` does. */
export async function* runTruth(
  { dataset: spec, target }: TruthJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, TruthResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(spec, session, signal);
  const truth = yield* openTruth(target, dataset, session, signal);
  const people = visitorsOf(dataset);
  const made = toMade(startedAt, { seed: seedOf(spec), data: datasetKey(spec) });
  const { cells, name } = dataset;
  return { cells, truth, name, ...(people && { people }), made };
}
