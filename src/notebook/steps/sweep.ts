import { FootfallError } from "../../core/errors";
import type { SweepChoice, SweepProbeJob } from "../../core/job/sweep/probe";
import type { SweepBudget } from "../../core/job/sweep/record";
import type { SweepJob } from "../../core/job/sweep/sweep";
import { MOST_SEEDS, SWEEPS, type SweepOver } from "../../core/job/sweep/words";
import type { TradeOffsJob } from "../../core/job/trade-offs";
import type { PretrainSettings } from "../../core/train/config";
import type { Asking } from "../asking";
import type { StepContext } from "../step-kind";
import { stepKind } from "../step-kind";
import { toTruths, type AdaptSpec } from "./adapt";
import { toDataset } from "./data";

export interface SweepSpec extends PretrainSettings {
  over: SweepOver;
  /** Its values with commas between; empty for the usual ones. */
  values: string;
  budget: SweepBudget;
  /** Runs of each setting. */
  seeds: number;
  /** Whether each run ends with scores on tasks. */
  withScores: boolean;
  /** Truths for them; default the simulated country's own. */
  truths?: NonNullable<AdaptSpec["truths"]>;
  /** The sweep that is opened or goes on; empty for a new one. */
  sweep: string;
}

/** A coffee's length on a processor. */
const FIRST_LOOK: SweepBudget = { kind: "minutes", minutes: 10 };
const PRESETS: readonly unknown[] = ["tiny", "small", "base"];

const isBudget = (budget: unknown): budget is SweepBudget => {
  const { kind, steps, minutes } = Object(budget) as Record<string, unknown>;
  return (kind === "steps" && Number(steps) > 0) || (kind === "minutes" && Number(minutes) > 0);
};

function toSpec(authored: Record<string, unknown>): SweepSpec {
  const { over = "resolution", values = "", preset = "tiny", changes = {} } = authored;
  const { budget = FIRST_LOOK, seeds = 1, sweep = "", withScores = true, truths } = authored;
  const known = SWEEPS.find((one) => one === over);
  const isRight =
    known !== undefined &&
    typeof values === "string" &&
    PRESETS.includes(preset) &&
    typeof changes === "object" &&
    changes !== null &&
    isBudget(budget) &&
    Number.isInteger(seeds) &&
    Number(seeds) >= 1 &&
    Number(seeds) <= MOST_SEEDS &&
    typeof sweep === "string" &&
    typeof withScores === "boolean" &&
    (truths === undefined || (typeof truths === "object" && truths !== null));
  if (isRight) {
    const choice = { over: known, values, preset, changes, budget, seeds, withScores };
    return { ...choice, ...(truths && { truths }), sweep } as SweepSpec;
  }
  throw new FootfallError(
    "bad-input",
    `sweep step: expected what it goes over (${SWEEPS.join(", ")}), its values as text, a preset (${PRESETS.join(", ")}), a budget of steps or minutes, 1 to ${MOST_SEEDS} seeds, whether runs are scored and truths by role, got ${JSON.stringify(authored)}`,
  );
}

function toChoice(spec: SweepSpec, data: unknown, context: StepContext): SweepChoice {
  const { over, values, preset, changes, budget, seeds, withScores } = spec;
  const dataset = toDataset(data, context);
  const settings = { preset, changes };
  const truths = toTruths(spec.truths, context);
  return {
    dataset,
    over,
    values,
    settings,
    budget,
    seeds,
    seed: context.seed,
    withScores,
    truths,
  };
}

export const sweepKind = stepKind<SweepSpec, SweepJob>({
  kind: "sweep",
  inputs: { data: "data" },
  cost: "long",
  toSpec,
  toJob: (spec, inputs, context) => ({
    kind: "sweep",
    ...toChoice(spec, inputs["data"], context),
    sweep: spec.sweep === "" ? `sweep-${crypto.randomUUID().slice(0, 8)}` : spec.sweep,
  }),
});

/** How long the step's sweep would take on this device. */
export function toSweepProbe({ spec, inputs, context }: Asking): SweepProbeJob {
  return { kind: "sweep-probe", ...toChoice(spec as SweepSpec, inputs["data"], context) };
}

/** What resolution, window and share of hidden check-ins cost and leave of the step's data. */
export const toTradeOffs = ({ inputs, context }: Asking): TradeOffsJob => ({
  kind: "trade-offs",
  dataset: toDataset(inputs["data"], context),
  seed: context.seed,
});
