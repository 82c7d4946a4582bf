import { FootfallError } from "../../core/errors";
import type { PretrainJob } from "../../core/job/pretrain";
import type { PretrainProbeJob } from "../../core/job/pretrain-probe";
import type { PretrainSettings } from "../../core/train/config";
import type { PointSettings } from "../../core/train/gpt/config";
import type { Budget } from "../../core/train/state";
import type { Asking } from "../asking";
import { stepKind } from "../step-kind";
import { toDataset } from "./data";

interface RunSpec {
  budget: Budget;
  /** The run that is opened or goes on; empty for a new one. */
  run: string;
  /** With which a run that goes on multiplies its learning rate; default what it had. */
  rateFactor?: number | undefined;
  /** Trajectories a pass with which a run goes on whose memory ran out; default what it had. */
  batch?: number | undefined;
}

/** BERT on masked check-ins. */
export interface BertSpec extends RunSpec, PretrainSettings {
  family?: undefined;
}

/** A GPT on points. */
export interface PointSpec extends RunSpec, PointSettings {
  family: "gpt";
}

export type PretrainSpec = BertSpec | PointSpec;

/** Steps of a first look: minutes on a processor. */
const FIRST_LOOK: Budget = { kind: "steps", steps: 300 };

const PRESETS = ["tiny", "small", "base"];
const POINT_PRESETS = ["tiny", "small", "medium", "raw"];
const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null;

/** The job checks every value of the configuration: its bounds come with its code. */
function toSpec(authored: Record<string, unknown>): PretrainSpec {
  const { family, preset = "tiny", changes = {}, budget = FIRST_LOOK, run = "" } = authored;
  const presets = family === "gpt" ? POINT_PRESETS : PRESETS;
  const { kind } = (budget ?? {}) as Record<string, unknown>;
  const length = (budget as Record<string, unknown> | null)?.[String(kind)];
  const hasLength = ["steps", "epochs", "minutes"].some((one) => one === kind);
  if (
    presets.includes(String(preset)) &&
    isRecord(changes) &&
    hasLength &&
    Number(length) > 0 &&
    typeof run === "string"
  ) {
    const goingOn = Object.entries(authored).filter(
      ([name, value]) => ["rateFactor", "batch"].includes(name) && typeof value === "number",
    );
    return {
      ...(family === "gpt" && { family }),
      preset,
      changes,
      budget,
      run,
      ...Object.fromEntries(goingOn),
    } as PretrainSpec;
  }
  throw new FootfallError(
    "bad-input",
    `pretrain step: expected a preset (${presets.join(", ")}), changes of it and a budget of steps, epochs or minutes, got ${JSON.stringify(authored)}`,
  );
}

/** What a job is told of the model. */
function settingsOf(spec: Pick<PretrainSpec, "family" | "preset" | "changes">) {
  const { family, preset, changes } = spec;
  const settings = family === "gpt" ? { family, preset, changes } : { preset, changes };
  return settings as PretrainJob["settings"];
}

export const pretrainKind = stepKind<PretrainSpec, PretrainJob>({
  kind: "pretrain",
  inputs: { data: "data" },
  cost: "long",
  toSpec,
  toJob: ({ budget, run, rateFactor, batch, ...spec }, inputs, context) => ({
    kind: "pretrain",
    dataset: toDataset(inputs["data"], context),
    settings: settingsOf(spec),
    seed: context.seed,
    budget,
    rateFactor,
    batch,
    run: run === "" ? crypto.randomUUID().slice(0, 8) : run,
  }),
});

/** What the step's settings would need on this device. */
export function toPretrainProbe({ spec, inputs, context }: Asking): PretrainProbeJob {
  const settings = settingsOf(spec as PretrainSpec);
  const dataset = toDataset(inputs["data"], context);
  return { kind: "pretrain-probe", dataset, settings, seed: context.seed };
}
