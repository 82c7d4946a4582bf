import type { CollectedPoints } from "../data/point-collector";
import type { BuiltTrajectories } from "../data/rules";
import { cellCentres, cellHash, type CellTable } from "../geo/cells";

/** The first points of one person and the check-ins that they became (DI-16). */
export interface MergedPerson {
  /** As everything that is written calls them. */
  name: string;
  /** Points of the person in all; `lat` and `lng` hold the first of them. */
  points: number;
  lat: Float64Array;
  lng: Float64Array;
  /** False where only the middles of the points' cells are known. */
  hasPlaces: boolean;
  /** Check-ins that begin no later than the last of these points. */
  checkIns: { hash: string; startMs: number; endMs: number; points: number }[];
}

const PEOPLE = 12;
/** More would be a blot. */
const MOST_POINTS = 1000;

interface Span {
  user: number;
  from: number;
  to: number;
}

/** Rows of each user, who lie together. */
function spansOf(user: Uint32Array): Span[] {
  const spans: Span[] = [];
  for (let from = 0; from < user.length;) {
    let to = from + 1;
    while (to < user.length && user[to] === user[from]) to++;
    spans.push({ user: user[from]!, from, to });
    from = to;
  }
  return spans;
}

/** Evenly from the one with the most points to the one with the fewest. */
function choosePeople(spans: readonly Span[]): Span[] {
  const sorted = spans.toSorted((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from);
  const count = Math.min(PEOPLE, sorted.length);
  return Array.from({ length: count }, (_, i) => sorted[Math.floor((i * sorted.length) / count)]!);
}

/** Places of the first points: their own, or the middles of their cells. */
function placesOf({ points }: CollectedPoints, from: number, to: number) {
  const { lat, lng, cells, cell } = points;
  if (lat && lng) return { lat: lat.slice(from, to), lng: lng.slice(from, to), hasPlaces: true };
  const own = cell.subarray(from, to);
  const table: CellTable = {
    resolution: cells.resolution,
    hi: own.map((n) => cells.hi[n]!),
    lo: own.map((n) => cells.lo[n]!),
  };
  return { ...cellCentres(table), hasPlaces: false };
}

/** A few people, with what the rule for check-ins made of their first points; before any filter. */
export function mergedPeople(
  collected: CollectedPoints,
  { checkIns }: Pick<BuiltTrajectories, "checkIns">,
): MergedPerson[] {
  const { points, names } = collected;
  const rows = new Map(spansOf(checkIns.user).map((span) => [span.user, span]));
  return choosePeople(spansOf(points.user)).map(({ user, from, to }) => {
    const shown = Math.min(to, from + MOST_POINTS);
    const lastMs = points.timeMs[shown - 1]!;
    const { from: first = 0, to: end = 0 } = rows.get(user) ?? {};
    const own = Array.from({ length: end - first }, (_, i) => first + i);
    return {
      name: names[user]!,
      points: to - from,
      ...placesOf(collected, from, shown),
      checkIns: own
        .filter((i) => checkIns.startMs[i]! <= lastMs)
        .map((i) => ({
          hash: cellHash(checkIns.cells, checkIns.cell[i]!),
          startMs: checkIns.startMs[i]!,
          endMs: checkIns.endMs[i]!,
          points: checkIns.points[i]!,
        })),
    };
  });
}
