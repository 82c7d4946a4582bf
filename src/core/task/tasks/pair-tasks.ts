/**
 * Questions about two pieces of trajectories (paper 2, tasks 1 and 3): half of the pairs are true ones. False
 * ones come in kinds of their own, easy and hard, because "somewhere else altogether" is told by the place alone.
 */
import { cellsOfTrajectory } from "../../data/trajectories";
import { haversineKm } from "../../geo/cells";
import type { Random } from "../../random";
import { toPlane } from "../coordinates";
import { createNeighbours } from "../neighbours";
import { homeOf } from "./months";
import {
  drawOther,
  drawPairs,
  lengthOf,
  piece,
  PIECE,
  toDrawable,
  userOf,
  type Piece,
} from "./pairs";
import type { Drawable, Task, TaskData, TaskOptions } from "./types";

const METRICS = ["accuracy", "balancedAccuracy", "precision", "recall", "f"] as const;

/** Neighbours that are looked through for one of another person. */
const NEAR = 64;

/** Pieces of other people that begin near a place, nearest first. */
function createNearPieces(data: TaskData): (n: number, cell: number) => Piece | undefined {
  const { x, y } = toPlane(data.centres);
  const starts: Piece[] = [];
  data.test.forEach((_, n) => {
    for (let at = 0; at + PIECE <= lengthOf(data, n); at++) starts.push({ n, at });
  });
  const cells = starts.map((start) => piece(data, start, 1)[0]!);
  const take = (values: Float64Array): Float64Array => Float64Array.from(cells, (c) => values[c]!);
  if (starts.length === 0) return () => undefined;
  const index = createNeighbours(take(x), take(y));
  return (n, cell) => {
    const near = index.find(x[cell]!, y[cell]!, NEAR).map((i) => starts[i]!);
    return near.find((start) => userOf(data, start.n) !== userOf(data, n));
  };
}

/** A piece of the same month that begins on another day than the true one and is neither of the two. */
function drawOtherDay(data: TaskData, { n, at }: Piece, random: Random): Piece | undefined {
  const first = data.trajectories.offsets[data.test[n]!]!;
  const day = (place: number): number => data.dayOf(first + place).day;
  const places = Array.from({ length: lengthOf(data, n) - PIECE + 1 }, (_, place) => place);
  const free = places.filter(
    (place) => (place >= at + PIECE || place + PIECE <= at - PIECE) && day(place) !== day(at),
  );
  return free.length > 0 ? { n, at: free[random.integer(free.length)]! } : undefined;
}

function drawFollowing(data: TaskData, options: TaskOptions): Drawable {
  const findNear = createNearPieces(data);
  const isLong = (m: number): boolean => lengthOf(data, m) >= PIECE;
  const pairs = drawPairs(data, options, "follows", (n, kind, random) => {
    const cut = PIECE + random.integer(lengthOf(data, n) - 2 * PIECE + 1);
    const a = { n, at: cut - PIECE };
    const after = { n, at: cut };
    if (kind === 0) return { a, b: after, isTrue: true, group: 0 };
    const near = findNear(n, piece(data, after, 1)[0]!);
    const hard = kind === 2 ? drawOtherDay(data, after, random) : kind === 3 ? near : undefined;
    if (hard) return { a, b: hard, isTrue: false, group: kind };
    const m = drawOther(data, n, random, isLong);
    return {
      a,
      b: { n: m, at: random.integer(lengthOf(data, m) - PIECE + 1) },
      isTrue: false,
      group: 1,
    };
  });
  const { lat, lng } = data.centres;
  return toDrawable(data, pairs, {
    groups: [
      "true pairs",
      "another person",
      "the same person, another day",
      "another person, the same place",
    ],
    names: ["does not follow", "follows"],
    read({ a, b }) {
      const [before, after] = [piece(data, a, PIECE), piece(data, b, PIECE)];
      const [from, to] = [before.at(-1)!, after[0]!];
      const km = haversineKm(lat[from]!, lng[from]!, lat[to]!, lng[to]!);
      return { parts: [before, after], hint: km };
    },
  });
}

/** Share of the distinct cells of both that both have (Jaccard). */
function sharedCells(a: Uint32Array, b: Uint32Array): number {
  const [left, right] = [new Set(a), new Set(b)];
  let both = 0;
  for (const cell of left) if (right.has(cell)) both++;
  return both / (left.size + right.size - both);
}

/** The test trajectory of another person whose home is nearest. */
function createNearestHome(data: TaskData): (n: number) => number | undefined {
  const { x, y } = toPlane(data.centres);
  const homes = Array.from(data.test, (k) => homeOf(data, k));
  const take = (values: Float64Array): Float64Array => Float64Array.from(homes, (c) => values[c]!);
  const index = createNeighbours(take(x), take(y));
  return (n) =>
    index
      .find(x[homes[n]!]!, y[homes[n]!]!, NEAR)
      .find((m) => userOf(data, m) !== userOf(data, n) && lengthOf(data, m) >= 2 * PIECE);
}

function drawSameUser(data: TaskData, options: TaskOptions): Drawable {
  const nearest = createNearestHome(data);
  const half = (n: number, which: 0 | 1): Uint32Array => {
    const cells = cellsOfTrajectory(data.trajectories, data.test[n]!);
    const middle = Math.floor(cells.length / 2);
    return which === 0 ? cells.subarray(0, middle) : cells.subarray(middle);
  };
  const isLong = (m: number): boolean => lengthOf(data, m) >= 2 * PIECE;
  const pairs = drawPairs(data, options, "same user", (n, kind, random) => {
    const a = { n, at: 0 };
    if (kind === 0) return { a, b: a, isTrue: true, group: 0 };
    const near = kind === 1 ? undefined : nearest(n);
    const m = near ?? drawOther(data, n, random, isLong);
    return { a, b: { n: m, at: 0 }, isTrue: false, group: near === undefined ? 1 : 2 };
  });
  return toDrawable(data, pairs, {
    groups: ["true pairs", "another person", "the person who lives nearest"],
    names: ["two people", "one person"],
    read({ a, b }) {
      const [first, second] = [half(a.n, 0), half(b.n, 1)];
      return { parts: [first, second], hint: sharedCells(first, second) };
    },
  });
}

/** The pair tasks of paper 2; balanced as there. */
export const PAIR_TASKS: readonly Task[] = [
  {
    name: "follows",
    title: "Does B follow A?",
    input: "trajectory",
    isPair: true,
    answer: "classes",
    unit: "",
    source: "paper 2, task 1",
    formula: `two pieces of ${PIECE} check-ins: yes where the second begins right after the first; of the others a third is somebody else's, a third the same person's of another day, a third somebody else's from the same place`,
    needs: [],
    metrics: METRICS,
    headline: "f",
    rule: "yes where the second piece begins near enough to the end of the first",
    prepare: drawFollowing,
  },
  {
    name: "same-user",
    title: "The same person?",
    input: "trajectory",
    isPair: true,
    answer: "classes",
    unit: "",
    source: "paper 2, task 3",
    formula:
      "the first half of a trajectory and the second half of one: yes where both are one person's; of the others two thirds are of the person who lives nearest",
    needs: [],
    metrics: METRICS,
    headline: "f",
    rule: "yes where the halves share enough of their cells",
    prepare: drawSameUser,
  },
];
