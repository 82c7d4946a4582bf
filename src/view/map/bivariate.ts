import { BIVARIATE } from "./color-tables";
import { classScale } from "./class-figure";
import { formatShare, formatValue } from "./format";
import type { MapPanel } from "./MapPanels";
import type { Scale } from "./scale";

/** Where the middle third begins and ends: values up to the first edge are low, above the second high. */
export type Thirds = readonly [number, number];

/** The names of the three thirds, low to high. */
export const THIRD_NAMES = ["low", "middle", "high"] as const;

/** One of the two quantities of a bivariate map. */
export interface BivariateAxis {
  /** What it is called in legend and words, e.g. "truth". */
  readonly name: string;
  /** One value a cell, NaN for none. [N] */
  readonly values: ArrayLike<number>;
  readonly thirds: Thirds;
  /** What 0 and 1 mean where these are the only values, e.g. "wrong" and "right": the low and the high third. */
  readonly sides?: readonly [no: string, yes: string];
  /** How a value reads; default three significant digits. */
  readonly format?: (value: number) => string;
}

/** A bivariate map as plain objects. */
export interface Bivariate {
  /** Its values are 3 * third of the first + third of the second, in BIVARIATE's colours. */
  readonly panel: MapPanel;
  readonly axes: readonly [BivariateAxis, BivariateAxis];
  /** Cells of each colour, counts[3 * first + second]. [9] */
  readonly counts: Uint32Array;
  /** How many cells agree, and how many lie to either side, in one sentence. */
  readonly summary: string;
}

const SCALE: Scale = classScale(BIVARIATE, "");

/**
 * Edges that cut values into three parts of equal size; where so many values are equal that one part would be empty,
 * into three of equal width. NaN is left out; without any value both edges are NaN.
 */
export function cutThirds(values: ArrayLike<number>): Thirds {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  if (sorted.length === 0) return [NaN, NaN];
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1]!;
  const [first, second] = [at(1 / 3), at(2 / 3)];
  if (first < second && second < most) return [first, second];
  return [least + (most - least) / 3, least + (2 * (most - least)) / 3];
}

/** The lowest and the highest third of K steps, such as deciles; the middle takes what is left over. */
export function thirdsOfSteps(K: number): Thirds {
  const third = Math.floor(K / 3);
  return [third - 1, K - 1 - third];
}

/** Which third a value lies in, 0 to 2; NaN for no value. */
export function thirdOf(value: number, [first, second]: Thirds): number {
  if (Number.isNaN(value)) return NaN;
  return Number(value > first) + Number(value > second);
}

/** The third of an axis in a word or two. */
const thirdName = ({ name, sides }: BivariateAxis, third: number): string =>
  sides ? sides[third === 0 ? 0 : 1] : `${name} ${THIRD_NAMES[third]}`;

/** Nine shares would be too much to listen to: how many agree, and to which side the others lie. */
function describe(title: string, { axes, counts }: Pick<Bivariate, "axes" | "counts">): string {
  const [first, second] = axes;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return `${title}: no cell has both.`;
  const shareOf = (isCounted: (a: number, b: number) => boolean): string => {
    const cells = counts.filter((_, i) => isCounted(Math.floor(i / 3), i % 3));
    return formatShare(cells.reduce((sum, count) => sum + count, 0) / total);
  };
  if (first.sides) {
    const [no, yes] = first.sides;
    return (
      `${title}: ${shareOf((a) => a === 2)} of ${formatValue(total)} places ${yes}; ` +
      `${no} with high ${second.name} ${shareOf((a, b) => a === 0 && b === 2)}, ` +
      `${yes} with low ${second.name} ${shareOf((a, b) => a === 2 && b === 0)}.`
    );
  }
  const alike = shareOf((a, b) => a === b);
  const lower = shareOf((a, b) => b < a);
  const higher = shareOf((a, b) => b > a);
  return (
    `${title}, in thirds: ${alike} of ${formatValue(total)} places alike, ` +
    `${second.name} lower than ${first.name} in ${lower}, higher in ${higher}.`
  );
}

/** Two quantities of the same cells in one 3 x 3 colour scheme: two columns of a map, such as truth and inference. */
export function bivariate(
  { id, title }: Pick<MapPanel, "id" | "title">,
  axes: readonly [BivariateAxis, BivariateAxis],
): Bivariate {
  const [first, second] = axes;
  const counts = new Uint32Array(9);
  const values = Float32Array.from({ length: first.values.length }, (_, n) => {
    const both =
      3 * thirdOf(first.values[n]!, first.thirds) + thirdOf(second.values[n]!, second.thirds);
    if (!Number.isNaN(both)) counts[both]!++;
    return both;
  });
  const format = (both: number): string => {
    if (Number.isNaN(both)) return "no value";
    const [a, b] = [Math.floor(both / 3), both % 3];
    if (a === b && !first.sides) return `both ${THIRD_NAMES[a]}`;
    return `${thirdName(first, a)}, ${thirdName(second, b)}`;
  };
  return {
    panel: { id, title, values, scale: SCALE, format, isClasses: true },
    axes,
    counts,
    summary: describe(title, { axes, counts }),
  };
}
