import { countOutside } from "../data/box";
import type { Engine } from "../gpu/engine";
import { countGptParameters } from "../model/gpt/parameters";
import type { Progress } from "../pace";
import type { Checkpoint } from "../train/checkpoint";
import { limitsOf } from "../train/estimate";
import {
  POINT_PRESETS,
  resolvePointConfig,
  toGptConfig,
  type PointConfig,
  type PointSettings,
} from "../train/gpt/config";
import type { PointRunState } from "../train/gpt/course";
import { checkPointsFit } from "../train/gpt/estimate";
import { pointModelFiles } from "../train/gpt/model-files";
import { pretrainPoints } from "../train/gpt/pretrain";
import type { PointBaselines } from "../train/gpt/scores";
import { openWindows, type PointData } from "./open-windows";
import type { Dataset } from "./open-dataset";
import { createPointGuess } from "./point-guess";
import type { Session } from "./session";
import type { Subject } from "./subject";

const VALIDATION_ROWS = 50;

/** The configuration of some settings for a data set, with its windows. Throws "bad-input" and "no-data". */
export async function* openPoints(
  dataset: Dataset,
  settings: PointSettings,
  seed: number,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, { config: PointConfig; data: PointData }, void> {
  const wanted: PointConfig = { ...POINT_PRESETS[settings.preset], ...settings.changes };
  const data = yield* openWindows(dataset, wanted, session, signal);
  return { config: resolvePointConfig(settings, seed, data.box), data };
}

/** Points outside the box, in words; undefined where there are none. */
function warningOf({ train }: PointData, { box }: PointConfig): string | undefined {
  const { count, outside } = countOutside(train.places, box);
  if (outside === 0) return undefined;
  return `${outside.toLocaleString("en")} of ${count.toLocaleString("en")} training points lie outside the box, beyond -1 or 1`;
}

/** A GPT on points. Throws "out-of-memory" and what the data throw. */
export async function* openPointSubject(
  dataset: Dataset,
  { settings, seed }: { settings: PointSettings; seed: number },
  engine: Engine,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, Subject, void> {
  const { config, data } = yield* openPoints(dataset, settings, seed, session, signal);
  checkPointsFit(config, limitsOf(engine));
  const warning = warningOf(data, config);
  return {
    config,
    parameters: countGptParameters(toGptConfig(config)),
    filledShare: data.filledShare,
    ...(warning !== undefined && { warning }),
    pretrain: (options) =>
      pretrainPoints({
        ...options,
        config,
        data,
        checkpoint: options.checkpoint as Checkpoint<PointRunState> | undefined,
        validationRows: VALIDATION_ROWS,
      }),
    guess: createPointGuess(data.validation, config),
    modelFiles: (state, tensors, { engine: description, baselines }) =>
      pointModelFiles(state as PointRunState, tensors, {
        engine: description,
        baselines: baselines as PointBaselines | undefined,
      }),
  };
}
