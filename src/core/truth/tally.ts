import { FootfallError } from "../errors";

/** What is asked of the pixels in a cell: their mean, their sum, the share of them with one of some values, or the value that most of them have. */
export type Statistic =
  | { readonly kind: "mean" }
  | { readonly kind: "sum" }
  | { readonly kind: "share"; readonly values: readonly number[] }
  | { readonly kind: "majority" };

/** One truth per cell, in the order of the cell table. */
export interface CellTruth {
  /** NaN where the cell has no pixel with data, or lies too far outside the raster. Majority: position in `codes`. */
  readonly values: Float64Array; // [N]
  /** Pixels with data in the cell, each counted by the share of it that lies in the cell. */
  readonly pixels: Float64Array; // [N]
  /** Share of the cell's area that lies within the raster, with data or without. */
  readonly inside: Float64Array; // [N]
  /** Number of cells with a value. */
  readonly count: number;
  /** Values that won a cell, upwards; only for the majority. */
  readonly codes: readonly number[];
}

/**
 * Share of a cell that must lie within the raster for a value. A mean of half a cell still says something,
 * a sum of half a cell is about half of the truth.
 */
const MIN_INSIDE = { mean: 0.5, share: 0.5, majority: 0.5, sum: 0.99 };

/** More values than this in one cell are a measurement, not classes. */
const MOST_CLASSES = 256;

/** What has been added up of each cell. */
export interface Tally {
  /** The cell's area in pixels. */
  setArea(cell: number, area: number): void;
  /** A part of the cell lies on the raster. */
  addInside(cell: number, share: number): void;
  /** A pixel with data, counted by the share of it that lies in the cell. */
  addValue(cell: number, value: number, share: number): void;
  /** Throws "bad-input" where a majority is asked of what are no classes. */
  build(name: string): CellTruth;
}

type Votes = Map<number, Map<number, number>>;

/** The value with the most area; of equal ones the smaller. */
function winner(votes: ReadonlyMap<number, number> | undefined): number {
  let best: [value: number, area: number] = [NaN, 0];
  for (const [value, area] of votes ?? [])
    if (area > best[1] || (area === best[1] && value < best[0])) best = [value, area];
  return best[0];
}

/** Each cell's winner as its position in the sorted list of all winners. */
function toMajorities(votes: Votes, N: number): { codes: number[]; values: Float64Array } {
  const winners = Float64Array.from({ length: N }, (_, cell) => winner(votes.get(cell)));
  const codes = [...new Set(winners)].filter((code) => !Number.isNaN(code)).sort((a, b) => a - b);
  const places = new Map(codes.map((code, k) => [code, k]));
  return { codes, values: winners.map((code) => places.get(code) ?? NaN) };
}

function addVote(votes: Votes, cell: number, value: number, share: number): void {
  let ofCell = votes.get(cell);
  if (!ofCell) votes.set(cell, (ofCell = new Map()));
  ofCell.set(value, (ofCell.get(value) ?? 0) + share);
}

/** Sums of nothing yet for N cells. */
export function createTally(N: number, statistic: Statistic): Tally {
  const { kind } = statistic;
  const column = (): Float64Array => new Float64Array(N);
  const [pixels, sum, on, areas] = [column(), column(), column(), column()];
  const votes: Votes = new Map();
  const wanted = new Set(statistic.kind === "share" ? statistic.values : []);
  const add: Tally["addValue"] = (cell, value, share) => {
    pixels[cell]! += share;
    if (kind === "majority") addVote(votes, cell, value, share);
    else sum[cell]! += share * (kind === "share" ? Number(wanted.has(value)) : value);
  };
  const build = (name: string): CellTruth => {
    if ([...votes.values()].some((ofCell) => ofCell.size > MOST_CLASSES))
      throw new FootfallError(
        "bad-input",
        `${name} has more than ${MOST_CLASSES} different values in one cell: these are no classes; ask for their mean or sum`,
      );
    const inside = on.map((area, n) => (area > 0 ? Math.min(1, area / areas[n]!) : 0));
    const majority = kind === "majority" ? toMajorities(votes, N) : undefined;
    const values = sum.map((total, n) => {
      if (pixels[n] === 0 || inside[n]! < MIN_INSIDE[kind]) return NaN;
      return majority ? majority.values[n]! : kind === "sum" ? total : total / pixels[n]!;
    });
    const count = values.reduce((n, value) => n + Number(!Number.isNaN(value)), 0);
    return { values, pixels, inside, count, codes: majority?.codes ?? [] };
  };
  return {
    setArea: (cell, area) => (areas[cell] = area),
    addInside: (cell, share) => (on[cell]! += share),
    addValue: add,
    build,
  };
}
