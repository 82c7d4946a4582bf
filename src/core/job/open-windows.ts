import { chooseBox, type Box } from "../data/box";
import {
  PointWindowBuilder,
  RAW_WINDOWS,
  countWindows,
  takeWindows,
  type PointWindowRules,
  type PointWindows,
} from "../data/point-windows";
import type { Points } from "../data/points";
import { paceSlices } from "../data/slices";
import { FootfallError } from "../errors";
import type { Progress } from "../pace";
import type { PointConfig } from "../train/gpt/config";
import type { Dataset } from "./open-dataset";
import { keep, type Session } from "./session";

/** A data set as a GPT on points reads it. */
export interface PointData {
  readonly train: PointWindows;
  readonly validation: PointWindows;
  readonly test: PointWindows;
  /** RAW's where the training part lies in it, else its own. */
  readonly box: Box;
  /** Share of the moments of all windows that no check-in stands behind, 0 to 1. */
  readonly filledShare: number;
}

/**
 * The check-ins of a data set as points: the middle of the cell at the first and at the last moment of each, as
 * RAW's points are those of cell towers. Each trajectory counts as a user, for the split is one of trajectories.
 */
function pointsOf({ trajectories, centres }: Dataset): Points {
  const { checkIns, offsets, user } = trajectories;
  const count = offsets.at(-1)!;
  const points: Points = {
    users: Array.from(user, (u) => checkIns.users[u]!),
    user: new Uint32Array(2 * count),
    timeMs: new Float64Array(2 * count),
    lat: new Float64Array(2 * count),
    lng: new Float64Array(2 * count),
  };
  for (let k = 0; k < user.length; k++) {
    for (let at = offsets[k]!; at < offsets[k + 1]!; at++) {
      const cell = checkIns.cell[at]!;
      for (const [n, timeMs] of [checkIns.startMs[at]!, checkIns.endMs[at]!].entries()) {
        const to = 2 * at + n;
        points.user[to] = k;
        points.timeMs[to] = timeMs;
        points.lat[to] = centres.lat[cell]!;
        points.lng[to] = centres.lng[cell]!;
      }
    }
  }
  return points;
}

const [TRAIN, VALIDATION, TEST] = [0, 1, 2];

/** The windows of a data set by a configuration's rules, kept between jobs. Throws "no-data" and "stopped". */
export function openWindows(
  dataset: Dataset,
  config: Pick<PointConfig, "intervalMin" | "fill" | "maxGapMin" | "length">,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, PointData, void> {
  const { intervalMin, fill, maxGapMin, length } = config;
  const rules: PointWindowRules = { ...RAW_WINDOWS, intervalMin, fill, maxGapMin, length };
  return keep(session, `windows of ${dataset.key} ${JSON.stringify(rules)}`, async function* () {
    const points = pointsOf(dataset);
    const builder = new PointWindowBuilder(rules);
    const report = { phase: "cut windows", total: points.user.length, unit: "points" };
    yield* paceSlices(builder.add(points), report, signal);
    const { windows, facts } = builder.build();
    const rowsOf = (part: number): number[] =>
      [...windows.user.keys()].filter((k) => dataset.parts[windows.user[k]!] === part);
    const train = takeWindows(windows, rowsOf(TRAIN));
    if (countWindows(train) === 0) {
      throw new FootfallError(
        "no-data",
        `no trajectory of the training part gives ${rules.minPoints} points one every ${intervalMin} minutes; ask for a shorter interval, or bridge longer gaps`,
      );
    }
    const validation = takeWindows(windows, rowsOf(VALIDATION));
    const test = takeWindows(windows, rowsOf(TEST));
    const filledShare = facts.filled / facts.moments;
    return { train, validation, test, box: chooseBox(train.places), filledShare };
  });
}
