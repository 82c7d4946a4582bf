import { gridDisk } from "h3-js";
import type { DayKind } from "../../data/holidays";
import { cellCentres, CellTableBuilder } from "../../geo/cells";
import { createRandom } from "../../random";
import type { CellPieces } from "../../token/tokeniser";
import { classTruth, numberTruth } from "../../truth/layer-numbers";
import type { LayerTruth } from "../../truth/layer-types";
import type { TaskData, TruthRole } from "./types";

const MADE = {
  title: "made up",
  unit: "",
  columns: [],
  report: { facts: [], method: "", warnings: [] },
};
const HOUR_MS = 3_600_000;

/** A truth of numbers of the cells. */
export const numbersOf = (values: ArrayLike<number>, deciles = false): LayerTruth =>
  numberTruth(values, { ...MADE, isShare: false, deciles });

/** A truth of classes of the cells, by their numbers; -1 for none. */
export const classesOf = (values: ArrayLike<number>, names: readonly string[]): LayerTruth =>
  classTruth(values, names, MADE);

/**
 * Small data: cells in rings around a place, the given walks over them (cell numbers) of one person each, a check-in
 * an hour, all of them in the test part. Days of 24 check-ins; every third day is free.
 */
export function makeTaskData(
  rings: number,
  walks: readonly (readonly number[])[],
  truths: Partial<Record<TruthRole, LayerTruth>> = {},
): TaskData {
  const builder = new CellTableBuilder();
  gridDisk("882e601a5dfffff", rings).forEach((hash) => builder.add(hash));
  const cells = builder.build();
  const offsets = [0];
  walks.forEach((walk) => offsets.push(offsets.at(-1)! + walk.length));
  const user = walks.flatMap((walk, k) => walk.map(() => k));
  const startMs = Float64Array.from(walks.flatMap((walk) => walk.map((_, i) => i * HOUR_MS)));
  const checkIns = {
    users: walks.map((_, k) => `person ${k}`),
    cells,
    user: Uint32Array.from(user),
    cell: Uint32Array.from(walks.flat()),
    startMs,
    endMs: startMs,
    points: new Uint32Array(user.length).fill(1),
  };
  const test = Uint32Array.from(walks.keys());
  return {
    cells,
    centres: cellCentres(cells),
    trajectories: {
      checkIns,
      offsets: Uint32Array.from(offsets),
      user: test,
      month: new Int32Array(walks.length).fill(1970 * 12),
    },
    test,
    train: test,
    truths,
    dayOf(i) {
      const day = Math.floor(startMs[i]! / (24 * HOUR_MS));
      const kind: DayKind = day % 3 === 2 ? "weekend" : "workday";
      return { day, kind };
    },
    calendarWords: "every third day",
  };
}

/** People who walk about near a home of their own. */
export function makeWalks(people: number, length: number, cellCount: number): number[][] {
  const random = createRandom(5, "walks");
  return Array.from({ length: people }, () => {
    const home = random.integer(cellCount);
    return Array.from({ length }, (_, i) =>
      i % 3 === 0 ? home : (home + random.integer(20)) % cellCount,
    );
  });
}

/** Two pieces for each cell: which tenth of the cells it is in, and which place there. */
export function makePieces(cellCount: number): CellPieces & { vocabularySize: number } {
  const groups = Math.ceil(cellCount / 32);
  const tokens = Uint16Array.from({ length: 2 * cellCount }, (_, at) => {
    const cell = at >> 1;
    return at % 2 === 0 ? 5 + Math.floor(cell / 32) : 5 + groups + (cell % 32);
  });
  const offsets = Uint32Array.from({ length: cellCount + 1 }, (_, n) => 2 * n);
  return { offsets, tokens, vocabularySize: 5 + groups + 32 };
}
