/** How well people are told from one week, before and after what protects them (PV-06). */
import { hideRareCells, countUsersPerCell, DEFAULT_K } from "../../data/privacy";
import type { CheckIns } from "../../data/check-ins";
import { HOURS_OF_WEEK } from "../../data/hours";
import type { Trajectories } from "../../data/trajectories";
import { parentTable, type CellTable } from "../../geo/cells";
import { linkByMarks, type Linking } from "./similar";

/** Check-ins of one person: cells and hours of the week. */
export interface Trace {
  readonly cells: readonly number[];
  readonly hours: readonly number[];
}

/** One week of each of some people, and the rest of their months. */
export interface Weeks {
  readonly known: readonly Trace[];
  readonly rest: readonly Trace[];
}

const WEEK_MS = 7 * 86_400_000;

/** The first seven days of each of some trajectories and what follows; those without one of the two are left out. */
export function cutWeeks(
  { offsets, checkIns }: Trajectories,
  asked: Iterable<number>,
  hours: ArrayLike<number>, // [check-ins]
  people: number,
): Weeks {
  const weeks = { known: [] as Trace[], rest: [] as Trace[] };
  for (const k of asked) {
    const [from, to] = [offsets[k]!, offsets[k + 1]!];
    const places = Array.from({ length: to - from }, (_, i) => from + i);
    const isKnown = (i: number): boolean =>
      checkIns.startMs[i]! < checkIns.startMs[from]! + WEEK_MS;
    const parts = [places.filter(isKnown), places.filter((i) => !isKnown(i))] as const;
    if (parts.some((part) => part.length === 0) || weeks.known.length === people) continue;
    const [known, rest] = parts.map((part) => ({
      cells: part.map((i) => checkIns.cell[i]!),
      hours: part.map((i) => hours[i]!),
    }));
    weeks.known.push(known!);
    weeks.rest.push(rest!);
  }
  return weeks;
}

/** What is done to the check-ins before they are given away. */
interface Protection {
  readonly name: string;
  /** What becomes of a cell; undefined where it is left out. */
  place(cell: number): number | undefined;
  /** What becomes of an hour of the week. */
  time(hour: number): number;
}

/** How many are told under a protection, from one week alone. */
export interface ProtectedLinking {
  readonly name: string;
  /** By the places, and by the places with the hours of the week. */
  readonly places: Linking;
  readonly times: Linking;
  /** Share of the check-ins that are left. */
  readonly kept: number;
}

const asIs = (value: number): number => value;
/** Rare are all cells but this share, those with most visitors. */
const COMMON_SHARE = 0.1;
const PART_OF_DAY = 6;
const DAY = 24;

/** The cells that most people visit. */
function commonCells(visitors: Uint32Array): (cell: number) => boolean {
  const visited = visitors.filter((count) => count > 0).toSorted((a, b) => b - a);
  const least = visited[Math.ceil(COMMON_SHARE * visited.length) - 1] ?? 1;
  return (cell) => visitors[cell]! >= least;
}

/** Each cell's ancestor some resolutions up. */
function coarsen(table: CellTable, steps: number): { resolution: number; of: Uint32Array } {
  const resolution = Math.max(0, table.resolution - steps);
  return { resolution, of: parentTable(table, resolution).parentOf };
}

const only = (name: string, isKept: (cell: number) => boolean): Protection => ({
  name,
  place: (cell) => (isKept(cell) ? cell : undefined),
  time: asIs,
});

function protectionsOf(table: CellTable, { user, cell }: CheckIns): Protection[] {
  const visitors = countUsersPerCell(user, cell, table.hi.length);
  const { shown } = hideRareCells(visitors);
  const [coarse, coarser] = [coarsen(table, 1), coarsen(table, 2)];
  const inCoarser = cell.map((one) => coarser.of[one]!);
  const many = hideRareCells(countUsersPerCell(user, inCoarser, table.hi.length)).shown;
  const parts =
    (hours: number): Protection["time"] =>
    (hour) =>
      Math.floor(hour / hours);
  const none: Protection = { name: "nothing", place: asIs, time: asIs };
  return [
    none,
    ...[coarse, coarser].map(({ resolution, of }) => ({
      ...none,
      name: `cells of resolution ${resolution}`,
      place: (one: number) => of[one]!,
    })),
    only(`only cells of ${DEFAULT_K} people or more`, (one) => shown[one] === 1),
    only("only the tenth of the cells with most visitors", commonCells(visitors)),
    { ...none, name: "times to quarters of a day", time: parts(PART_OF_DAY) },
    { ...none, name: "times to days of the week", time: parts(DAY) },
    {
      name: `cells of resolution ${coarser.resolution} of ${DEFAULT_K} people, days of the week`,
      place: (one) => (many[coarser.of[one]!] === 1 ? coarser.of[one]! : undefined),
      time: parts(DAY),
    },
  ];
}

/** Marks of a trace under a protection: places, and places with times. */
function markTrace({ cells, hours }: Trace, { place, time }: Protection) {
  const places: number[] = [];
  const times: number[] = [];
  for (const [i, cell] of cells.entries()) {
    const left = place(cell);
    if (left === undefined) continue;
    places.push(left);
    times.push(left * HOURS_OF_WEEK + time(hours[i]!));
  }
  return { places, times };
}

/**
 * Who is told by one week among the rest of all months: somebody who knows a person's week looks for the months that
 * share most places, or places at the same hours of the week. Both sides are protected alike, and he knows how.
 */
export function linkProtected(
  { known, rest }: Weeks,
  table: CellTable,
  { checkIns }: Trajectories,
): ProtectedLinking[] {
  const all = known.concat(rest).reduce((sum, { cells }) => sum + cells.length, 0);
  return protectionsOf(table, checkIns).map((protection) => {
    const [first, second] = [known, rest].map((traces) =>
      traces.map((trace) => markTrace(trace, protection)),
    );
    const by = (name: string, of: "places" | "times"): Linking =>
      linkByMarks(
        name,
        first!.map((marks) => marks[of]),
        second!.map((marks) => marks[of]),
      );
    const left = first!.concat(second!).reduce((sum, { places }) => sum + places.length, 0);
    return {
      name: protection.name,
      places: by("shared places", "places"),
      times: by("shared places at the same hours", "times"),
      kept: left / all,
    };
  });
}
