import { boundsOf, chooseBox, countOutside, type Box } from "../data/box";
import { writePointShards, writePointUsers } from "../data/point-shards";
import {
  countWindows,
  takeWindows,
  type PointWindowFacts,
  type PointWindowRules,
  type PointWindows,
} from "../data/point-windows";
import { SPLITS, splitTrajectories, type Split, type SplitOptions } from "../data/splits";
import { FootfallError } from "../errors";

/** What report.json says of the windows of one part. */
interface WrittenPart {
  readonly windows: number;
  readonly points: number;
  readonly shards: readonly string[];
}

/** What report.json of a folder of windows says under "points". */
export interface WrittenWindows {
  readonly rules: PointWindowRules;
  readonly facts: PointWindowFacts;
  /** RAW's box where the data lie in it, else that of the training part; a run may take another. */
  readonly box: Box;
  /** Around all of them. */
  readonly bounds: Box;
  /** Places outside the box, of all parts. */
  readonly outside: number;
  readonly splits: Readonly<Record<Split, WrittenPart>>;
}

export interface WindowsOptions {
  readonly rules: PointWindowRules;
  readonly facts: PointWindowFacts;
  readonly split: Required<SplitOptions>;
  /** What stands for the users in everything that is written. */
  readonly names: readonly string[];
}

/** The windows of each part, 70/15/15 (paper 1, A.1.2). `users` are the own names: the split follows from them. */
export function splitWindows(
  windows: PointWindows,
  split: Required<SplitOptions>,
): Record<Split, PointWindows> {
  const { user, offsets, moments } = windows;
  const first = Int32Array.from(user, (_, k) => moments[offsets[k]!]!);
  const checkIns = { users: [...windows.users] };
  const parts = splitTrajectories({ user, month: first, checkIns }, split);
  const rowsOf = (part: number): number[] => [...parts.keys()].filter((k) => parts[k] === part);
  const [train, validation, test] = SPLITS.map((_, part) => takeWindows(windows, rowsOf(part)));
  return { train: train!, validation: validation!, test: test! };
}

/**
 * Writes windows of points as the shards that a GPT is trained on, part by part, and tells what report.json says
 * of them. Throws "no-data" where there is no window, and what `write` throws.
 */
export async function writeWindows(
  windows: PointWindows,
  { rules, facts, split, names }: WindowsOptions,
  write: (path: string, bytes: Uint8Array) => Promise<void>,
): Promise<WrittenWindows> {
  if (countWindows(windows) === 0) {
    throw new FootfallError(
      "no-data",
      `no window of ${rules.minPoints} points or more is left of ${facts.points} points; ask for fewer, or bridge longer gaps`,
    );
  }
  const parts = splitWindows(windows, split);
  const splits: Partial<Record<Split, WrittenPart>> = {};
  for (const name of SPLITS) {
    const part = parts[name];
    const shards = await writePointShards(part, name, write);
    splits[name] = { windows: countWindows(part), points: part.moments.length, shards };
  }
  await write(...writePointUsers({ ...windows, users: names }));
  const inTraining = countWindows(parts.train) > 0 ? parts.train.places : windows.places;
  const box = chooseBox(inTraining);
  const { outside } = countOutside(windows.places, box);
  const bounds = boundsOf(windows.places);
  return { rules, facts, box, bounds, outside, splits: splits as Record<Split, WrittenPart> };
}
