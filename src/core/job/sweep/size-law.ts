import { exp, log, pow } from "../../exact";
import { reach95 } from "./summary";

/** What a model of so many parameters came to. */
export interface SizePoint {
  readonly parameters: number;
  /** Of validation, nats. */
  readonly loss: number;
}

/** loss = floor + scale * (parameters / unit) ** -exponent, the form of Hoffmann et al. 2022, section 3.3, in size alone. */
export interface SizeLaw {
  readonly floor: number;
  readonly scale: number;
  readonly exponent: number;
  /** Parameters that count as 1: the geometric mean of those that were fitted. */
  readonly unit: number;
  /** Sizes that it was fitted on. */
  readonly sizes: number;
}

/** The law at one size, with its 95 % interval there. */
export interface BandPoint extends SizePoint {
  readonly low: number;
  readonly high: number;
}

/** Fewer sizes than this have no curve. */
export const LEAST_SIZES = 3;
/** Parameters at which the band ends. */
export const LARGEST = 1e9;
/** Of all pairs of sizes, the larger less the smaller share that must have the lower loss. */
const LEAST_FALL = 0.5;
const EXPONENTS = { from: 0.001, to: 3, count: 120 } as const;
const REFINEMENTS = 4;

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The law in the loss. */
export function lossAt({ floor, scale, exponent, unit }: SizeLaw, parameters: number): number {
  return floor + scale * pow(parameters / unit, -exponent);
}

/** From a to b in steps of equal ratio, ends included. */
function spaced(a: number, b: number, count: number): number[] {
  const ratio = log(b / a) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? b : a * exp(i * ratio)));
}

interface Line {
  readonly floor: number;
  readonly scale: number;
}

/** Least squares of loss on x; through nothing below a floor of 0, where no loss can lie. */
function fitLine(x: readonly number[], loss: readonly number[], hasFloor: boolean): Line {
  const [meanX, meanY] = [meanOf(x), meanOf(loss)];
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  const shared = x.reduce((sum, value, i) => sum + (value - meanX) * (loss[i]! - meanY), 0);
  const floor = meanY - (shared / spread) * meanX;
  if (hasFloor && floor >= 0) return { floor, scale: shared / spread };
  const [xy, xx] = [x.reduce((s, v, i) => s + v * loss[i]!, 0), x.reduce((s, v) => s + v * v, 0)];
  return { floor: 0, scale: xy / xx };
}

interface Tried {
  readonly law: SizeLaw;
  readonly squares: number;
}

function tryExponent(points: readonly SizePoint[], exponent: number, hasFloor: boolean): Tried {
  const unit = exp(meanOf(points.map(({ parameters }) => log(parameters))));
  const x = points.map(({ parameters }) => pow(parameters / unit, -exponent));
  const line = fitLine(
    x,
    points.map(({ loss }) => loss),
    hasFloor,
  );
  const law = { ...line, exponent, unit, sizes: points.length };
  const squares = points.reduce((s, p) => s + (lossAt(law, p.parameters) - p.loss) ** 2, 0);
  return { law, squares };
}

/** The exponent by a grid that narrows, the rest by least squares at each. */
function search(points: readonly SizePoint[], hasFloor: boolean): SizeLaw {
  let { from, to }: { from: number; to: number } = EXPONENTS;
  for (let round = 0; ; round++) {
    const grid = spaced(from, to, EXPONENTS.count);
    const tried = grid.map((exponent) => tryExponent(points, exponent, hasFloor));
    const best = tried.reduce(
      (least, one, i) => (one.squares < tried[least]!.squares ? i : least),
      0,
    );
    if (round === REFINEMENTS) return tried[best]!.law;
    from = grid[Math.max(0, best - 1)]!;
    to = grid[Math.min(grid.length - 1, best + 1)]!;
  }
}

/** Pairs in which the larger has the lower loss less those in which it has not, of all: Kendall's tau turned round. */
function fallOf(points: readonly SizePoint[]): number {
  const pairs = points.flatMap((a, i) => points.slice(i + 1).map((b) => [a, b] as const));
  const signs = pairs.map(([a, b]) => Math.sign((a.parameters - b.parameters) * (b.loss - a.loss)));
  return meanOf(signs);
}

/**
 * The law of some sizes, least squares in the loss. Undefined for fewer than three, and where the loss does not fall
 * with size: in at least three of four pairs, and from the smallest to the largest.
 */
export function fitSizeLaw(points: readonly SizePoint[]): SizeLaw | undefined {
  const sorted = points.toSorted((a, b) => a.parameters - b.parameters);
  if (sorted.length < LEAST_SIZES || fallOf(sorted) < LEAST_FALL) return undefined;
  if (sorted.at(-1)!.loss >= sorted[0]!.loss) return undefined;
  const law = search(sorted, true);
  return law.scale > 0 ? law : undefined;
}

/** No gain at all from size. */
const levelAt = (points: readonly SizePoint[]): SizeLaw => ({
  floor: Math.min(...points.map(({ loss }) => loss)),
  scale: 0,
  exponent: 0,
  unit: 1,
  sizes: points.length,
});

/** Without one size after the other; what no longer falls says that size gains nothing more. */
function leaveOut(points: readonly SizePoint[]): SizeLaw[] {
  return points.map((_, out) => {
    const rest = points.filter((__, i) => i !== out);
    if (fallOf(rest) < LEAST_FALL) return levelAt(rest);
    return search(rest, rest.length >= LEAST_SIZES); // two sizes cannot tell a floor
  });
}

/** Half of the interval of the logarithm of the loss: the jackknife's standard error (Efron 1982, chapter 3). */
function reachOf(laws: readonly SizeLaw[], parameters: number): number {
  const logs = laws.map((one) => log(lossAt(one, parameters)));
  const mean = meanOf(logs);
  const squares = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const n = logs.length;
  return reach95(n - 1) * Math.sqrt(((n - 1) / n) * squares);
}

/**
 * The law from the smallest size on to `LARGEST`, with 95 % intervals by jackknife over sizes. Beyond the largest
 * that has run the upper end never rises, as the form says; three sizes cannot tell a floor, so there it does not fall
 * either. The band holds what the form leaves open, not that the form is right.
 */
export function sizeBand(points: readonly SizePoint[], law: SizeLaw, count = 48): BandPoint[] {
  const laws = leaveOut(points);
  const sizes = points.map(({ parameters }) => parameters);
  const [least, ran] = [Math.min(...sizes), Math.max(...sizes)];
  let highest = lossAt(law, ran) * exp(reachOf(laws, ran));
  return spaced(least, Math.max(LARGEST, ran), count).map((parameters) => {
    const loss = lossAt(law, parameters);
    const factor = exp(reachOf(laws, parameters));
    const high = loss * factor;
    if (parameters <= ran) return { parameters, loss, low: loss / factor, high };
    if (points.length > LEAST_SIZES) highest = Math.min(highest, high);
    return { parameters, loss, low: loss / factor, high: highest };
  });
}
