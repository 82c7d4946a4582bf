import { cellsOfTrajectory } from "../data/trajectories";
import { FootfallError } from "../errors";
import { cellHash, type CellTable, takeCells } from "../geo/cells";
import { findTravel } from "../task/tasks/months";
import type { TruthRole } from "../task/tasks/types";
import type { LayerTruth } from "../truth/layer-types";
import type { DatasetSpec } from "./dataset";
import { openDataset, seedOf, type Dataset } from "./open-dataset";
import { openTaskData, type TruthSpecs } from "./open-task-data";
import { toMade, type Made, type Report, type Session } from "./session";

/** Asks where trajectories go, and what a truth says of the land around them (paper 1, Figures 9 and 10). */
export interface WalkJob {
  kind: "walk";
  dataset: DatasetSpec;
  /** Numbers of trajectories in the data set. */
  trajectories: readonly number[];
  /** Numbers of cells of the data set whose hashes are wanted. */
  cells?: readonly number[];
  /** The truth around the first trajectory; default none. */
  role?: TruthRole;
  /** Which check-ins of the first trajectory lie outside its home district of `role` on a free day; default none. */
  marksTravel?: boolean;
  truths?: TruthSpecs;
}

/** One trajectory in time order. */
export interface Walk {
  trajectory: number;
  hashes: string[];
  startMs: number[];
}

export interface WalkResult {
  walks: Walk[];
  /** Of the cells that were asked for, in their order. */
  hashes: string[];
  /** The land around the first trajectory. */
  around?: {
    cells: CellTable; // [N]
    /** NaN for none; numbers of `classes` where there are some. */
    values: Float32Array; // [N]
    classes?: readonly string[];
    title: string;
    unit: string;
  };
  /** Places in the first trajectory of the check-ins that make it one of a traveller (paper 1, 4.2). */
  travel?: readonly number[];
  made: Made;
}

/** Cells around a trajectory that are shown at most; of more every k-th. */
const MOST_CELLS = 40_000;
/** Free land on each side of a trajectory, as a share of its extent, and in degrees at least. */
const MARGIN = { share: 0.15, deg: 0.05 } as const;

function openWalk({ trajectories, cells }: Dataset, trajectory: number): Walk {
  const { checkIns, offsets } = trajectories;
  const count = offsets.length - 1;
  if (!Number.isInteger(trajectory) || trajectory < 0 || trajectory >= count) {
    throw new FootfallError(
      "bad-input",
      `trajectory ${trajectory} does not exist; expected 0 to ${count - 1}`,
    );
  }
  const [from, to] = [offsets[trajectory]!, offsets[trajectory + 1]!];
  const own = cellsOfTrajectory(trajectories, trajectory);
  return {
    trajectory,
    hashes: Array.from(own, (cell) => cellHash(cells, cell)),
    startMs: Array.from({ length: to - from }, (_, i) => checkIns.startMs[from + i]!),
  };
}

/** Cells of the box around a trajectory. */
function findAround({ trajectories, centres: { lat, lng } }: Dataset, trajectory: number) {
  const own = Array.from(cellsOfTrajectory(trajectories, trajectory));
  const range = (values: Float64Array): readonly [number, number] => {
    const at = own.map((cell) => values[cell]!);
    const [low, high] = [Math.min(...at), Math.max(...at)];
    const margin = Math.max(MARGIN.deg, MARGIN.share * (high - low));
    return [low - margin, high + margin];
  };
  const [[south, north], [west, east]] = [range(lat), range(lng)];
  const inside = Uint32Array.from(lat.keys()).filter(
    (cell) =>
      lat[cell]! >= south && lat[cell]! <= north && lng[cell]! >= west && lng[cell]! <= east,
  );
  const step = Math.max(1, Math.ceil(inside.length / MOST_CELLS));
  return inside.filter((_, n) => n % step === 0);
}

function showAround(dataset: Dataset, around: Uint32Array, truth: LayerTruth) {
  const { classes, title, unit } = truth;
  return {
    cells: takeCells(dataset.cells, around),
    values: Float32Array.from(around, (cell) => truth.values[cell]!),
    ...(classes && { classes }),
    title,
    unit,
  };
}

/** Where trajectories go. Throws "bad-input" for one that does not exist, "missing-file" for a truth that is not there. */
export async function* runWalk(
  { dataset: spec, trajectories, cells = [], role, marksTravel = false, truths }: WalkJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, WalkResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(spec, session, signal);
  const walks = trajectories.map((trajectory) => openWalk(dataset, trajectory));
  const [first] = trajectories;
  const roles = role === undefined ? [] : [role];
  const data = yield* openTaskData(dataset, { truths, roles }, session, signal);
  const truth = role && data.truths[role];
  const isShown = truth !== undefined && first !== undefined;
  return {
    walks,
    hashes: cells.map((cell) => cellHash(dataset.cells, cell)),
    ...(isShown && { around: showAround(dataset, findAround(dataset, first), truth) }),
    ...(isShown && marksTravel && { travel: findTravel(data, truth.values, first).places }),
    made: toMade(startedAt, { seed: seedOf(spec), data: dataset.key }),
  };
}
