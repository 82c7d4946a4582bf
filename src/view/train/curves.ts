import type { BertStatus, TrainingStatus } from "../../core/job/training-status";
import type { LogRow } from "../../notebook/pretrain-settings";
import type { LossCurve } from "../chart/LossChart";
import { formatMeasure } from "../words";

export interface Level {
  readonly name: string;
  readonly y: number;
}

/** Perplexities a token that paper 1 reports (Figure 11, A.4.2), of other data with another vocabulary. */
const PAPER_LEVELS: readonly Level[] = [
  { name: "paper, untrained", y: 2327 },
  { name: "paper, 1 epoch", y: 5.27 },
  { name: "paper, 40 epochs", y: 3.79 },
];

/** A value of the rows that have one, by steps. */
export function curveOf<Row extends { readonly step: number }>(
  name: string,
  rows: readonly Row[],
  value: (row: Row) => number | undefined,
): LossCurve {
  const known = rows.filter((row) => value(row) !== undefined);
  return { name, x: known.map(({ step }) => step), y: known.map((row) => value(row)!) };
}

/** Curves that have any point. */
export const withPoints = (curves: readonly LossCurve[]): LossCurve[] =>
  curves.filter(({ x }) => x.length > 0);

/** Perplexity a token of training and validation. */
export function tokenCurves(log: readonly LogRow[]): LossCurve[] {
  return withPoints(
    (["train", "validation"] as const).map((split) =>
      curveOf(
        split,
        log.filter((row) => row.split === split),
        (row) => row.perplexity,
      ),
    ),
  );
}

/** Perplexity a check-in of validation: all its pieces hidden, and piece by piece. */
export function checkInCurves(log: readonly LogRow[]): LossCurve[] {
  const rows = log.filter(({ split }) => split === "validation");
  return withPoints([
    curveOf("all at once", rows, (row) => row.cellPerplexity),
    curveOf("piece by piece", rows, (row) => row.sequentialCellPerplexity),
  ]);
}

/** A level with its value in the name. */
export const named = (name: string, y: number): Level => ({
  name: `${name} ${formatMeasure(y)}`,
  y,
});

/** Where an untrained model stands a token, what a model must beat, and what the paper's came to. */
export function tokenLevels({
  baselines,
  vocabularySize,
}: Pick<BertStatus, "baselines" | "vocabularySize">): Level[] {
  const own = baselines ? [named("frequency", baselines.frequency.perplexity)] : [];
  return [named("any of the vocabulary", vocabularySize), ...own, ...PAPER_LEVELS];
}

/**
 * Where the validation was best, once a later one was worse, or a sign of overfitting was seen (paper 1, A.4.3): the
 * model of that step is the one that is kept.
 */
export function bestMarks({
  best,
  failures,
  log,
}: Pick<TrainingStatus, "best" | "failures" | "log">): { name: string; x: number }[] {
  const last = log.findLast(({ split }) => split === "validation")?.step ?? 0;
  if (best === undefined || last <= best.step) return [];
  const overfits = failures.some(({ kind }) => kind === "overfitting");
  return [{ name: overfits ? "overfits from here" : "best, kept", x: best.step }];
}

/** What a model must beat a check-in. */
export function checkInLevels({ baselines }: Pick<BertStatus, "baselines">): Level[] {
  if (baselines === undefined) return [];
  return [
    named("frequency", baselines.frequency.cellPerplexity),
    named("persistence", baselines.persistence.cellPerplexity),
  ];
}
