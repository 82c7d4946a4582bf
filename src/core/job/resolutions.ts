import type { Progress } from "../pace";
import { SPECIAL_TOKENS } from "../token/tokeniser";
import type { DatasetSpec } from "./dataset";
import { makeTokeniser, type TokeniserChoice } from "./make-tokeniser";
import { countPlaces, measureModel, measureTokeniser } from "./measure-tokeniser";
import type { ModelSpec } from "./model";
import { openDataset } from "./open-dataset";
import { openResolution, resolutionsOf, type Resampled } from "./open-resolution";
import type { Made, Report, Session } from "./session";
import { madeWith, withRows, type TokenRows } from "./token-bench";

export interface ResolutionsJob {
  kind: "resolutions";
  dataset: DatasetSpec;
  tokeniser: TokeniserChoice;
  /** The model whose own perplexity stands in its row; default none. */
  model?: ModelSpec;
  seed: number;
}

/** Size of a vocabulary that writes every cell of the area. */
export interface VocabularySize {
  resolution: number;
  tokeniser: TokeniserChoice;
  size: number;
}

export interface ResolutionsResult extends TokenRows {
  /** Of the kinds that a chart tells apart, at every resolution (TK-10). */
  vocabularies: VocabularySize[];
  /** Trajectories that the filters drop, by resolution; against the data's own. */
  dropped: { resolution: number; trajectories: number }[];
  made: Made;
}

/** Kinds that differ enough to be drawn; the other groupings lie between them. The slow one comes last. */
const DRAWN: readonly TokeniserChoice[] = ["flat", "5|3", "one digit a level", "wordpiece"];

/** Size of a vocabulary; word pieces must be learnt to know how many there are. */
async function* sizeOf(
  choice: TokeniserChoice,
  resampled: Resampled,
  signal: AbortSignal,
): AsyncGenerator<Progress, number, void> {
  if (choice === "flat") return SPECIAL_TOKENS.length + resampled.areaCount;
  return (yield* makeTokeniser(choice, resampled, signal)).vocabularySize;
}

/** One tokeniser at every resolution of the data (TK-01), and how vocabularies grow with it (TK-10). */
export async function* runResolutions(
  { dataset: spec, tokeniser, model: modelSpec, seed }: ResolutionsJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ResolutionsResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(spec, session, signal);
  const model = yield* measureModel(modelSpec, dataset, [tokeniser], { seed, session, signal });
  const resolutions = resolutionsOf(dataset);
  const found: TokenRows = { rows: [], width: model?.width };
  const opened: Resampled[] = [];
  const total = resolutions.length;
  for (const [done, resolution] of resolutions.entries()) {
    const partial = { ...found, rows: [...found.rows] };
    yield { phase: "measure resolutions", done, total, unit: "resolutions", partial };
    const opening = openResolution(dataset, spec, { resolution }, session, signal);
    const resampled = yield* withRows(found, opening);
    const work = measureTokeniser(tokeniser, countPlaces(resampled), { model, signal });
    found.rows.push(yield* withRows(found, work));
    opened.push(resampled);
  }
  const vocabularies: VocabularySize[] = [];
  for (const choice of DRAWN) {
    for (const [i, resampled] of opened.entries()) {
      const row = found.rows[i]!;
      const work = withRows(found, sizeOf(choice, resampled, signal));
      const size = choice === tokeniser ? row.vocabularySize : yield* work;
      vocabularies.push({ resolution: resampled.resolution, tokeniser: choice, size });
    }
  }
  const dropped = opened.map(({ resolution, droppedTrajectories }) => {
    return { resolution, trajectories: droppedTrajectories };
  });
  const made = madeWith(startedAt, { seed, data: dataset.key }, model);
  return { ...found, vocabularies, dropped, made };
}
