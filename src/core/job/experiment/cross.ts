/** A model that was trained here, asked about the check-ins of other data. */
import { createBert } from "../../model/bert";
import { drawQuestions, mostCheckIns } from "../../task/experiments/questions";
import type { PlaceSequences } from "../../task/baselines";
import type { CellPieces } from "../../token/tokeniser";
import type { Report } from "../session";
import { askModel, perplexitiesOf, TRAINING_SHARE } from "./ask";
import type { ShortRun } from "./train";

interface Asked {
  readonly sequences: PlaceSequences;
  readonly trajectories: ArrayLike<number>;
  readonly pieces: CellPieces;
  readonly count: number;
  readonly seed: number;
}

/** Perplexity per check-in with a fifth hidden, as in pre-training. */
export async function* perplexityOn(
  { config, tensors }: Pick<ShortRun, "config" | "tensors">,
  { sequences, trajectories, pieces, count, seed }: Asked,
  signal: AbortSignal,
): AsyncGenerator<Report, number, void> {
  const most = mostCheckIns(pieces, config.maxPositions);
  const options = { count, seed, most, share: TRAINING_SHARE };
  const questions = drawQuestions(sequences, trajectories, options);
  const bert = createBert(config, tensors);
  try {
    const asked = { beam: 0, top: 0, phase: "ask about other data", signal };
    return perplexitiesOf(yield* askModel(bert, pieces, questions, asked))[0];
  } finally {
    bert.dispose();
  }
}
