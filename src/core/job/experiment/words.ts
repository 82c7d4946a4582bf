import { shortNumber } from "../../papers/judgement";
import { measureFacts, type MeasureName } from "../../task/experiments/readings";
import type { Spread } from "../../task/table/interval";

/** A share of one: "25 %", "13.4 %". */
export const shareText = (share: number): string => `${shortNumber(100 * share)} %`;

/** A number of a measure: "306", "13.4 %", "6.47". */
export function measureText(measure: MeasureName, value: number): string {
  const { kind } = measureFacts(measure);
  if (kind === "share") return shareText(value);
  return roundText(kind === "count" ? Math.round(value) : value);
}

/** Three digits, or all of a number from 1,000 up without its fraction. */
const roundText = (value: number): string =>
  shortNumber(Math.abs(value) >= 1000 ? Math.round(value) : value);

/** "2.9 [2.7, 3.2]"; without the interval where there is one value alone, or all are the same. */
export function spreadText({ mean, low, high }: Spread, text = roundText): string {
  if (low === undefined || high === undefined || low === high) return text(mean);
  return `${text(mean)} [${text(low)}, ${text(high)}]`;
}

/** The same in the words of a measure. */
export const pointText = (measure: MeasureName, spread: Spread): string =>
  spreadText(spread, (value) => measureText(measure, value));

/** Which side of a value the whole interval lies on: 1 above, -1 below, 0 where it holds it or nothing is known of it. */
export function sideOf({ low, high }: Spread, value: number): -1 | 0 | 1 {
  if (low === undefined || high === undefined) return 0;
  return low > value ? 1 : high < value ? -1 : 0;
}
