/** Short pre-training runs that are compared with one another. */
import type { BertConfig } from "../../model/config";
import type { HostTensors } from "../../model/safetensors";
import { FootfallError } from "../../errors";
import { PRESETS, toBertConfig, type PretrainConfig } from "../../train/config";
import { pretrain } from "../../train/pretrain";
import type { LogRow } from "../../train/state";
import type { TrainingData } from "../open-corpus";
import { overLosses } from "../over-losses";
import { timeStep } from "../pretrain-probe";
import type { Report, Session } from "../session";
import { checkOf } from "../training";

/** The model of all experiments that train: small, and rows short enough for a processor. */
export const SHORT: PretrainConfig = { ...PRESETS.tiny, maxLength: 64 };

/** Stretches of the validation part that a run is judged on. */
const VALIDATION_ROWS = 150;

/** What a short run leaves. */
export interface ShortRun {
  readonly config: BertConfig;
  readonly tensors: HostTensors;
  readonly tokens: number;
  /** Over the validation part, at the run's end. */
  readonly perplexity: number;
  readonly tokenPerplexity: number;
}

interface ShortOptions {
  readonly config: PretrainConfig;
  readonly steps: number;
  readonly data: TrainingData;
  /** Masks of the validation: the same for runs that are compared. */
  readonly masks: Pick<PretrainConfig, "maskRate" | "seed">;
  readonly phase: string;
  /** Parameters to begin with; default random ones. */
  readonly start?: HostTensors;
}

const lastValidation = (log: readonly LogRow[]): LogRow | undefined =>
  log.findLast(({ split }) => split === "validation");

/** Trains one model to its end. Throws as `pretrain`. */
export function trainShort(
  { config, steps, data, masks, phase, start }: ShortOptions,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ShortRun, void> {
  const V = data.tokeniser.vocabularySize;
  async function* attempt(): AsyncGenerator<Report, ShortRun, void> {
    const engine = await session.engine();
    engine.takeFault(); // of what ran before
    const work = pretrain({
      config,
      budget: { kind: "steps", steps },
      data,
      vocabularySize: V,
      start,
      validations: 0,
      validationRows: VALIDATION_ROWS,
      validationMasks: masks,
      checkpointSeconds: Infinity,
      checkEngine: checkOf(engine),
      signal,
    });
    for (;;) {
      const { done, value } = await work.next();
      if (!done) {
        yield { phase, done: value.done, total: value.total, unit: value.unit };
        continue;
      }
      const { tensors, checkpoint } = value;
      const end = lastValidation(checkpoint.state.log);
      if (end?.cellPerplexity === undefined) {
        throw new FootfallError(
          "no-data",
          "the run was not validated: there is nothing to compare",
        );
      }
      const { cellPerplexity: perplexity, perplexity: tokenPerplexity } = end;
      const { tokens } = checkpoint.state;
      return { config: toBertConfig(config, V), tensors, tokens, perplexity, tokenPerplexity };
    }
  }
  return overLosses(session, attempt, () => Promise.resolve());
}

/** Seconds of one step of a short run here. */
export async function* timeShort(
  data: TrainingData,
  config: PretrainConfig,
  signal: AbortSignal,
): AsyncGenerator<Report, number, void> {
  yield { phase: "time a step", done: 0, total: 1, unit: "steps" };
  return timeStep(config, data, signal);
}
