import {
  fitSizeLaw,
  LEAST_SIZES,
  sizeBand,
  type BandPoint,
  type SizeLaw,
  type SizePoint,
} from "./size-law";
import type { SettingSummary } from "./summary";

/** A size that has run, with what it cost. */
export interface Rung extends SizePoint {
  readonly name: string;
  /** Per check-in. */
  readonly perplexity: number;
  readonly seconds: number;
  readonly operations: number;
}

/** Loss against size, with the law where there is one. */
export interface Ladder {
  /** Of growing size. */
  readonly rungs: readonly Rung[];
  readonly law: SizeLaw | undefined;
  /** Empty without a law. */
  readonly band: readonly BandPoint[];
}

function toRung(row: SettingSummary): Rung[] {
  const { planned, loss, cellPerplexity, seconds, operations } = row;
  if (loss === undefined || cellPerplexity === undefined) return [];
  if (seconds === undefined || operations === undefined) return [];
  const { parameters, setting } = planned;
  const { mean: perplexity } = cellPerplexity;
  return [{ name: setting.name, parameters, loss, perplexity, seconds, operations }];
}

/** Loss against size of the settings that have run, means over seeds. */
export function toLadder(rows: readonly SettingSummary[]): Ladder {
  const rungs = rows.flatMap(toRung).toSorted((a, b) => a.parameters - b.parameters);
  const law = fitSizeLaw(rungs);
  return { rungs, law, band: law === undefined ? [] : sizeBand(rungs, law) };
}

const short = (value: number): string =>
  value.toLocaleString("en-GB", { maximumSignificantDigits: 3 });

const loss = (value: number): string => value.toFixed(2);

/** What the ladder says, with how far it is to be believed. */
export function ladderFinding({ rungs, law, band }: Ladder): string {
  const [first, last, end] = [rungs[0], rungs.at(-1), band.at(-1)];
  if (rungs.length < LEAST_SIZES || first === undefined || last === undefined) {
    return `No curve of loss against size: it takes ${LEAST_SIZES} sizes, and ${rungs.length} have run.`;
  }
  if (law === undefined || end === undefined) {
    return "The loss does not fall with size here, so no curve is drawn: larger models need more steps than these.";
  }
  const far = Math.log10(end.parameters / last.parameters);
  return `Loss ≈ ${loss(law.floor)} + ${short(law.scale)} × (${short(law.unit)} / parameters)^${short(law.exponent)}, fitted on ${rungs.length} sizes of ${short(first.parameters)} to ${short(last.parameters)} parameters. Drawn out to ${short(end.parameters)} it says ${loss(end.loss)} [${loss(end.low)}, ${loss(end.high)}] (95 %, by leaving out one size after the other). That is an extrapolation over ${far.toFixed(1)} orders of magnitude and no promise: the band holds what these few runs leave open, not whether a larger model would learn as much in so few steps, nor whether the form holds.`;
}
