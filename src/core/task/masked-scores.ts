import { haversineKm } from "../geo/cells";
import { createRandom, shuffle } from "../random";
import type { Hidden, PlaceSequences } from "./baselines";
import { bootstrapInterval, median, type Interval } from "./quantiles";

/** Scores of ranked guesses of hidden check-ins. */
export interface GuessScores {
  readonly count: number;
  /** Share of hidden cells guessed first, and among the first five; the latter only from who ranks five. */
  readonly top1: number;
  readonly top5: number | undefined;
  /** Distance from the first guess to the true cell, centre to centre; 95 % interval by bootstrap. */
  readonly medianKm: Interval;
}

/** The same over all hidden check-ins, and over those whose cell occurs nowhere else in the trajectory. */
export interface MaskedScores extends GuessScores {
  /** These cannot be copied from another check-in. Undefined when there is none. */
  readonly unseen: GuessScores | undefined;
}

/**
 * Check-ins drawn by seed, one from each of as many trajectories; where there are fewer trajectories than
 * `count`, a second from each, and so on. Trajectories of a single check-in are left out.
 */
export function chooseHidden(
  { offsets }: PlaceSequences,
  trajectories: ArrayLike<number>,
  { count, seed }: { count: number; seed: number },
): Hidden[] {
  const random = createRandom(seed, "hidden check-ins");
  const long = Array.from(trajectories).filter((k) => offsets[k + 1]! - offsets[k]! >= 2);
  const order = shuffle(long, random);
  const taken = new Set<number>();
  const hidden: Hidden[] = [];
  const most = order.reduce((sum, k) => sum + offsets[k + 1]! - offsets[k]!, 0);
  for (let i = 0; hidden.length < Math.min(count, most); i++) {
    const trajectory = order[i % order.length]!;
    const [from, to] = [offsets[trajectory]!, offsets[trajectory + 1]!];
    const at = from + random.integer(to - from);
    if (taken.has(at)) continue;
    taken.add(at);
    hidden.push({ trajectory, from, to, at });
  }
  return hidden;
}

/** True when the hidden cell occurs nowhere else in its trajectory. */
export function isUnseen({ cell }: PlaceSequences, { at, from, to }: Hidden): boolean {
  for (let i = from; i < to; i++) if (i !== at && cell[i] === cell[at]) return false;
  return true;
}

interface Judged {
  readonly km: number;
  readonly rank: number; // of the true cell, -1 when not among the ranked
  readonly ranked: number;
  readonly isUnseen: boolean;
}

function summarise(judged: readonly Judged[], seed: number): GuessScores {
  const share = (hit: (one: Judged) => boolean): number =>
    judged.filter(hit).length / judged.length;
  const ranksFive = judged.some(({ ranked }) => ranked >= 5);
  return {
    count: judged.length,
    top1: share(({ rank }) => rank === 0),
    top5: ranksFive ? share(({ rank }) => rank >= 0 && rank < 5) : undefined,
    medianKm: bootstrapInterval(
      Float64Array.from(judged, ({ km }) => km),
      median,
      { seed },
    ),
  };
}

/** Scores ranked guesses, one list for each hidden check-in. */
export function scoreGuesses({
  sequences,
  hidden,
  guesses,
  centres: { lat, lng },
  seed,
}: {
  sequences: PlaceSequences;
  hidden: readonly Hidden[];
  guesses: readonly (readonly number[])[];
  centres: { lat: Float64Array; lng: Float64Array };
  seed: number;
}): MaskedScores {
  const judged = hidden.map((one, i): Judged => {
    const truth = sequences.cell[one.at]!;
    const ranked = guesses[i]!;
    const first = ranked[0];
    const km = (from: number): number =>
      haversineKm(lat[from]!, lng[from]!, lat[truth]!, lng[truth]!);
    return {
      km: first === undefined ? Infinity : km(first), // silence must not pay
      rank: ranked.indexOf(truth),
      ranked: ranked.length,
      isUnseen: isUnseen(sequences, one),
    };
  });
  const unseen = judged.filter((one) => one.isUnseen);
  return {
    ...summarise(judged, seed),
    unseen: unseen.length > 0 ? summarise(unseen, seed) : undefined,
  };
}
