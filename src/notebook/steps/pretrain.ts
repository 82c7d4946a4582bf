import { FootfallError } from "../../core/errors";
import type { PretrainJob } from "../../core/job/pretrain";
import type { PretrainProbeJob } from "../../core/job/pretrain-probe";
import type { PretrainSettings } from "../../core/train/config";
import type { Budget } from "../../core/train/state";
import type { Asking } from "../asking";
import { stepKind } from "../step-kind";
import { toDataset } from "./data";

export interface PretrainSpec extends PretrainSettings {
  budget: Budget;
  /** The run that is opened or goes on; empty for a new one. */
  run: string;
  /** With which a run that goes on multiplies its learning rate; default what it had. */
  rateFactor?: number | undefined;
  /** Trajectories a pass with which a run goes on whose memory ran out; default what it had. */
  batch?: number | undefined;
}

/** Steps of a first look: minutes on a processor. */
const FIRST_LOOK: Budget = { kind: "steps", steps: 300 };

const PRESETS: readonly unknown[] = ["tiny", "small", "base"];
const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null;

/** The job checks every value of the configuration: its bounds come with its code. */
function toSpec(authored: Record<string, unknown>): PretrainSpec {
  const { preset = "tiny", changes = {}, budget = FIRST_LOOK, run = "" } = authored;
  const { kind } = (budget ?? {}) as Record<string, unknown>;
  const length = (budget as Record<string, unknown> | null)?.[String(kind)];
  const hasLength = ["steps", "epochs", "minutes"].some((one) => one === kind);
  if (
    PRESETS.includes(preset) &&
    isRecord(changes) &&
    hasLength &&
    Number(length) > 0 &&
    typeof run === "string"
  ) {
    const goingOn = Object.entries(authored).filter(
      ([name, value]) => ["rateFactor", "batch"].includes(name) && typeof value === "number",
    );
    return { preset, changes, budget, run, ...Object.fromEntries(goingOn) } as PretrainSpec;
  }
  throw new FootfallError(
    "bad-input",
    `pretrain step: expected a preset (${PRESETS.join(", ")}), changes of it and a budget of steps, epochs or minutes, got ${JSON.stringify(authored)}`,
  );
}

export const pretrainKind = stepKind<PretrainSpec, PretrainJob>({
  kind: "pretrain",
  inputs: { data: "data" },
  cost: "long",
  toSpec,
  toJob: ({ preset, changes, budget, run, rateFactor, batch }, inputs, context) => ({
    kind: "pretrain",
    dataset: toDataset(inputs["data"], context),
    settings: { preset, changes },
    seed: context.seed,
    budget,
    rateFactor,
    batch,
    run: run === "" ? crypto.randomUUID().slice(0, 8) : run,
  }),
});

/** What the step's settings would need on this device. */
export function toPretrainProbe({ spec, inputs, context }: Asking): PretrainProbeJob {
  const { preset, changes } = spec as PretrainSpec;
  const dataset = toDataset(inputs["data"], context);
  return { kind: "pretrain-probe", dataset, settings: { preset, changes }, seed: context.seed };
}
