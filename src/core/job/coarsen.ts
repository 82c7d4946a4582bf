/** Check-ins that came as cells, at the cells' parents. */
import { trajectoriesOf } from "../data/columnar/tables";
import { growFloat64, growUint32 } from "../data/growing";
import { cellsOfTrajectory, type Trajectories } from "../data/trajectories";
import { parentTable } from "../geo/cells";
import { createPace, type Progress } from "../pace";
import type { Dataset } from "./open-dataset";
import type { Resampled } from "./open-resolution";

/** Filters of paper 1, A.1.1, as `findTrajectories` has them. */
const MIN_CHECK_INS = 10;
const MIN_CELLS = 3;
const WINDOW_MS = 600_000;

interface Merged {
  cell: ReturnType<typeof growUint32>;
  user: ReturnType<typeof growUint32>;
  points: ReturnType<typeof growUint32>;
  startMs: ReturnType<typeof growFloat64>;
  endMs: ReturnType<typeof growFloat64>;
}

/** Check-ins of trajectory k at the parents: one that begins within the window of the one before joins it. */
function mergeCheckIns(
  { checkIns, offsets }: Trajectories,
  k: number,
  parentOf: Uint32Array,
): { cell: number; startMs: number; endMs: number; points: number }[] {
  const merged: { cell: number; startMs: number; endMs: number; points: number }[] = [];
  for (let i = offsets[k]!; i < offsets[k + 1]!; i++) {
    const [cell, startMs] = [parentOf[checkIns.cell[i]!]!, checkIns.startMs[i]!];
    const [endMs, points] = [checkIns.endMs[i]!, checkIns.points[i]!];
    const last = merged.at(-1);
    if (last?.cell === cell && startMs - last.startMs <= WINDOW_MS) {
      last.endMs = endMs;
      last.points += points;
    } else merged.push({ cell, startMs, endMs, points });
  }
  return merged;
}

/** The check-ins at their cells' parents, and the trajectories that the filters keep there. Throws "stopped". */
export async function* coarsen(
  key: string,
  dataset: Dataset,
  { resolution, signal }: { resolution: number; signal: AbortSignal },
): AsyncGenerator<Progress, Resampled, void> {
  const { trajectories } = dataset;
  const { parents, parentOf } = parentTable(dataset.cells, resolution);
  const kept: number[] = [];
  const offsets = [0];
  const columns: Merged = {
    cell: growUint32(),
    user: growUint32(),
    points: growUint32(),
    startMs: growFloat64(),
    endMs: growFloat64(),
  };
  const pace = createPace(signal);
  const total = dataset.parts.length;
  for (let k = 0; k < total; k++) {
    if (pace.due()) {
      yield { phase: "merge check-ins", done: k, total, unit: "trajectories" };
      await pace.rest();
    }
    if (
      new Set(Array.from(cellsOfTrajectory(trajectories, k), (n) => parentOf[n])).size < MIN_CELLS
    )
      continue;
    const merged = mergeCheckIns(trajectories, k, parentOf);
    if (merged.length < MIN_CHECK_INS) continue;
    for (const { cell, startMs, endMs, points } of merged) {
      columns.cell.push(cell);
      columns.user.push(trajectories.user[k]!);
      columns.points.push(points);
      columns.startMs.push(startMs);
      columns.endMs.push(endMs);
    }
    kept.push(k);
    offsets.push(columns.cell.length);
  }
  const parts = Uint8Array.from(kept, (k) => dataset.parts[k]!);
  return {
    key,
    resolution,
    cells: parents,
    areaCount: parents.hi.length,
    trajectories: {
      checkIns: {
        users: trajectories.checkIns.users,
        cells: parents,
        user: columns.user.build(),
        cell: columns.cell.build(),
        startMs: columns.startMs.build(),
        endMs: columns.endMs.build(),
        points: columns.points.build(),
      },
      offsets: Uint32Array.from(offsets),
      user: Uint32Array.from(kept, (k) => trajectories.user[k]!),
      month: Int32Array.from(kept, (k) => trajectories.month[k]!),
    },
    parts,
    test: trajectoriesOf(parts, "test"),
    droppedTrajectories: total - kept.length,
    allCells: () => parents,
  };
}
