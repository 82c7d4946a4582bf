import { releaseCheckIns } from "../data/check-ins";
import { growInt32, growUint32, release } from "../data/growing";
import { releasePoints, type LocatedPoints } from "../data/points";
import {
  followRules,
  selectPoints,
  type BuiltTrajectories,
  type SelectedPoints,
  type TrajectoryRules,
} from "../data/rules";
import { splitTrajectories, type NamedTrajectories, type SplitOptions } from "../data/splits";
import { UserBatches } from "../data/user-batches";
import type { Progress } from "../pace";
import type { DatasetFiles } from "./dataset-files";

/** How points become the tables of a data set. */
export interface BatchOptions {
  rules: TrajectoryRules;
  split: Required<SplitOptions>;
  /** What stands for each user in the tables. */
  names: readonly string[];
  /** The points are nobody else's: they are changed where they stand, and empty in the end. */
  isOwned: boolean;
  /** Sees what was made of each batch before it goes. */
  look: (built: BuiltTrajectories) => void;
  signal?: AbortSignal | undefined;
  /** Rows of a batch; for tests. */
  rows?: number | undefined;
}

/** What must be known of all batches before the first one is written. */
interface Ahead {
  firstDay?: number | undefined;
  /** Parts of all trajectories, in their order; absent where each batch tells its own. */
  parts?: Uint8Array;
}

/** The user and window of all trajectories, collected batch by batch. */
class TrajectoryNames {
  readonly #user = growUint32();
  readonly #month = growInt32();
  readonly #window = growInt32();

  add({ user, month, windows }: BuiltTrajectories["trajectories"]): void {
    this.#user.pushAll(user);
    this.#month.pushAll(month);
    if (windows) this.#window.pushAll(windows.window);
  }

  build(users: string[], kind: TrajectoryRules["window"]): NamedTrajectories {
    const windows = { kind, window: this.#window.build() };
    const names = { checkIns: { users }, user: this.#user.build(), month: this.#month.build() };
    return kind === "month" ? names : { ...names, windows };
  }
}

interface Batches {
  selected: SelectedPoints;
  batches: UserBatches;
  options: BatchOptions;
}

/** The same reports as shares of one batch's rows in all rows. */
async function* asPoints<T>(
  work: AsyncGenerator<Progress, T, void>,
  { before, rows, ...report }: Omit<Progress, "done"> & { before: number; rows: number },
): AsyncGenerator<Progress, T, void> {
  for (;;) {
    const { done, value } = await work.next();
    if (done) return value;
    yield { ...report, done: before + Math.floor((rows * value.done) / Math.max(1, value.total)) };
  }
}

/** Follows the rules batch by batch, numbering new cells on; what was made of a batch is empty after `take`. */
async function* forEachBatch(
  { selected, batches, options: { rules, signal } }: Batches,
  { phase, firstDay }: { phase: string; firstDay?: number | undefined },
  take: (built: BuiltTrajectories) => AsyncGenerator<Progress, void, void> | void,
): AsyncGenerator<Progress, void, void> {
  const report = { phase, total: selected.points.timeMs.length, unit: "points" };
  let [before, cells, ledgerRules] = [0, selected.points.cells, selected.ledgerRules];
  for (const batch of batches) {
    const rows = batch.timeMs.length;
    const own = { ...selected, points: { ...batch, cells }, ledgerRules };
    const found = followRules(own, rules, { signal, decided: { firstDay } });
    const built = yield* asPoints(found, { ...report, before, rows: 0 });
    cells = built.checkIns.cells;
    ledgerRules = [];
    const more = take(built);
    if (more) yield* asPoints(more, { ...report, before, rows });
    releaseCheckIns(built.checkIns);
    releaseCheckIns(built.trajectories.checkIns);
    if (batches.count > 1) release(batch.user); // a batch's own
    before += rows;
  }
}

/** Goes through all batches once or twice where the first one depends on the last. */
async function* lookAhead(work: Batches): AsyncGenerator<Progress, Ahead, void> {
  const { rules, split } = work.options;
  if (work.batches.count === 1) return {};
  const phase = "find check-ins";
  let firstDay: number | undefined;
  if (rules.window === "10-days") {
    yield* forEachBatch(work, { phase }, (built) => {
      firstDay = Math.min(firstDay ?? Infinity, built.firstDay);
    });
  }
  if (split.by === "user") return { firstDay };
  const names = new TrajectoryNames();
  yield* forEachBatch(work, { phase, firstDay }, ({ trajectories }) => {
    names.add(trajectories);
  });
  const all = names.build(work.selected.points.users, rules.window);
  return { firstDay, parts: splitTrajectories(all, split) };
}

/**
 * Writes the check-ins and trajectories of points in batches of whole users, so that beside the points there is
 * only what one batch becomes, and four bytes a check-in in `files` in the place of four bytes a point. The
 * tables are those that all points at once would give. Throws what the rules and `files` throw.
 */
export async function* writeInBatches(
  files: DatasetFiles,
  points: LocatedPoints,
  options: BatchOptions,
): AsyncGenerator<Progress, void, void> {
  const { rules, split, names, isOwned, signal, look } = options;
  files.count(points);
  const selected = yield* selectPoints(points, rules, { signal, isOwned });
  const work = {
    selected,
    options,
    batches: new UserBatches(selected.points, isOwned, options.rows),
  };
  const { parts, firstDay } = yield* lookAhead(work);
  let first = 0;
  yield* forEachBatch(work, { phase: "write check-ins", firstDay }, (built) => {
    const own = parts?.subarray(first, (first += built.trajectories.user.length));
    look(built);
    return files.write(built, own ?? splitTrajectories(built.trajectories, split), names);
  });
  if (isOwned) releasePoints(points);
}
