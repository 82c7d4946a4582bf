import type { GeographyCheck } from "../../core/task/geography-check";
import type { MaskedRow } from "../../core/task/masked-evaluation";
import type { ProbeRow } from "../../core/task/probe";
import type { SplitScores } from "./probes";

const isNumeric = (text: string): boolean => /^[-\d]/.test(text);

/** Rows of words as lines with aligned columns: numbers and their heads to the right, words to the left. */
export function toLines(rows: readonly (readonly string[])[]): string[] {
  const columns = rows[0]!.map((_, c) => {
    const texts = rows.map((row) => row[c]!);
    return {
      width: Math.max(...texts.map(({ length }) => length)),
      isRight: texts.some(isNumeric),
    };
  });
  const pad = (text: string, c: number): string => {
    const { width, isRight } = columns[c]!;
    return isRight ? text.padStart(width) : text.padEnd(width);
  };
  return rows.map((row) => row.map(pad).join("  ").trimEnd());
}

const percent = (share: number | undefined): string =>
  share === undefined ? "" : `${(100 * share).toFixed(1)} %`;

const rounded = (value: number | undefined, digits = 0): string =>
  value === undefined || Number.isNaN(value) ? "" : value.toFixed(digits);

/** The masked-prediction table. */
export function describeMasked(rows: readonly MaskedRow[]): string[] {
  const table = rows.map(({ name, scores, perplexities }) => {
    const { medianKm, unseen } = scores;
    return [
      name,
      percent(scores.top1),
      percent(scores.top5),
      rounded(medianKm.value, 2),
      `${rounded(medianKm.low, 2)}-${rounded(medianKm.high, 2)}`,
      rounded(unseen?.medianKm.value, 2),
      rounded(perplexities?.perCell),
    ];
  });
  const head = ["", "top-1", "top-5", "median km", "95 %", "new cells km", "perplexity"];
  return toLines([head, ...table]);
}

/** The label-free check in one sentence. */
export function describeGeography(check: GeographyCheck | undefined): string {
  if (!check) return "geography check: this vocabulary has no tokens that are cells";
  const { medianKm, randomKm, perfectKm, places } = check;
  return `geography check: the most similar of ${places} cell tokens lies ${medianKm.toFixed(1)} km away (random ${randomKm.toFixed(0)}, perfect ${perfectKm.toFixed(1)})`;
}

function metricsOf({ scores, classDistance }: Pick<ProbeRow, "scores" | "classDistance">) {
  if (scores.kind === "regression") {
    const { mae, rmse, r2, pearson } = scores;
    return { MAE: mae, RMSE: rmse, R2: r2, Pearson: pearson };
  }
  const { accuracy, balancedAccuracy, f } = scores;
  const distance = classDistance === undefined ? {} : { Distance: classDistance };
  return { Accuracy: accuracy, Balanced: balancedAccuracy, F: f, ...distance };
}

/** The probe's table for one split of the cells. */
export function describeProbe({ split, drawn, rows }: SplitScores): string[] {
  const head = Object.keys(metricsOf(rows[0]!));
  const table = rows.map((row) => [
    row.name,
    ...Object.values(metricsOf(row)).map((value) => rounded(value, 3)),
    row.method,
  ]);
  const lines = toLines([[`${split} split`, ...head, ""], ...table]);
  return [`probe, learnt from ${drawn}, scored on ${rows[0]!.scores.count} others`, ...lines];
}
