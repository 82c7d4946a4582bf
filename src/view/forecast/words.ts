import type { ForecastResult } from "../../core/job/forecast";
import type { ForecastRow } from "../../core/task/forecast";
import type { Guesser } from "../../core/task/guessers";
import { formatKm } from "../map/format";
import type { MeasureColumn } from "../steps/measure-column";
import { formatCount, formatCounted } from "../words";

/** What the figure calls them. */
export const GUESSER_NAMES: Readonly<Record<Guesser, string>> = {
  model: "the model",
  persistence: "staying",
  linear: "going on straight",
  yesterday: "same time yesterday",
};

/** A time ahead: "45 min", "2 h 30 min". */
export function aheadText(points: number, intervalMin: number): string {
  const minutes = Math.round(points * intervalMin);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 ? `${hours} h` : [], rest > 0 ? `${rest} min` : []].flat().join(" ");
}

const km = (
  title: string,
  value: (row: ForecastRow) => number | undefined,
): MeasureColumn<ForecastRow> => ({ title, value, format: formatKm, better: "low" });

/** The table of errors: of the next point, of those that are another place, and of the last one ahead. */
export function errorColumns(steps: number): MeasureColumn<ForecastRow>[] {
  const last = ({ ahead }: ForecastRow) => ahead.at(-1);
  const onward = steps === 1 ? "alone" : `${formatCount(steps)} points ahead`;
  return [
    km("next point, median", ({ next }) => next.medianKm),
    km("mean", ({ next }) => next.meanKm),
    km("where they move, median", ({ moved }) => moved.medianKm),
    km("mean there", ({ moved }) => moved.meanKm),
    km(`${onward}, median`, (row) => last(row)?.medianKm),
    km(`${onward}, mean`, (row) => last(row)?.meanKm),
  ];
}

/** How the window that is drawn goes on, in a sentence. */
export function windowFinding({ known, truth, guesses, model }: ForecastResult): string {
  const { intervalMin } = model;
  const steps = truth.length;
  const time = aheadText(steps, intervalMin);
  const seen = `${formatCounted(known.length, "known point")}, one every ${formatCount(intervalMin)} minutes`;
  return `From ${seen}, the model goes on by itself and is ${formatKm(guesses.model.km.at(-1)!)} off after ${formatCounted(steps, "point")} (${time}); staying is ${formatKm(guesses.persistence.km.at(-1)!)} off.`;
}

/** Whether the model beats the best rule over the test windows, left to go on by itself, in a sentence. */
export function testFinding({ scores, truth, model }: ForecastResult): string {
  const off = ({ ahead }: ForecastRow): number => ahead.at(-1)?.meanKm ?? NaN;
  const [own, ...rules] = scores.rows;
  const [best] = rules.toSorted((a, b) => off(a) - off(b));
  if (own === undefined || best === undefined || Number.isNaN(off(own))) return "";
  const said = `Over ${formatCounted(scores.windows, "test window")} the model is ${formatKm(off(own))} off in the mean after ${formatCounted(truth.length, "point")} that it gives itself`;
  const rule = `${GUESSER_NAMES[best.guesser]}, ${formatKm(off(best))}`;
  const verdict =
    off(own) < off(best)
      ? `; the best rule, ${rule}.`
      : `, which does not beat the best rule, ${rule}.`;
  const open = model.isCausal
    ? ""
    : ` Its mask was off: where the next point stands before its eyes it is ${formatKm(own.next.meanKm)} off, for it copies; left alone it has nothing to copy.`;
  return `${said}${verdict}${open}`;
}
