/** Who moves like whom: by embedding, by the ways themselves, and whether somebody can be told by a half month. */
import { haversineKm } from "../../geo/cells";
import type { Places } from "../coordinates";
import type { Matrix } from "../linear-model";
import { hitShare, meanReciprocalRank } from "../ranking";
import { dynamicTimeWarping } from "../sequence-metrics";

/** One neighbour; `distance` is 1 - cosine, or km. */
export interface Neighbour {
  readonly n: number;
  readonly distance: number;
}

/** All others by a distance, nearest first. */
function rank(count: number, query: number, distance: (n: number) => number): Neighbour[] {
  return Array.from({ length: count }, (_, n) => ({ n, distance: n === query ? 0 : distance(n) }))
    .filter(({ n }) => n !== query)
    .sort((a, b) => a.distance - b.distance || a.n - b.n);
}

function cosine({ data, width: C }: Matrix, i: number, other: Matrix, j: number): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let c = 0; c < C; c++) {
    const [a, b] = [data[i * C + c]!, other.data[j * C + c]!];
    ab += a * b;
    aa += a * a;
    bb += b * b;
  }
  return ab / Math.sqrt(aa * bb || 1);
}

/** A copy with the mean of every column taken away: what all share says nothing about anybody. */
export function centreColumns({ data, width: C }: Matrix): Matrix {
  const means = new Float64Array(C);
  const N = data.length / C;
  for (let at = 0; at < data.length; at++) means[at % C]! += data[at]! / N;
  return { data: Float64Array.from(data, (value, at) => value - means[at % C]!), width: C };
}

/** Trajectories nearest to one of them by the cosine of their embeddings. */
export function nearestByEmbedding(embeddings: Matrix, query: number): Neighbour[] {
  const count = embeddings.data.length / embeddings.width;
  return rank(count, query, (n) => 1 - cosine(embeddings, query, embeddings, n));
}

/** The same by dynamic time warping over the cells' centres: km that all pairs of places are apart, summed. */
export function nearestByWarping(
  trajectories: readonly ArrayLike<number>[],
  { lat, lng }: Places,
  query: number,
): Neighbour[] {
  const a = trajectories[query]!;
  return rank(trajectories.length, query, (n) => {
    const b = trajectories[n]!;
    return dynamicTimeWarping(a.length, b.length, (i, j) =>
      haversineKm(lat[a[i]!]!, lng[a[i]!]!, lat[b[j]!]!, lng[b[j]!]!),
    );
  });
}

/** Share of the first k of both that are the same. */
export function overlap(a: readonly Neighbour[], b: readonly Neighbour[], k: number): number {
  const first = new Set(a.slice(0, k).map(({ n }) => n));
  return b.slice(0, k).filter(({ n }) => first.has(n)).length / k;
}

/** How many of N people are told from one half of a month by the other half (PV-06). */
export interface Linking {
  readonly name: string;
  readonly people: number;
  /** Share that is told at the first guess, among the first five, and the mean of 1 / place. */
  readonly hits1: number;
  readonly hits5: number;
  readonly mrr: number;
}

/** Places of the true person among all, 0 for the first; ties count against. */
function ranksOf(count: number, closeness: (a: number, b: number) => number): number[] {
  return Array.from({ length: count }, (_, a) => {
    const own = closeness(a, a);
    let place = 0;
    for (let b = 0; b < count; b++) if (b !== a && closeness(a, b) >= own) place++;
    return place;
  });
}

const toLinking = (name: string, ranks: readonly number[]): Linking => ({
  name,
  people: ranks.length,
  hits1: hitShare(ranks, 1),
  hits5: hitShare(ranks, 5),
  mrr: meanReciprocalRank(ranks),
});

/** Linking by the cosine of the halves' embeddings, [N, C] each. */
export function linkByEmbedding(name: string, first: Matrix, second: Matrix): Linking {
  const count = first.data.length / first.width;
  const [a, b] = [centreColumns(first), centreColumns(second)];
  return toLinking(
    name,
    ranksOf(count, (i, j) => cosine(a, i, b, j)),
  );
}

/** Linking by the share of cells, or of any other marks, that both parts have: what needs no model. */
export function linkByMarks(
  name: string,
  first: readonly ArrayLike<number>[],
  second: readonly ArrayLike<number>[],
): Linking {
  const [a, b] = [first, second].map((parts) => parts.map((marks) => new Set(Array.from(marks))));
  const closeness = (i: number, j: number): number => {
    let both = 0;
    for (const mark of a![i]!) if (b![j]!.has(mark)) both++;
    const either = a![i]!.size + b![j]!.size - both;
    return either === 0 ? 0 : both / either; // of whom nothing is left, nothing is told
  };
  return toLinking(name, ranksOf(first.length, closeness));
}
