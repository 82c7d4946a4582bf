import type { Progress } from "../pace";
import type { DatasetSpec } from "./dataset";
import { TOKENISER_CHOICES } from "./make-tokeniser";
import {
  countPlaces,
  measureModel,
  measureTokeniser,
  type MeasuredModel,
  type TokeniserRow,
} from "./measure-tokeniser";
import type { ModelSpec } from "./model";
import { openDataset } from "./open-dataset";
import { openResolution } from "./open-resolution";
import { toMade, type Made, type Report, type Session } from "./session";

export interface TokenBenchJob {
  kind: "token-bench";
  dataset: DatasetSpec;
  /** Default the data's own. */
  resolution?: number;
  /** The model whose own perplexity stands in its row; default none. */
  model?: ModelSpec;
  seed: number;
}

/** What the tables of tokenisers hold; `rows` grows while the job runs. */
export interface TokenRows {
  rows: TokeniserRow[];
  /** Width of the opened model's embeddings; undefined without one that fits the data. */
  width: number | undefined;
}

export interface TokenBenchResult extends TokenRows {
  made: Made;
}

/** Provenance of a table that a model may have a part in. */
export function madeWith(
  startedAt: number,
  { data, seed }: { data: string; seed: number },
  model: MeasuredModel | undefined,
): Made {
  return toMade(startedAt, { seed, data, ...(model && { model }) });
}

/** The same reports, each with the rows so far. */
export async function* withRows<T>(
  found: { readonly rows: readonly TokeniserRow[] },
  work: AsyncGenerator<Progress, T, void>,
): AsyncGenerator<Report, T, void> {
  for (;;) {
    const next = await work.next();
    if (next.done) return next.value;
    yield { ...next.value, partial: { ...found, rows: [...found.rows] } };
  }
}

/** Measures every tokeniser on the same cells and trajectories, one row each (TK-06). */
export async function* runTokenBench(
  { dataset: spec, resolution, model: modelSpec, seed }: TokenBenchJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, TokenBenchResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(spec, session, signal);
  const resampled = yield* openResolution(dataset, spec, { resolution }, session, signal);
  const isOwn = resampled.resolution === dataset.cells.resolution;
  const model = yield* measureModel(modelSpec, dataset, isOwn ? TOKENISER_CHOICES : [], {
    seed,
    session,
    signal,
  });
  const counted = countPlaces(resampled);
  const found: TokenRows = { rows: [], width: model?.width };
  const total = TOKENISER_CHOICES.length;
  for (const [done, choice] of TOKENISER_CHOICES.entries()) {
    const partial = { ...found, rows: [...found.rows] };
    yield { phase: "measure tokenisers", done, total, unit: "tokenisers", partial };
    const work = measureTokeniser(choice, counted, { model, signal });
    found.rows.push(yield* withRows(found, work));
  }
  return { ...found, made: madeWith(startedAt, { seed, data: dataset.key }, model) };
}
