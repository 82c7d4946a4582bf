/** What the tasks about pairs share: pieces of test trajectories, and drawing true and false pairs in turn. */
import { cellsOfTrajectory } from "../../data/trajectories";
import { FootfallError } from "../../errors";
import { createRandom, type Random } from "../../random";
import { homeOf } from "./months";
import { selectNumbers } from "./truths";
import type { Drawable, Item, Labels, TaskData, TaskOptions } from "./types";

/** Check-ins of each of the two pieces. */
export const PIECE = 12;

/** A piece of a test trajectory: its number in `test` and its first check-in. */
export interface Piece {
  readonly n: number;
  readonly at: number;
}

/** Check-ins of test trajectory n. */
export const lengthOf = ({ trajectories: { offsets }, test }: TaskData, n: number): number =>
  offsets[test[n]! + 1]! - offsets[test[n]!]!;

/** Whose it is. */
export const userOf = ({ trajectories, test }: TaskData, n: number): number =>
  trajectories.user[test[n]!]!;

/** The cells of a piece. */
export const piece = (data: TaskData, { n, at }: Piece, length: number): Uint32Array =>
  cellsOfTrajectory(data.trajectories, data.test[n]!).subarray(at, at + length);

/** Another person's test trajectory that fits, drawn. Throws "no-data". */
export function drawOther(
  data: TaskData,
  n: number,
  random: Random,
  isFit: (m: number) => boolean,
) {
  const first = random.integer(data.test.length);
  for (let i = 0; i < data.test.length; i++) {
    const m = (first + i) % data.test.length;
    if (userOf(data, m) !== userOf(data, n) && isFit(m)) return m;
  }
  throw new FootfallError(
    "no-data",
    "only one person of the test part has trajectories long enough",
  );
}

/** Two pieces, and which kind of pair they are. */
export interface Pair {
  readonly a: Piece;
  readonly b: Piece;
  readonly isTrue: boolean;
  readonly group: number;
}

/** Throws "no-data" where there are no two people to tell apart. */
function checkPeople({ test, trajectories }: TaskData): void {
  const people = new Set(Array.from(test, (k) => trajectories.user[k]!)).size;
  if (people >= 2) return;
  throw new FootfallError(
    "no-data",
    `the test part has trajectories of ${people} ${people === 1 ? "person" : "people"}, expected two or more to tell apart`,
  );
}

/** Draws a pair for each trajectory that is long enough, true and false ones in turn: kind 0, and 1 to 3. Throws "no-data". */
export function drawPairs(
  data: TaskData,
  { seed }: TaskOptions,
  name: string,
  draw: (n: number, kind: number, random: Random) => Pair,
): Pair[] {
  checkPeople(data);
  const fit = selectNumbers(data.test.length, (n) => lengthOf(data, n) >= 2 * PIECE);
  return Array.from(fit, (n, i) => {
    const random = createRandom(seed, name, data.test[n]!);
    return draw(n, i % 2 === 0 ? 0 : 1 + (Math.floor(i / 2) % 3), random);
  });
}

/** All pairs as examples; `read` says what the model and the rule are given. */
export function toDrawable(
  data: TaskData,
  pairs: readonly Pair[],
  {
    groups,
    names,
    read,
  }: { groups: readonly string[]; names: readonly string[]; read: (pair: Pair) => Partial<Item> },
): Drawable {
  return {
    unit: "pairs",
    count: data.test.length,
    item(i) {
      const pair = pairs[i]!;
      const { n } = pair.a;
      return {
        parts: [],
        home: homeOf(data, data.test[n]!),
        of: data.test[n]!,
        group: pair.group,
        ...read(pair),
      };
    },
    label: (rows): Labels => {
      const classes = Int32Array.from(rows, (row) => Number(pairs[row]!.isTrue));
      return { kind: "classes", classes, names, isOrdered: false };
    },
    usable: selectNumbers(pairs.length, () => true),
    groups,
    notes:
      pairs.length < data.test.length
        ? [`${data.test.length - pairs.length} trajectories have fewer than ${2 * PIECE} check-ins`]
        : [],
  };
}
