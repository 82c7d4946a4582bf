import { FootfallError } from "../errors";
import { indexCells, type CellTableBuilder } from "../geo/cells";
import type { Progress } from "../pace";
import { findWindowStays, type CheckIns } from "./check-ins";
import { countPoints, dropPoints, type DropRules } from "./drop-rules";
import type { Ledger, LedgerRule } from "./ledger";
import { toLocalClock, type ClockRule, type LocalClock } from "./local-clock";
import type { LocatedPoints } from "./points";
import { resample, type Fill } from "./resample";
import { paceSlices, type Sliced } from "./slices";
import { sortPoints } from "./sort-points";
import { findStops, type PlacedPoints } from "./stops";
import { findTrajectories, type Trajectories } from "./trajectories";
import type { WindowKind } from "./windows";

/** How points become check-ins. */
export type StayRule =
  /** Points of one cell within so many minutes of the first (paper 1, A.1.1). */
  | { kind: "window"; windowMin: number }
  /** Stop detection: all points within `radiusM` of the first, for `minMin` at least. */
  | { kind: "stops"; radiusM: number; minMin: number; maxGapMin: number }
  /** A position every `intervalMin` (RAW: 15), trajectories of `maxPoints` at most (RAW: 960). */
  | { kind: "resample"; intervalMin: number; fill: Fill; maxPoints: number; maxGapMin: number };

/** The way from points to trajectories, whole: plain data that reproduces it. */
export interface TrajectoryRules {
  stays: StayRule;
  window: WindowKind;
  minCheckIns: number;
  minCells: number;
  clock: ClockRule;
  drop: DropRules;
}

const DAY_MIN = 1440;

/** Each kind of stay with the numbers of its source (docs/data.md). */
export const STAY_RULES = {
  window: { kind: "window", windowMin: 10 },
  stops: { kind: "stops", radiusM: 200, minMin: 20, maxGapMin: DAY_MIN },
  resample: {
    kind: "resample",
    intervalMin: 15,
    fill: "hold",
    maxPoints: 960,
    maxGapMin: DAY_MIN,
  },
} as const satisfies { [K in StayRule["kind"]]: StayRule & { kind: K } };

/** The rules of paper 1, A.1.1. */
export const DEFAULT_RULES: TrajectoryRules = {
  stays: STAY_RULES.window,
  window: "month",
  minCheckIns: 10,
  minCells: 3,
  clock: { kind: "guess" },
  drop: {},
};

/** True where the rules look at places and not at cells alone: then points take 32 bytes, not 16. */
export function needsCoordinates({ stays, drop }: TrajectoryRules): boolean {
  const isLinear = stays.kind === "resample" && stays.fill === "linear";
  return stays.kind === "stops" || isLinear || drop.speedKmh !== undefined;
}

/** What one batch decides for all batches of a data set. */
export interface Decided {
  clock: LocalClock;
  /** First local day of the data, in days since 1970: the origin of windows of 10 days. */
  firstDay: number;
}

/** What the rules made of some points. */
export interface BuiltTrajectories extends Decided {
  /** All check-ins, before the filters. */
  checkIns: CheckIns;
  trajectories: Trajectories;
  /** Where each trajectory begins in the columns of all check-ins. */
  firstCheckIn: Uint32Array;
  /** What each rule left; rows and rejections stand in the report of the points. */
  ledger: Ledger;
  /** Resampled positions that no point stands behind; 0 for other stays. */
  filled: number;
}

export interface BuildOptions {
  signal?: AbortSignal | undefined;
  /** What an earlier batch of the same data has decided; default decided from these points. */
  decided?: { [Name in keyof Decided]?: Decided[Name] | undefined } | undefined;
}

interface Stays {
  checkIns: CheckIns;
  filled: number;
}

const MINUTE_MS = 60_000;

function* unfilled(work: Sliced<CheckIns>): Sliced<Stays> {
  return { checkIns: yield* work, filled: 0 };
}

function findStays(points: LocatedPoints, rule: StayRule): Sliced<Stays> {
  const cells = (): CellTableBuilder => indexCells(points.cells);
  switch (rule.kind) {
    case "window":
      return unfilled(findWindowStays(points, rule.windowMin * MINUTE_MS));
    case "stops": {
      const { radiusM, minMin, maxGapMin } = rule;
      const options = { radiusM, minMs: minMin * MINUTE_MS, maxGapMs: maxGapMin * MINUTE_MS };
      return unfilled(findStops(points as PlacedPoints, options, cells()));
    }
    case "resample": {
      const { intervalMin, fill, maxGapMin } = rule;
      const intervalMs = intervalMin * MINUTE_MS;
      return resample(points, { intervalMs, fill, maxGapMs: maxGapMin * MINUTE_MS }, cells());
    }
    default:
      throw rule satisfies never;
  }
}

