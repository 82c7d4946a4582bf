import type { PointRecord, RunRecord } from "../../core/job/run-store";
import type { BertStatus, TrainingStatus } from "../../core/job/training-status";
import {
  differencesFromPaper,
  differencesFromRaw,
  isOfPoints,
  PAPER_SCALE,
} from "../../notebook/pretrain-settings";
import type { Budget, PointConfig, PretrainConfig } from "../../notebook/pretrain-settings";
import { formatCount, formatCounted, formatMeasure, formatSeconds } from "../words";
import { pointLabel } from "./point-settings";
import { labelOf, valueText } from "./settings";

const when = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** "22 Nov 2026, 11:04". */
export const whenText = (timeMs: number): string => when.format(timeMs);

/** How long a run is: "300 steps", "5 minutes". */
export function budgetText(budget: Budget): string {
  if (budget.kind === "steps") return formatCounted(budget.steps, "step");
  if (budget.kind === "minutes") return formatCounted(budget.minutes, "minute");
  return formatCounted(budget.epochs, "epoch");
}

/** Rows of the validation, the first of them before any training. */
export function validationsOf<Row extends { readonly split: string }>(log: readonly Row[]): Row[] {
  return log.filter(({ split }) => split === "validation");
}

/** What a run has learnt so far, beside what needs no model, in one sentence. */
export function findingOf({
  log,
  baselines,
}: Pick<BertStatus, "log" | "baselines">): string | undefined {
  const validations = validationsOf(log);
  const [first, last] = [validations[0], validations.at(-1)];
  if (first?.cellPerplexity === undefined || last?.cellPerplexity === undefined) return undefined;
  const rivals = baselines
    ? `; guessing by frequency has ${formatMeasure(baselines.frequency.cellPerplexity)}, staying near the neighbours ${formatMeasure(baselines.persistence.cellPerplexity)}`
    : "";
  if (first === last) {
    return `Untrained, the model is as unsure of a hidden place as among ${formatMeasure(first.cellPerplexity)} equally likely ones${rivals}.`;
  }
  return `After ${formatCounted(last.step, "step")} the model is as unsure of a hidden place as among ${formatMeasure(last.cellPerplexity)} equally likely ones; untrained among ${formatMeasure(first.cellPerplexity)}${rivals}.`;
}

const DAY_SECONDS = 86_400;

/** Seconds in words: days from two on. */
export const longTimeText = (seconds: number): string =>
  seconds > 2 * DAY_SECONDS ? `${formatCount(seconds / DAY_SECONDS)} days` : formatSeconds(seconds);

/** How long the paper's training would take at a rate. */
export function paperTimeText(tokensPerSecond: number): string {
  const time = longTimeText(PAPER_SCALE.tokens / tokensPerSecond);
  return `At this rate, with this model, the paper’s 40 billion tokens would take ${time}.`;
}

/** How long the tab or the computer slept while the run went, in one sentence; empty for never. */
export function sleptText({ slept }: Pick<TrainingStatus, "slept">): string {
  if (slept === undefined) return "";
  const { times, seconds, step } = slept;
  const often = times === 1 ? "once" : `${formatCount(times)} times`;
  return `The tab or the computer slept ${often}, ${formatSeconds(seconds)} in all, last after step ${formatCount(step)}; training went on from where it was, and that time does not count.`;
}

/** What a run has different from the one of its kind before it on the same data, as one line. */
export function whatChanged(run: RunRecord, before: RunRecord | undefined): string {
  if (before === undefined) {
    const { config } = run;
    const count = isOfPoints<PointRecord>(run)
      ? differencesFromRaw(run.config).length
      : differencesFromPaper(config as PretrainConfig).length;
    return count === 0
      ? "the paper’s settings"
      : `${formatCounted(count, "setting")} not as in the paper`;
  }
  const parts = changesBetween(before, run);
  return parts.length > 0 ? parts.join(", ") : "the same settings";
}

/** What a value of either configuration is called. */
const nameOf = (run: RunRecord, name: string): string =>
  isOfPoints<PointRecord>(run)
    ? pointLabel(name as keyof PointConfig)
    : labelOf(name as keyof PretrainConfig);

const sayValue = (value: unknown): string =>
  typeof value === "number" || typeof value === "string" ? valueText(value) : String(value);

function changesBetween(before: RunRecord, run: RunRecord): string[] {
  const [here, there] = [run.config, before.config] as unknown as Record<string, unknown>[];
  const names = new Set([...Object.keys(here!), ...Object.keys(there!)]);
  const isSame = (name: string): boolean => String(here![name]) === String(there![name]);
  const changed = [...names].filter((name) => name !== "family" && !isSame(name));
  const parts = changed.map(
    (name) => `${nameOf(run, name)} ${sayValue(there![name])} → ${sayValue(here![name])}`,
  );
  const [was, is] = [budgetText(before.budget), budgetText(run.budget)];
  if (was !== is) parts.push(`${was} → ${is}`);
  return parts;
}
