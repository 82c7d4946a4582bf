/** A model that was trained here, asked about the check-ins of other data. */
import { createBert } from "../../model/bert";
import { measurePerplexities, type Perplexities } from "../../model/scores";
import { drawQuestions, mostCheckIns } from "../../task/experiments/questions";
import type { PlaceSequences } from "../../task/baselines";
import type { PretrainedModel } from "../../task/table/run-model";
import type { CellPieces } from "../../token/tokeniser";
import type { Report } from "../session";
import { askModel, TRAINING_SHARE } from "./ask";

interface Asked {
  readonly sequences: PlaceSequences;
  readonly trajectories: ArrayLike<number>;
  readonly pieces: CellPieces;
  readonly count: number;
  readonly seed: number;
}

/** Perplexities with a fifth hidden, as in pre-training. */
export async function* perplexitiesOn(
  { config, tensors }: PretrainedModel,
  { sequences, trajectories, pieces, count, seed }: Asked,
  signal: AbortSignal,
): AsyncGenerator<Report, Perplexities, void> {
  const most = mostCheckIns(pieces, config.maxPositions);
  const options = { count, seed, most, share: TRAINING_SHARE };
  const questions = drawQuestions(sequences, trajectories, options);
  const bert = createBert(config, tensors);
  try {
    const asked = { beam: 0, top: 0, phase: "ask about other data", signal };
    return measurePerplexities(yield* askModel(bert, pieces, questions, asked));
  } finally {
    bert.dispose();
  }
}
