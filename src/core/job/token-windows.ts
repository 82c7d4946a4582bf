import { trajectoriesOf } from "../data/columnar/tables";
import { buildTrajectories } from "../data/rules";
import { splitTrajectories } from "../data/splits";
import type { Progress } from "../pace";
import { takeAllPoints, type OpenPoints, type PointsSpec } from "./collect-points";
import type { DatasetSpec } from "./dataset";
import { splitOf } from "./import-rules";
import type { TokeniserChoice } from "./make-tokeniser";
import { countPlaces, measureTokeniser, type TokeniserRow } from "./measure-tokeniser";
import { openDataset, type Dataset } from "./open-dataset";
import { encodeAnew, type Resampled } from "./open-resolution";
import { toMade, type Made, type Report, type Session } from "./session";
import { withRows } from "./token-bench";

/** Asks what merging points within other windows comes to (TK-06, SD-02). */
export interface TokenWindowsJob {
  kind: "token-windows";
  dataset: DatasetSpec;
  /** The points that real people's data were made of; absent where they are not at hand. */
  points?: PointsSpec;
  tokeniser: TokeniserChoice;
  /** Default the data's own. */
  resolution?: number;
  seed: number;
}

/** Minutes within which points of one person in one cell are one check-in; paper 1 takes ten. */
export const POINT_WINDOWS_MIN = [1, 2, 5, 10, 20, 30, 60] as const;

/** A tokeniser on the check-ins of one window. */
export interface WindowRow extends TokeniserRow {
  readonly windowMin: number;
}

export interface TokenWindowsResult {
  /** Grows while the job runs; a window that leaves no trajectory has none. */
  rows: WindowRow[];
  /** Windows that leave none. */
  empty: number[];
  /** Why there are no rows, a sentence; undefined where there are. */
  why?: string;
  made: Made;
}

type Merge = (windowMin: number) => AsyncGenerator<Progress, Resampled, void>;

/** The same points with another window; everything else by the rules of the import. */
async function* mergePoints(
  { collected }: OpenPoints,
  { rules, seed }: PointsSpec & { seed: number },
  { windowMin, key, signal }: { windowMin: number; key: string; signal: AbortSignal },
): AsyncGenerator<Progress, Resampled, void> {
  const windowed = { ...rules, stays: { kind: "window", windowMin } } as const;
  const { trajectories } = yield* buildTrajectories(collected.points, windowed, { signal });
  const { cells } = trajectories.checkIns;
  const parts = splitTrajectories(trajectories, splitOf(collected.points.users.length, seed));
  return {
    key: `${key} in windows of ${windowMin} minutes`,
    resolution: cells.resolution,
    cells,
    areaCount: cells.hi.length,
    trajectories,
    parts,
    test: trajectoriesOf(parts, "test"),
    droppedTrajectories: 0,
    allCells: () => cells,
  };
}

/** How the job's points are merged; a sentence where there are none. */
async function* openMerge(
  { dataset: spec, points, resolution: wanted, seed }: TokenWindowsJob,
  dataset: Dataset,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, Merge | string, void> {
  const { key, cells, name } = dataset;
  const resolution = wanted ?? cells.resolution;
  if (spec.source === "simulated") {
    const { size } = spec;
    return (windowMin) => {
      const options = { size, resolution, windowMs: 60_000 * windowMin, signal };
      return encodeAnew(`${key} in windows of ${windowMin} minutes`, dataset, options);
    };
  }
  if (points === undefined) {
    return `The points of ${name} are not at hand, and check-ins that are merged cannot be cut anew: import the files again to compare windows.`;
  }
  const at = { ...points, rules: { ...points.rules, resolution }, seed };
  const open = yield* takeAllPoints(at, session, signal);
  return (windowMin) => mergePoints(open, at, { windowMin, key, signal });
}

/** One tokeniser on the same points, merged within windows of 1 to 60 minutes. Throws as the data. */
export async function* runTokenWindows(
  job: TokenWindowsJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, TokenWindowsResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(job.dataset, session, signal);
  const merge = yield* openMerge(job, dataset, session, signal);
  const made = () => toMade(startedAt, { seed: job.seed, data: dataset.key });
  const found: Pick<TokenWindowsResult, "rows" | "empty"> = { rows: [], empty: [] };
  if (typeof merge === "string") return { ...found, why: merge, made: made() };
  const total = POINT_WINDOWS_MIN.length;
  for (const [done, windowMin] of POINT_WINDOWS_MIN.entries()) {
    const partial = { ...found, rows: [...found.rows] };
    yield { phase: "measure windows", done, total, unit: "windows", partial };
    const work = measureWindow(merge(windowMin), job.tokeniser, signal);
    const row = yield* withRows(found, work);
    if (row === undefined) found.empty.push(windowMin);
    else found.rows.push({ ...row, windowMin });
  }
  return { ...found, made: made() };
}

/** The row of some merged points; undefined where no trajectory is left. */
async function* measureWindow(
  merging: AsyncGenerator<Progress, Resampled, void>,
  tokeniser: TokeniserChoice,
  signal: AbortSignal,
): AsyncGenerator<Progress, TokeniserRow | undefined, void> {
  const resampled = yield* merging;
  if (resampled.test.length === 0) return undefined;
  return yield* measureTokeniser(tokeniser, countPlaces(resampled), { model: undefined, signal });
}
