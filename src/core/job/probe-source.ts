import { FootfallError } from "../errors";
import { indexCells, hashToHi, hashToLo } from "../geo/cells";
import type { Embeddings } from "../model/embeddings";
import type { Progress } from "../pace";
import { filesKey } from "./files";
import type { ModelSpec } from "./model";
import type { Dataset } from "./open-dataset";
import { openEmbeddings } from "./open-embeddings";
import { openModel, PRE_TRAINED, TWIN } from "./open-model";
import { keep, type NamedFile, type Session } from "./session";

/** Embeddings that another program made, in the place of a model. */
export interface EmbeddingSpec {
  source: "embeddings";
  name: string;
  /** The file, and the file of keys where it has none. */
  files: NamedFile[];
}

/** No features at all: where a cell lies is everything that is known of it. */
export interface CoordinateSpec {
  source: "coordinates";
}

/** What a probe reads its answers off: features of cells, and what they must beat. */
export interface ProbeSource {
  /** For the provenance. */
  readonly name: string;
  readonly engine: string;
  readonly width: number;
  /** Names of the kinds of features, the one in question first; none for coordinates alone. */
  readonly variants: readonly string[];
  /** True for cells that have features. */
  has(cell: number): boolean;
  /** Features of some cells by one variant, [rows, width]. Throws "stopped". */
  embed(variant: number, rows: Uint32Array): AsyncGenerator<Progress, Float32Array, void>;
}

/** Below this share of the data's cells the embeddings are those of another place. */
const MIN_KNOWN_SHARE = 0.01;

function checkKnown(
  known: number,
  { source }: Embeddings,
  { name, cells }: Dataset,
  what: string,
): void {
  if (known > 0 && known >= MIN_KNOWN_SHARE * cells.hi.length) return;
  throw new FootfallError(
    "weights-mismatch",
    `${source}: ${known} of the ${cells.hi.length} cells of ${name} ${what}; were they made for other places?`,
  );
}

/** Row of the embeddings for each cell of the data set, -1 for none. */
function rowsOfCells(embeddings: Embeddings, dataset: Dataset): Int32Array {
  const index = indexCells(dataset.cells);
  const rowOf = new Int32Array(dataset.cells.hi.length).fill(-1);
  embeddings.keys.forEach((hash, row) => {
    const cell = index.find(hashToHi(hash), hashToLo(hash));
    if (cell >= 0) rowOf[cell] = row;
  });
  return rowOf;
}

/** The mean of the visitors' embeddings for each cell, each counted as often as they checked in there. [N, C] */
function meanOfVisitors({ keys, width, data }: Embeddings, dataset: Dataset) {
  const { checkIns } = dataset.trajectories;
  const rows = new Map(keys.map((name, row) => [name, row]));
  const rowOfUser = checkIns.users.map((name) => rows.get(name) ?? -1);
  const means = new Float32Array(dataset.cells.hi.length * width);
  const counts = new Uint32Array(dataset.cells.hi.length);
  checkIns.user.forEach((user, i) => {
    const row = rowOfUser[user]!;
    const cell = checkIns.cell[i]!;
    if (row < 0) return;
    counts[cell]!++;
    for (let c = 0; c < width; c++) means[cell * width + c]! += data[row * width + c]!;
  });
  const mean = means.map((sum, i) => sum / Math.max(1, counts[Math.floor(i / width)]!));
  return { means: mean, rowOf: Int32Array.from(counts, (count, cell) => (count > 0 ? cell : -1)) };
}

function toSource(spec: EmbeddingSpec, embeddings: Embeddings, dataset: Dataset): ProbeSource {
  const { width, key } = embeddings;
  const byUser = key === "user" ? meanOfVisitors(embeddings, dataset) : undefined;
  const data = byUser?.means ?? embeddings.data;
  const rowOf = byUser?.rowOf ?? rowsOfCells(embeddings, dataset);
  const known = rowOf.reduce((count, row) => count + Number(row >= 0), 0);
  checkKnown(known, embeddings, dataset, byUser ? "have a visitor with an embedding" : "have one");
  async function* embed(
    _: number,
    rows: Uint32Array,
  ): AsyncGenerator<Progress, Float32Array, void> {
    const features = new Float32Array(rows.length * width);
    rows.forEach((cell, n) => {
      const from = rowOf[cell]! * width;
      features.set(data.subarray(from, from + width), n * width);
    });
    yield { phase: "take the embeddings", done: rows.length, total: rows.length, unit: "cells" };
    return features;
  }
  const name = byUser ? `${spec.name} (mean of a cell's visitors)` : spec.name;
  return {
    name: embeddings.source,
    engine: "none: the embeddings came with a file",
    width,
    variants: [name],
    has: (cell) => rowOf[cell]! >= 0,
    embed,
  };
}

async function* openFile(
  spec: EmbeddingSpec,
  dataset: Dataset,
  signal: AbortSignal,
): AsyncGenerator<Progress, ProbeSource, void> {
  const { readEmbeddings } = await import("../model/embeddings"); // not in the first load
  return toSource(spec, yield* readEmbeddings(spec.files, signal), dataset);
}

const COORDINATES_ONLY: ProbeSource = {
  name: "none: coordinates alone",
  engine: "none",
  width: 0,
  variants: [],
  has: () => true,
  async *embed() {
    yield { phase: "take the coordinates", done: 1, total: 1, unit: "parts" };
    return new Float32Array(0);
  },
};

/** What a probe reads, kept between jobs. Throws "bad-file", "missing-file", "weights-mismatch", "stopped". */
export async function* openProbeSource(
  spec: ModelSpec | EmbeddingSpec | CoordinateSpec,
  dataset: Dataset,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, ProbeSource, void> {
  if (spec.source === "coordinates") return COORDINATES_ONLY;
  if (spec.source === "embeddings") {
    return yield* keep(session, `embeddings ${filesKey(spec.files)} of ${dataset.key}`, () =>
      openFile(spec, dataset, signal),
    );
  }
  const model = yield* openModel(spec, dataset, session, signal);
  const kinds = ["bert", "twin"] as const;
  return {
    name: model.name,
    engine: model.engine,
    width: model.bert.config.width,
    variants: [PRE_TRAINED, TWIN],
    has: () => true,
    embed: (variant, rows) =>
      openEmbeddings(kinds[variant]!, rows, { dataset, model, session, signal }),
  };
}
