import { FootfallError } from "../../core/errors";
import type { ExperimentJob, ExperimentProbeJob } from "../../core/job/experiment/experiment";
import type { ExperimentChoice } from "../../core/job/experiment/work";
import {
  EXPERIMENT_WORDS,
  EXPERIMENTS,
  type ExperimentName,
  type ExperimentSettings,
} from "../../core/task/experiments/names";
import type { Asking } from "../asking";
import { stepKind, type StepContext } from "../step-kind";
import { toDataset } from "./data";
import { toModel } from "./model";

export interface ExperimentSpec {
  experiment: ExperimentName;
  /** What differs from the experiment's own settings. */
  changes: Partial<ExperimentSettings>;
}

function toSpec(authored: Record<string, unknown>): ExperimentSpec {
  const { experiment = EXPERIMENTS[0], changes = {} } = authored;
  const known = EXPERIMENTS.find((name) => name === experiment);
  const areNumbers = Object.values(Object(changes) as object).every(Number.isInteger);
  if (known !== undefined && areNumbers)
    return { experiment: known, changes: Object(changes) as object };
  throw new FootfallError(
    "bad-input",
    `experiment step: expected one of ${EXPERIMENTS.join(", ")} and whole numbers for its settings, got ${JSON.stringify(authored)}`,
  );
}

/** The settings that run: the experiment's own and what was changed. */
export const settingsOf = ({ experiment, changes }: ExperimentSpec): ExperimentSettings => ({
  ...EXPERIMENT_WORDS[experiment].settings,
  ...changes,
});

function toChoice(
  spec: ExperimentSpec,
  inputs: Record<string, unknown>,
  context: StepContext,
): ExperimentChoice {
  const { experiment } = spec;
  const { trains } = EXPERIMENT_WORDS[experiment];
  return {
    experiment,
    dataset: toDataset(inputs["data"], context),
    ...(!trains && inputs["model"] !== undefined && { model: toModel(inputs["model"], context) }),
    settings: settingsOf(spec),
    seed: context.seed,
  };
}

export const experimentKind = stepKind<ExperimentSpec, ExperimentJob>({
  kind: "experiment",
  inputs: { data: "data", model: "model" },
  cost: "long",
  toSpec,
  toJob: (spec, inputs, context) => ({
    kind: "experiment",
    ...toChoice(spec, inputs, context),
  }),
});

/** How long the step's experiment would take on this device. */
export function toExperimentProbe({ spec, inputs, context }: Asking): ExperimentProbeJob {
  return { kind: "experiment-probe", ...toChoice(spec as ExperimentSpec, inputs, context) };
}