const FILL_WORDS: Record<Fill, string> = {
  hold: "the last place is held",
  linear: "on the straight line between two points",
  drop: "none without a point",
};

/** The rule in words, as the ledger has it. */
function stayText(rule: StayRule): string {
  switch (rule.kind) {
    case "window":
      return `points of one cell within ${rule.windowMin} minutes are one check-in`;
    case "stops":
      return `stops of ${rule.minMin} minutes or more within ${rule.radiusM} m are check-ins`;
    case "resample":
      return `one position every ${rule.intervalMin} minutes, ${FILL_WORDS[rule.fill]}`;
    default:
      throw rule satisfies never;
  }
}

function countStays({ checkIns }: Stays, rule: StayRule): LedgerRule {
  const users = new Set(checkIns.user).size;
  const counts = { rule: stayText(rule), checkIns: checkIns.user.length, users };
  if (rule.kind !== "stops") return counts;
  return { ...counts, points: checkIns.points.reduce((sum, n) => sum + n, 0) };
}

function checkPlaces(points: LocatedPoints, rules: TrajectoryRules): void {
  if (!needsCoordinates(rules) || (points.lat && points.lng)) return;
  throw new FootfallError(
    "bad-input",
    "these rules need the places of the points, but only their cells were kept: collect them with keepCoordinates",
  );
}

/** Sorted points that the rules for single points left. */
export interface SelectedPoints {
  points: LocatedPoints;
  clock: LocalClock;
  /** What was there, and what each rule left. */
  ledgerRules: LedgerRule[];
}

/**
 * The rules for single points: sorts them where they are not, and drops what is to be dropped; owned points are
 * changed where they stand. Throws "bad-input" (an unknown zone, places missing) and "stopped".
 */
export async function* selectPoints(
  points: LocatedPoints,
  rules: TrajectoryRules,
  { signal, decided, isOwned = false }: BuildOptions & { isOwned?: boolean | undefined } = {},
): AsyncGenerator<Progress, SelectedPoints, void> {
  checkPlaces(points, rules);
  const report = { phase: "sort points", total: points.user.length, unit: "points" };
  const sorted = yield* paceSlices(sortPoints(points), report, signal);
  const clock = decided?.clock ?? toLocalClock(rules.clock, points);
  const ledgerRules = [{ rule: "points that can be used", ...countPoints(sorted) }];
  return { points: dropPoints(sorted, rules.drop, ledgerRules, isOwned), clock, ledgerRules };
}

/** The rules from points to check-ins to trajectories; whole users may come in batches. Throws "stopped". */
export async function* followRules(
  { points, clock, ledgerRules }: SelectedPoints,
  { stays, window, minCheckIns, minCells }: TrajectoryRules,
  { signal, decided }: BuildOptions = {},
): AsyncGenerator<Progress, BuiltTrajectories, void> {
  const report = { phase: "find check-ins", total: points.user.length, unit: "points" };
  const found = yield* paceSlices(findStays(points, stays), report, signal);
  const { ledger, ...built } = findTrajectories(found.checkIns, {
    minCheckIns,
    minCells,
    window,
    clock,
    firstDay: decided?.firstDay,
    ...(stays.kind === "resample" ? { maxCheckIns: stays.maxPoints } : {}),
  });
  const rulesDone = [...ledgerRules, countStays(found, stays), ...ledger.rules];
  return { ...built, ...found, ledger: { ...ledger, rules: rulesDone } };
}

/**
 * Points to check-ins to trajectories by the rules, with the ledger of what each rule left (DI-15 to DI-18,
 * DI-22). Points of another order are sorted first. The result does not depend on the order of the rows.
 * Throws "bad-input" (an unknown zone, places missing) and "stopped".
 */
export async function* buildTrajectories(
  points: LocatedPoints,
  rules: TrajectoryRules,
  options: BuildOptions = {},
): AsyncGenerator<Progress, BuiltTrajectories, void> {
  const selected = yield* selectPoints(points, rules, options);
  return yield* followRules(selected, rules, options);
}
