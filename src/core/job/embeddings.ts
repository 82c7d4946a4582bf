import { FootfallError } from "../errors";
import { takeCells, type CellTable } from "../geo/cells";
import { alongMainDirection } from "../task/main-direction";
import type { DatasetSpec } from "./dataset";
import { openDataset, seedOf } from "./open-dataset";
import { openProbeSource, type EmbeddingSpec } from "./probe-source";
import { toMade, type Made, type Report, type Session } from "./session";
import { visitorsOf } from "./visitors";

/** Looks at embeddings that another program made (DI-20). */
export interface EmbeddingsJob {
  kind: "embeddings";
  dataset: DatasetSpec;
  embeddings: EmbeddingSpec;
}

export interface EmbeddingsResult {
  /** The file and how it was read: "998 embeddings of 16 numbers from cells.npy". */
  source: string;
  width: number;
  /** Cells of the data set, and those of them that have an embedding. */
  total: number;
  cells: CellTable;
  /** Where each cell lies along the direction in which the embeddings differ most. [N] */
  along: Float32Array;
  /** Visitors of each cell, of real people only. [N] */
  people?: Uint32Array;
  made: Made;
}

/** Reads the embeddings and joins them to the data's cells. Throws "bad-file", "missing-file", "weights-mismatch". */
export async function* runEmbeddings(
  { dataset: spec, embeddings }: EmbeddingsJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, EmbeddingsResult, void> {
  const startedAt = performance.now();
  if (embeddings.files.length === 0)
    throw new FootfallError(
      "missing-file",
      `${embeddings.name} is not open any more: drop it again`,
    );
  const dataset = yield* openDataset(spec, session, signal);
  const source = yield* openProbeSource(embeddings, dataset, session, signal);
  const known = Uint32Array.from(dataset.cells.hi.keys()).filter((n) => source.has(n));
  const data = yield* source.embed(0, known);
  const visitors = visitorsOf(dataset);
  return {
    source: source.name,
    width: source.width,
    total: dataset.cells.hi.length,
    cells: takeCells(dataset.cells, known),
    along: alongMainDirection({ data, width: source.width }),
    ...(visitors && { people: Uint32Array.from(known, (n) => visitors[n]!) }),
    made: toMade(startedAt, { seed: seedOf(spec), data: dataset.key, model: source }),
  };
}
