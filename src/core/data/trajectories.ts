import type { CheckIns } from "./check-ins";
import { createLedger, type Ledger, type LedgerRule } from "./ledger";
import { createLocalReader, toLocalClock, type LocalClock } from "./local-clock";
import { createWindowReader, localDay, localMonth, WINDOW_WORDS, type WindowKind } from "./windows";

/**
 * One user's check-ins of one window of local time (a month, if nothing else is said); those of trajectory k
 * are `offsets[k]` to `offsets[k + 1] - 1`.
 */
export interface Trajectories {
  checkIns: CheckIns;
  /** [n + 1] */
  offsets: Uint32Array;
  user: Uint32Array;
  /** year * 12 + month (0 to 11) in which it begins, by the local clock. */
  month: Int32Array;
  /** The window of each, as `windowText` writes it; absent where the windows are months. */
  windows?: { kind: WindowKind; window: Int32Array } | undefined;
}

export interface TrajectoryOptions {
  /** Shorter trajectories are dropped; default 10 (paper 1, A.1.1). */
  minCheckIns?: number;
  /** Trajectories of fewer distinct cells are dropped; default 3. */
  minCells?: number;
  /** Local clock that says where a month begins; default guessed from the longitudes. */
  utcOffsetHours?: number | undefined;
  /** The same with zones and offset columns; it goes before `utcOffsetHours`. */
  clock?: LocalClock | undefined;
  /** What one trajectory spans; default a month. */
  window?: WindowKind;
  /** Longer trajectories are cut after so many check-ins (RAW: 960); default never. */
  maxCheckIns?: number;
  /** First local day of the data, from which tens of days are counted; default that of these check-ins. */
  firstDay?: number | undefined;
}

interface Run {
  from: number;
  to: number;
  user: number;
  window: number;
}

/** Local time of check-in i. */
function createLocalTimes(checkIns: CheckIns, clock: LocalClock): (i: number) => number {
  const toLocal = createLocalReader(clock);
  return (i) => toLocal(checkIns.startMs[i]!, checkIns.offsetMin?.[i]);
}

function findFirstDay(checkIns: CheckIns, localMs: (i: number) => number): number {
  let first = Infinity;
  for (let i = 0; i < checkIns.user.length; i++) first = Math.min(first, localMs(i));
  return first === Infinity ? 0 : localDay(first);
}

function findRuns(checkIns: CheckIns, windowOf: (i: number) => number, maxCheckIns: number): Run[] {
  const runs: Run[] = [];
  let run: Run | undefined;
  for (let i = 0; i < checkIns.user.length; i++) {
    const user = checkIns.user[i]!;
    const window = windowOf(i);
    const isSame = run?.user === user && run.window === window;
    if (run && isSame && i - run.from < maxCheckIns) {
      run.to = i + 1;
    } else {
      run = { from: i, to: i + 1, user, window };
      runs.push(run);
    }
  }
  return runs;
}

function countOf(runs: Run[], rule: string): LedgerRule {
  const users = new Set(runs.map((run) => run.user)).size;
  const checkIns = runs.reduce((sum, run) => sum + run.to - run.from, 0);
  return { rule, checkIns, trajectories: runs.length, users };
}

/** Keeps the check-ins of the given runs and closes the gaps; the columns themselves where there are none. */
function takeCheckIns(checkIns: CheckIns, runs: Run[], offsets: Uint32Array): CheckIns {
  const take = <T extends Uint32Array | Float64Array | Int16Array>(column: T, kept: T): T => {
    runs.forEach((run, k) => kept.set(column.subarray(run.from, run.to), offsets[k]));
    return kept;
  };
  const K = offsets[runs.length]!;
  if (K === checkIns.user.length) return checkIns;
  const { offsetMin } = checkIns;
  return {
    users: checkIns.users,
    cells: checkIns.cells,
    user: take(checkIns.user, new Uint32Array(K)),
    cell: take(checkIns.cell, new Uint32Array(K)),
    startMs: take(checkIns.startMs, new Float64Array(K)),
    endMs: take(checkIns.endMs, new Float64Array(K)),
    points: take(checkIns.points, new Uint32Array(K)),
    ...(offsetMin ? { offsetMin: take(offsetMin, new Int16Array(K)) } : {}),
  };
}

export interface FoundTrajectories {
  trajectories: Trajectories;
  /** Where each kept trajectory began in the columns of all check-ins. */
  firstCheckIn: Uint32Array;
  ledger: Ledger;
  clock: LocalClock;
  /** First local day of the data, in days since 1970: the origin of windows of 10 days. */
  firstDay: number;
}

const windowRule = (window: WindowKind, maxCheckIns: number): string => {
  const cut = maxCheckIns === Infinity ? "" : `, cut after ${maxCheckIns.toLocaleString("en")}`;
  return `one trajectory per user and ${WINDOW_WORDS[window]}${cut}`;
};

/**
 * Check-ins to trajectories, with the two filters of paper 1, A.1.1, and a ledger of what each rule left.
 * Check-ins that belong to no kept trajectory are dropped from the columns.
 */
export function findTrajectories(
  checkIns: CheckIns,
  options: TrajectoryOptions = {},
): FoundTrajectories {
  const { minCheckIns = 10, minCells = 3, window = "month", maxCheckIns = Infinity } = options;
  const hours = options.utcOffsetHours;
  const rule =
    hours === undefined ? { kind: "guess" as const } : { kind: "offset" as const, hours };
  const clock = options.clock ?? toLocalClock(rule, checkIns);
  const localMs = createLocalTimes(checkIns, clock);
  const firstDay = options.firstDay ?? findFirstDay(checkIns, localMs);
  const windowOf = createWindowReader(window, firstDay);
  const all = findRuns(checkIns, (i) => windowOf(localMs(i)), maxCheckIns);
  const long = all.filter((run) => run.to - run.from >= minCheckIns);
  const kept = long.filter(
    (run) => new Set(checkIns.cell.subarray(run.from, run.to)).size >= minCells,
  );
  const ledger = createLedger();
  ledger.rules.push(
    countOf(all, windowRule(window, maxCheckIns)),
    countOf(long, `at least ${minCheckIns} check-ins`),
    countOf(kept, `at least ${minCells} distinct cells`),
  );
  const offsets = new Uint32Array(kept.length + 1);
  kept.forEach((run, k) => (offsets[k + 1] = offsets[k]! + run.to - run.from));
  const windows = Int32Array.from(kept, (run) => run.window);
  const isMonths = window === "month";
  const trajectories: Trajectories = {
    checkIns: takeCheckIns(checkIns, kept, offsets),
    offsets,
    user: Uint32Array.from(kept, (run) => run.user),
    month: isMonths ? windows : Int32Array.from(kept, (run) => localMonth(localMs(run.from))),
    ...(isMonths ? {} : { windows: { kind: window, window: windows } }),
  };
  const firstCheckIn = Uint32Array.from(kept, (run) => run.from);
  return { trajectories, firstCheckIn, ledger, clock, firstDay };
}

/** Cell numbers of trajectory k, a view. */
export function cellsOfTrajectory({ checkIns, offsets }: Trajectories, k: number): Uint32Array {
  return checkIns.cell.subarray(offsets[k], offsets[k + 1]);
}
