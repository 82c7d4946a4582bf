import type { CheckIns } from "../../data/check-ins";
import type { Points } from "../../data/points";
import { CellTableBuilder } from "../../geo/cells";
import type { Masked } from "../../token/masking";
import type { TokenColumn, Tokeniser } from "../../token/tokeniser";

/** Whole-hash masking in which each hash is chosen by itself, by its number and the seed. */
export interface ColumnMasking {
  seed: number;
  /** Share of the hashes that are chosen; default 0.2 (paper 1, A.3.1). */
  rate?: number;
  /** As in `MaskingOptions`; default "bert". */
  replace?: "bert" | "mask";
}

export interface ColumnOptions {
  /** H3 resolution; default that of the tokeniser, else 8. */
  resolution?: number;
  /** Points of one cell merge up to this time after the first of them; default 10 minutes. */
  windowMs?: number;
  /** A digits tokeniser; without one there are check-ins and no tokens. */
  tokeniser?: Tokeniser | undefined;
  masking?: ColumnMasking | undefined;
}

/** Options with every default filled in. */
export interface ColumnPlan {
  resolution: number;
  windowMs: number;
  tokeniser: Tokeniser | undefined;
  masking: Required<ColumnMasking> | undefined;
}

export function planColumns(options: ColumnOptions): ColumnPlan {
  const { tokeniser, masking, windowMs = 600_000 } = options;
  const resolution = options.resolution ?? tokeniser?.resolution ?? 8;
  const filled = masking && { rate: 0.2, replace: "bert" as const, ...masking };
  return { resolution, windowMs, tokeniser, masking: filled };
}

/** Check-ins and their tokens as columns: the same from the graphics card and from the processor. */
export interface TokenisedColumns {
  /** The points in the order that the rows below count: by user and time. */
  points: Points;
  resolution: number;
  /** [K] row of the first point of each check-in; it ends where the next begins. */
  first: Uint32Array;
  /** [K] halves of its cell's index */
  hi: Uint32Array;
  lo: Uint32Array;
  /** Tokens of one check-in; 0 without a tokeniser. */
  pieces: number;
  /** [K, pieces] */
  tokens: TokenColumn;
  /** Where masking was asked for: what a model sees, and the labels, [K, pieces] each. */
  masked?: Masked;
}

/** The same check-ins with users, times and numbered cells, as the rules have them. */
export function toCheckIns(columns: TokenisedColumns, cells: CellTableBuilder): CheckIns {
  const { points, first, hi, lo } = columns;
  const K = first.length;
  const checkIns = {
    users: points.users,
    user: new Uint32Array(K),
    cell: new Uint32Array(K),
    startMs: new Float64Array(K),
    endMs: new Float64Array(K),
    points: new Uint32Array(K),
  };
  for (let k = 0; k < K; k++) {
    const from = first[k]!;
    const to = k + 1 < K ? first[k + 1]! : points.user.length;
    checkIns.user[k] = points.user[from]!;
    checkIns.cell[k] = cells.addHalves(hi[k]!, lo[k]!);
    checkIns.startMs[k] = points.timeMs[from]!;
    checkIns.endMs[k] = points.timeMs[to - 1]!;
    checkIns.points[k] = to - from;
  }
  return { ...checkIns, cells: cells.build() };
}
