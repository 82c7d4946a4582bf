/** Experiments that pre-train a small model for each setting and ask it tasks. */
import type { Reading } from "../../task/experiments/readings";
import { PRETRAINING } from "../../task/experiments/series";
import type { PretrainConfig } from "../../train/config";
import type { TrainingData } from "../open-corpus";
import type { Report, Session } from "../session";
import { measureDownstream, type DownstreamOptions, type TaskStand } from "./downstream";
import { trainShort } from "./train";
import { seedsFrom, type ExperimentChoice, type ExperimentWork, type Unit } from "./work";

/** Steps of training that asking the tasks is worth. */
const TASK_STEPS = 60;

/** A setting of an experiment. */
interface TrainedSetting {
  readonly at: string;
  readonly x?: number;
  readonly steps: number;
  readonly config: PretrainConfig;
  readonly data: TrainingData;
  readonly tasks: TaskStand;
}

/** What the parts of an experiment have in common. */
type SharedParts = Pick<DownstreamOptions, "twins" | "notes">;

async function* measureSetting(
  { at, x, steps, config, data, tasks }: TrainedSetting,
  { settings, seed: firstSeed }: ExperimentChoice,
  { seed, phase, ...shared }: SharedParts & { seed: number; phase: string },
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, Reading[], void> {
  const masks = { maskRate: config.maskRate, seed: firstSeed };
  const options = { config: { ...config, seed }, steps, data, masks, phase };
  const model = yield* trainShort(options, session, signal);
  const { pieces, tokeniser } = data;
  const asked = {
    ...tasks,
    ...shared,
    pieces,
    model,
    samples: settings.count,
    seed,
    twin: "",
    signal,
  };
  const gains = yield* measureDownstream(asked);
  const { perplexity, tokenPerplexity, tokens } = model;
  const found: Pick<Reading, "series" | "measure" | "value">[] = [
    { series: PRETRAINING, measure: "perplexity", value: perplexity },
    { series: PRETRAINING, measure: "tokenPerplexity", value: tokenPerplexity },
    { series: PRETRAINING, measure: "tokens", value: tokens },
    { series: PRETRAINING, measure: "vocabulary", value: tokeniser.vocabularySize },
    ...gains,
  ];
  return found.map((one) => ({ ...one, at, ...(x !== undefined && { x }), seed }));
}

/** Every setting with every seed: all settings with the first seed come first, so that any beginning can be compared. */
export function planTrained(
  settings: readonly TrainedSetting[],
  choice: ExperimentChoice,
  session: Session,
): Pick<ExperimentWork, "units" | "notes"> {
  const shared = { twins: new Map<string, number>(), notes: new Set<string>() };
  const units = seedsFrom(choice.seed, choice.settings.seeds).flatMap((seed) =>
    settings.map((setting): Unit => {
      const phase = `pre-train: ${setting.at}, seed ${seed}`;
      return {
        key: `${setting.at} ${seed}`,
        words: phase,
        weight: setting.steps + TASK_STEPS,
        run: (own) => measureSetting(setting, choice, { seed, phase, ...shared }, session, own),
      };
    }),
  );
  return { units, notes: shared.notes };
}
