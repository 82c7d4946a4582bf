import { cellCentres } from "../geo/cells";
import type { CheckIns } from "./check-ins";
import { createLedger, type Ledger, type LedgerRule } from "./ledger";

/** One user's check-ins of one month; those of trajectory k are `offsets[k]` to `offsets[k + 1] - 1`. */
export interface Trajectories {
  checkIns: CheckIns;
  /** [n + 1] */
  offsets: Uint32Array;
  user: Uint32Array;
  /** year * 12 + month (0 to 11), by the local clock. */
  month: Int32Array;
}

export interface TrajectoryOptions {
  /** Shorter trajectories are dropped; default 10 (paper 1, A.1.1). */
  minCheckIns?: number;
  /** Trajectories of fewer distinct cells are dropped; default 3. */
  minCells?: number;
  /** Local clock that says where a month begins; default guessed from the longitudes. */
  utcOffsetHours?: number | undefined;
}

const HOUR_MS = 3_600_000;

/** Whole hours east of Greenwich by the mean direction of the cells; 0 without cells. */
export function guessUtcOffsetHours(checkIns: CheckIns): number {
  const { lng } = cellCentres(checkIns.cells);
  let sin = 0;
  let cos = 0;
  for (const degrees of lng) {
    sin += Math.sin((degrees * Math.PI) / 180);
    cos += Math.cos((degrees * Math.PI) / 180);
  }
  return Math.round((Math.atan2(sin, cos) * 180) / Math.PI / 15);
}

/** Reads the month of times that mostly come in order, without a Date for each. */
function createMonthReader(utcOffsetHours: number): (timeMs: number) => number {
  let from = 1;
  let to = 0;
  let month = 0;
  return (timeMs) => {
    if (timeMs >= from && timeMs < to) return month;
    const local = new Date(timeMs + utcOffsetHours * HOUR_MS);
    const [year, index] = [local.getUTCFullYear(), local.getUTCMonth()];
    from = Date.UTC(year, index) - utcOffsetHours * HOUR_MS;
    to = Date.UTC(year, index + 1) - utcOffsetHours * HOUR_MS;
    month = year * 12 + index;
    return month;
  };
}

interface Run {
  from: number;
  to: number;
  user: number;
  month: number;
}

function findRuns(checkIns: CheckIns, utcOffsetHours: number): Run[] {
  const readMonth = createMonthReader(utcOffsetHours);
  const runs: Run[] = [];
  let run: Run | undefined;
  for (let i = 0; i < checkIns.user.length; i++) {
    const user = checkIns.user[i]!;
    const month = readMonth(checkIns.startMs[i]!);
    if (run && run.user === user && run.month === month) {
      run.to = i + 1;
    } else {
      run = { from: i, to: i + 1, user, month };
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

/** Keeps the check-ins of the given runs and closes the gaps. */
function takeRuns(checkIns: CheckIns, runs: Run[]): Trajectories {
  const offsets = new Uint32Array(runs.length + 1);
  runs.forEach((run, k) => (offsets[k + 1] = offsets[k]! + run.to - run.from));
  const take = <T extends Uint32Array | Float64Array>(column: T, kept: T): T => {
    runs.forEach((run, k) => kept.set(column.subarray(run.from, run.to), offsets[k]));
    return kept;
  };
  const K = offsets[runs.length]!;
  return {
    checkIns: {
      users: checkIns.users,
      cells: checkIns.cells,
      user: take(checkIns.user, new Uint32Array(K)),
      cell: take(checkIns.cell, new Uint32Array(K)),
      startMs: take(checkIns.startMs, new Float64Array(K)),
      endMs: take(checkIns.endMs, new Float64Array(K)),
      points: take(checkIns.points, new Uint32Array(K)),
    },
    offsets,
    user: Uint32Array.from(runs, (run) => run.user),
    month: Int32Array.from(runs, (run) => run.month),
  };
}

export interface FoundTrajectories {
  trajectories: Trajectories;
  /** Where each kept trajectory began in the columns of all check-ins. */
  firstCheckIn: Uint32Array;
  ledger: Ledger;
  utcOffsetHours: number;
}

/**
 * Check-ins to monthly trajectories, with the two filters of paper 1, A.1.1, and a ledger of what each rule
 * left. Check-ins that belong to no kept trajectory are dropped from the columns.
 */
export function findTrajectories(
  checkIns: CheckIns,
  options: TrajectoryOptions = {},
): FoundTrajectories {
  const { minCheckIns = 10, minCells = 3 } = options;
  const utcOffsetHours = options.utcOffsetHours ?? guessUtcOffsetHours(checkIns);
  const ledger = createLedger();
  const all = findRuns(checkIns, utcOffsetHours);
  const long = all.filter((run) => run.to - run.from >= minCheckIns);
  const kept = long.filter(
    (run) => new Set(checkIns.cell.subarray(run.from, run.to)).size >= minCells,
  );
  ledger.rules.push(
    countOf(all, "one trajectory per user and month"),
    countOf(long, `at least ${minCheckIns} check-ins`),
    countOf(kept, `at least ${minCells} distinct cells`),
  );
  const firstCheckIn = Uint32Array.from(kept, (run) => run.from);
  return { trajectories: takeRuns(checkIns, kept), firstCheckIn, ledger, utcOffsetHours };
}

/** Number of trajectories. */
export function countTrajectories(trajectories: Trajectories): number {
  return trajectories.user.length;
}

/** "2012-04" for a month number. */
export function monthText(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
}

/** Cell numbers of trajectory k, a view. */
export function cellsOfTrajectory({ checkIns, offsets }: Trajectories, k: number): Uint32Array {
  return checkIns.cell.subarray(offsets[k], offsets[k + 1]);
}
