import { cellsOfTrajectory, type Trajectories } from "../data/trajectories";
import { cellHash, cellParent, halvesToHash, type CellId } from "../geo/cells";
import type { Points } from "../data/points";
import type { CellPieces, Tokeniser } from "./tokeniser";

/** One piece of a hash. */
export interface Piece {
  id: number;
  text: string;
}

/** One check-in and what it becomes. */
export interface CheckInStage {
  cell: number;
  hash: CellId;
  startMs: number;
  endMs: number;
  points: number;
  pieces: Piece[];
  /** The coarse cell that the first piece names; undefined where pieces are no cells. */
  parent: CellId | undefined;
}

/** The stages of one trajectory: points, then check-ins with their cells, then pieces. */
export interface Stages {
  user: string;
  month: number;
  /** The points of the trajectory's time; empty where only check-ins are known. */
  points: { timeMs: number; lat: number; lng: number }[];
  checkIns: CheckInStage[];
  /** Distinct pieces of the whole trajectory. */
  distinctPieces: number;
}

function findPoints(points: Points, user: string, fromMs: number, toMs: number): Stages["points"] {
  const u = points.users.indexOf(user);
  const own: Stages["points"] = [];
  for (let i = 0; i < points.user.length; i++) {
    const timeMs = points.timeMs[i]!;
    if (points.user[i] !== u || timeMs < fromMs || timeMs > toMs) continue;
    own.push({ timeMs, lat: points.lat[i]!, lng: points.lng[i]! });
  }
  return own;
}

/** The pieces of cell n, with their texts. */
export function piecesOfCell(
  tokeniser: Tokeniser,
  { offsets, tokens }: CellPieces,
  n: number,
): Piece[] {
  return Array.from(tokens.subarray(offsets[n], offsets[n + 1]), (id) => {
    return { id, text: tokeniser.textOf(id)! };
  });
}

/** Resolution of the first piece where it is a cell of its own: `digits` and `flat`. */
function firstResolution(tokeniser: Tokeniser): number | undefined {
  const { rule } = tokeniser;
  if (rule.kind === "wordpiece") return undefined;
  return rule.kind === "digits" ? rule.parents : rule.resolution;
}

/**
 * What becomes of trajectory k, stage by stage, as plain data (TK-02, TK-09). `pieces` are those of the
 * trajectories' own cell table.
 */
export function findStages(
  trajectories: Trajectories,
  k: number,
  { tokeniser, pieces, points }: { tokeniser: Tokeniser; pieces: CellPieces; points?: Points },
): Stages {
  const { checkIns, offsets } = trajectories;
  const parents = firstResolution(tokeniser);
  const first = offsets[k]!;
  const user = checkIns.users[trajectories.user[k]!]!;
  const stages = Array.from(cellsOfTrajectory(trajectories, k), (cell, i): CheckInStage => {
    const [hi, lo] = [checkIns.cells.hi[cell]!, checkIns.cells.lo[cell]!];
    return {
      cell,
      hash: cellHash(checkIns.cells, cell),
      startMs: checkIns.startMs[first + i]!,
      endMs: checkIns.endMs[first + i]!,
      points: checkIns.points[first + i]!,
      pieces: piecesOfCell(tokeniser, pieces, cell),
      parent: parents === undefined ? undefined : halvesToHash(...cellParent(hi, lo, parents)),
    };
  });
  const distinct = new Set(stages.flatMap((stage) => stage.pieces.map(({ id }) => id)));
  const [fromMs, toMs] = [stages[0]?.startMs ?? 0, stages.at(-1)?.endMs ?? 0];
  return {
    user,
    month: trajectories.month[k]!,
    points: points ? findPoints(points, user, fromMs, toMs) : [],
    checkIns: stages,
    distinctPieces: distinct.size,
  };
}
