import type { Engine } from "../gpu/engine";
import { countParameters } from "../model/parameters";
import type { Progress } from "../pace";
import type { BaselineScores } from "../train/baselines";
import type { Checkpoint } from "../train/checkpoint";
import { extrasOf, toBertConfig, withExtrasOf, type PretrainConfig } from "../train/config";
import { checkFits, limitsOf } from "../train/estimate";
import { modelFiles } from "../train/model-files";
import { pretrain } from "../train/pretrain";
import type { RunState } from "../train/state";
import { createLiveGuess } from "./live-guess";
import { openCorpus } from "./open-corpus";
import type { Dataset } from "./open-dataset";
import type { Session } from "./session";
import type { Subject } from "./subject";

const VALIDATION_ROWS = 100;

/** A BERT by masked trajectory modelling. Throws "out-of-memory" and what the data throw. */
export async function* openBertSubject(
  dataset: Dataset,
  asked: PretrainConfig,
  engine: Engine,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, Subject, void> {
  const data = yield* openCorpus(dataset, session, signal, extrasOf(asked));
  const { tokeniser } = data;
  const config = withExtrasOf(asked, tokeniser.extras);
  const { vocabularySize } = tokeniser;
  checkFits(config, vocabularySize, limitsOf(engine));
  return {
    config,
    parameters: countParameters(toBertConfig(config, vocabularySize)),
    vocabularySize,
    pretrain: (options) =>
      pretrain({
        ...options,
        config,
        data,
        vocabularySize,
        checkpoint: options.checkpoint as Checkpoint | undefined,
        validationRows: VALIDATION_ROWS,
      }),
    guess: createLiveGuess(dataset, data, config),
    modelFiles: (state, tensors, { engine: description, baselines }) =>
      modelFiles(state as RunState, tensors, {
        engine: description,
        tokeniser,
        baselines: baselines as BaselineScores | undefined,
      }),
  };
}
