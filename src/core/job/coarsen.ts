/** Check-ins that came as cells, at the cells' parents. */
import { trajectoriesOf } from "../data/columnar/tables";
import { growFloat64, growUint32 } from "../data/growing";
import { cellsOfTrajectory, type Trajectories } from "../data/trajectories";
import { parentTable, type CellTable } from "../geo/cells";
import { createPace, type Progress } from "../pace";
import type { Dataset } from "./open-dataset";
import type { Resampled } from "./open-resolution";

/** Filters of paper 1, A.1.1, as `findTrajectories` has them. */
const MIN_CHECK_INS = 10;
const MIN_CELLS = 3;
const WINDOW_MS = 600_000;

interface MergedCheckIn {
  readonly cell: number;
  readonly startMs: number;
  endMs: number;
  points: number;
}

/** Check-ins of trajectory k at the parents: one that begins within the window of the one before joins it. */
function mergeCheckIns(
  { checkIns, offsets }: Trajectories,
  k: number,
  parentOf: Uint32Array,
): MergedCheckIn[] {
  const merged: MergedCheckIn[] = [];
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

/** The trajectories that the filters keep, in the order in which they are added. */
class Kept {
  readonly rows: number[] = [];
  readonly #from: Trajectories;
  readonly #offsets = [0];
  readonly #cell = growUint32();
  readonly #user = growUint32();
  readonly #points = growUint32();
  readonly #startMs = growFloat64();
  readonly #endMs = growFloat64();

  constructor(from: Trajectories) {
    this.#from = from;
  }

  /** Trajectory k with its check-ins at the parents. */
  add(k: number, merged: readonly MergedCheckIn[]): void {
    for (const { cell, startMs, endMs, points } of merged) {
      this.#cell.push(cell);
      this.#user.push(this.#from.user[k]!);
      this.#points.push(points);
      this.#startMs.push(startMs);
      this.#endMs.push(endMs);
    }
    this.rows.push(k);
    this.#offsets.push(this.#cell.length);
  }

  build(cells: CellTable): Trajectories {
    const { checkIns, user, month } = this.#from;
    return {
      checkIns: {
        users: checkIns.users,
        cells,
        user: this.#user.build(),
        cell: this.#cell.build(),
        startMs: this.#startMs.build(),
        endMs: this.#endMs.build(),
        points: this.#points.build(),
      },
      offsets: Uint32Array.from(this.#offsets),
      user: Uint32Array.from(this.rows, (k) => user[k]!),
      month: Int32Array.from(this.rows, (k) => month[k]!),
    };
  }
}

/** The check-ins at their cells' parents, and the trajectories that the filters keep there. Throws "stopped". */
export async function* coarsen(
  key: string,
  { cells, trajectories, parts: allParts }: Dataset,
  { resolution, signal }: { resolution: number; signal: AbortSignal },
): AsyncGenerator<Progress, Resampled, void> {
  const { parents, parentOf } = parentTable(cells, resolution);
  const kept = new Kept(trajectories);
  const pace = createPace(signal);
  const total = allParts.length;
  for (let k = 0; k < total; k++) {
    if (pace.due()) {
      yield { phase: "merge check-ins", done: k, total, unit: "trajectories" };
      await pace.rest();
    }
    const visited = new Set(Array.from(cellsOfTrajectory(trajectories, k), (n) => parentOf[n]));
    if (visited.size < MIN_CELLS) continue;
    const merged = mergeCheckIns(trajectories, k, parentOf);
    if (merged.length >= MIN_CHECK_INS) kept.add(k, merged);
  }
  const parts = Uint8Array.from(kept.rows, (k) => allParts[k]!);
  return {
    key,
    resolution,
    cells: parents,
    areaCount: parents.hi.length,
    trajectories: kept.build(parents),
    parts,
    test: trajectoriesOf(parts, "test"),
    droppedTrajectories: total - kept.rows.length,
    allCells: () => parents,
  };
}
