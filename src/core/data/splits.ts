import { createRandom, DEFAULT_SEED } from "../random";
import type { Trajectories } from "./trajectories";

/** Names of the parts; a part's number is its place here. */
export const SPLITS = ["train", "validation", "test"] as const;
export type Split = (typeof SPLITS)[number];

export interface SplitOptions {
  /** "trajectory" is the paper's; "user" keeps all of one person's months in one part. */
  by: "trajectory" | "user";
  seed?: number;
}

/** Shares of training and of training + validation (paper 1, A.1.2: 70/15/15). */
const TRAIN_SHARE = 0.7;
const SEEN_SHARE = 0.85;

function partOf(uniform: number): number {
  return uniform < TRAIN_SHARE ? 0 : uniform < SEEN_SHARE ? 1 : 2;
}

/** The part of a user, from the name alone: the same in every size of a country. */
export function splitOfUser(name: string, seed: number): number {
  return partOf(createRandom(seed, "split", name).uniform());
}

/** Trajectories as far as their parts depend on them. */
export type NamedTrajectories = Pick<Trajectories, "user" | "month" | "windows"> & {
  checkIns: Pick<Trajectories["checkIns"], "users">;
};

/** Exact shares: trajectories ranked by a number drawn from the user's name and the window of time. */
function splitByRank(
  { checkIns, user, month, windows }: NamedTrajectories,
  seed: number,
): Uint8Array {
  const window = windows?.window ?? month;
  const draw = Float64Array.from(user, (u, k) =>
    createRandom(seed, "split", checkIns.users[u]!, window[k]!).uniform(),
  );
  const ranked = Uint32Array.from(draw.keys()).sort((a, b) => draw[a]! - draw[b]! || a - b);
  const parts = new Uint8Array(user.length);
  ranked.forEach((k, rank) => (parts[k] = partOf((rank + 0.5) / user.length)));
  return parts;
}

/** The part of each trajectory: 0 training, 1 validation, 2 test. */
export function splitTrajectories(
  trajectories: NamedTrajectories,
  { by, seed = DEFAULT_SEED }: SplitOptions,
): Uint8Array {
  if (by === "trajectory") return splitByRank(trajectories, seed);
  const partOfUser = new Map<number, number>();
  return Uint8Array.from({ length: trajectories.user.length }, (_, k) => {
    const user = trajectories.user[k]!;
    const part = partOfUser.get(user) ?? splitOfUser(trajectories.checkIns.users[user]!, seed);
    partOfUser.set(user, part);
    return part;
  });
}
