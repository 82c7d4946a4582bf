import { createClockCheck } from "./clocks";
import type { LedgerRule } from "./ledger";
import { mapColumns, type LocatedPoints } from "./points";
import { speedAbove } from "./speed";
import type { PlacedPoints } from "./stops";

/** Points that are left out when asked; without a word all are kept and only reported. */
export interface DropRules {
  /** All but one of the points of one user, moment and cell. */
  duplicates?: boolean | undefined;
  /** Points that are not to be reached from the last kept one at this speed. Needs places. */
  speedKmh?: number | undefined;
  /** Points more than a year away from the time in which nearly all lie. */
  clocks?: boolean | undefined;
}

/** Counts points and the users who have any; points are sorted by user. */
export function countPoints({ user }: LocatedPoints): { points: number; users: number } {
  let users = 0;
  for (let i = 0; i < user.length; i++) if (i === 0 || user[i] !== user[i - 1]) users++;
  return { points: user.length, users };
}

/** True where row i repeats the user, moment and cell of the row before. */
export function isDuplicate({ user, timeMs, cell }: LocatedPoints, i: number): boolean {
  return i > 0 && user[i] === user[i - 1] && timeMs[i] === timeMs[i - 1] && cell[i] === cell[i - 1];
}

/**
 * The rows that are kept, moved together: where they stand if the points are owned, else in columns of their
 * own. A bit a row says which.
 */
function rowsWhere(
  points: LocatedPoints,
  isKept: (i: number) => boolean,
  isOwned: boolean,
): LocatedPoints {
  const rows = points.user.length;
  const kept = new Uint8Array(Math.ceil(rows / 8));
  let count = 0;
  for (let i = 0; i < rows; i++) {
    if (!isKept(i)) continue;
    kept[i >> 3]! |= 1 << (i & 7);
    count++;
  }
  if (count === rows) return points;
  return mapColumns(points, (column) => {
    const left = isOwned ? column : column.slice(0, count);
    let at = 0;
    for (let i = 0; i < rows; i++) if (kept[i >> 3]! & (1 << (i & 7))) left[at++] = column[i]!;
    return left.subarray(0, count);
  });
}

/** Remembers the last kept point of the present user. */
function createSpeedCheck({ user, timeMs, lat, lng }: PlacedPoints, limitKmh: number) {
  let last = -1;
  const place = (i: number) => ({ lat: lat[i]!, lng: lng[i]! });
  return (i: number): boolean => {
    const isFirst = last < 0 || user[last] !== user[i];
    const isFast =
      !isFirst && speedAbove(limitKmh, timeMs[i]! - timeMs[last]!, place(last), place(i)) > 0;
    if (!isFast) last = i;
    return !isFast;
  };
}

/**
 * Leaves out what the rules say, in the order duplicates, clocks, speed, and notes in the ledger what is left
 * after each. Takes points sorted by user and time; owned ones lose the rows where they stand.
 */
export function dropPoints(
  points: LocatedPoints,
  { duplicates, clocks, speedKmh }: DropRules,
  rules: LedgerRule[],
  isOwned = false,
): LocatedPoints {
  let left = points;
  const apply = (rule: string, isKept: (i: number) => boolean): void => {
    left = rowsWhere(left, isKept, isOwned);
    rules.push({ rule, ...countPoints(left) });
  };
  if (duplicates) {
    const before = left;
    apply("no second point of one user, moment and cell", (i) => !isDuplicate(before, i));
  }
  if (clocks) {
    const isBad = createClockCheck(left);
    const { timeMs } = left;
    apply("no point a year or more away from the others", (i) => !isBad(timeMs[i]!));
  }
  if (speedKmh !== undefined) {
    const rule = `no point faster than ${speedKmh.toLocaleString("en")} km/h from the one before`;
    apply(rule, createSpeedCheck(left as PlacedPoints, speedKmh));
  }
  return left;
}
