import { getHexagonAreaAvg } from "h3-js";
import type { CellTable } from "../../geo/cells";
import { createRandom } from "../../random";
import type { DatasetSpec } from "../dataset";
import { openTokeniser } from "../make-tokeniser";
import { writeStretches, type Stretch, type TrainingData } from "../open-corpus";
import type { Dataset } from "../open-dataset";
import { openResolution, type Resampled } from "../open-resolution";
import type { Report, Session } from "../session";
import type { SweepSetting } from "./plan";

/** What is counted of a setting's data. */
export interface SettingFacts {
  readonly vocabularySize: number;
  /** Cells of the whole area. */
  readonly cells: number;
  /** Mean area of a cell of the resolution, square kilometres. */
  readonly cellKm2: number;
  /** Trajectories that are learnt from, and their tokens. */
  readonly trajectories: number;
  readonly tokens: number;
  /** Mean over the training part, whole trajectories with [CLS] and [SEP]. */
  readonly tokensPerTrajectory: number;
  readonly tokensPerCheckIn: number;
  /** Tokens of the longest stretch, [CLS] and [SEP] included: the length of the model's rows. */
  readonly longest: number;
}

/** The data of one setting. */
export interface SweepData extends TrainingData {
  readonly facts: SettingFacts;
}

const [TRAIN, VALIDATION] = [0, 1];

/** Trajectories of the training part of some people; the people of a smaller share are in every larger one. */
function trainingRows(
  { trajectories: { user, checkIns }, parts }: Resampled,
  share: number,
  seed: number,
): number[] {
  const rows = [...parts.keys()].filter((k) => parts[k] === TRAIN);
  const draw = (u: number): number => createRandom(seed, "share", checkIns.users[u]!).uniform();
  const people = [...new Set(rows.map((k) => user[k]!))].map((u) => [u, draw(u)] as const);
  const ranked = people.toSorted(([, a], [, b]) => a - b).map(([u]) => u);
  const kept = new Set(ranked.slice(0, Math.ceil(share * ranked.length)));
  return rows.filter((k) => kept.has(user[k]!));
}

/** Trajectories cut into stretches of nearly equal length, of at most so many check-ins. */
export function cutStretches(
  offsets: ArrayLike<number>,
  rows: readonly number[],
  most: number,
): Stretch[] {
  return rows.flatMap((k) => {
    const [from, to] = [offsets[k]!, offsets[k + 1]!];
    const count = Math.ceil((to - from) / most);
    const cut = (n: number): number => from + Math.round((n * (to - from)) / count);
    return Array.from({ length: count }, (_, n): Stretch => [cut(n), cut(n + 1)]);
  });
}

/** The cells that have a check-in, in their order. */
function visitedCells({ cells, trajectories: { checkIns } }: Resampled): CellTable {
  const visited = new Uint8Array(cells.hi.length);
  for (const n of checkIns.cell) visited[n] = 1;
  const isVisited = (_: number, n: number): boolean => visited[n] === 1;
  const { resolution, hi, lo } = cells;
  return { resolution, hi: hi.filter(isVisited), lo: lo.filter(isVisited) };
}

/** A country has half a million cells, and a model with a token for each would take all the time. */
function withoutIdleCells(resampled: Resampled): Resampled {
  const key = `${resampled.key}, visited cells`;
  return { ...resampled, key, allCells: () => visitedCells(resampled) };
}

/** Tokens of the longest row with [CLS] and [SEP]. */
const longestOf = ({ offsets }: TrainingData["train"]): number =>
  offsets.reduce((most, end, row) => Math.max(most, row === 0 ? 0 : end - offsets[row - 1]!), 0) +
  2;

/**
 * The data of a setting as tokens. Rows are stretches of at most `checkIns` check-ins, cut before they are
 * written, so that every tokeniser and every length of token sees the same ones. Throws "bad-input", "stopped".
 */
export async function* openSweepData(
  { dataset, spec }: { dataset: Dataset; spec: DatasetSpec },
  setting: SweepSetting,
  { checkIns: most, seed }: { checkIns: number; seed: number },
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, SweepData, void> {
  const { resolution, share, tokeniser: choice } = setting;
  const resampled = yield* openResolution(dataset, spec, { resolution }, session, signal);
  const tokenised = yield* openTokeniser(choice, withoutIdleCells(resampled), session, signal);
  const { offsets, checkIns } = resampled.trajectories;
  const rows = trainingRows(resampled, share, seed);
  const validated = [...resampled.parts.keys()].filter((k) => resampled.parts[k] === VALIDATION);
  const write = (some: readonly number[]) =>
    writeStretches({ cell: checkIns.cell }, cutStretches(offsets, some, most), tokenised, signal);
  const train = yield* write(rows);
  const validation = yield* write(validated);
  const visits = rows.reduce((sum, k) => sum + offsets[k + 1]! - offsets[k]!, 0);
  return {
    ...tokenised,
    train,
    validation,
    facts: {
      vocabularySize: tokenised.tokeniser.vocabularySize,
      cells: resampled.areaCount,
      cellKm2: getHexagonAreaAvg(resolution, "km2"),
      trajectories: rows.length,
      tokens: train.tokens.length,
      tokensPerTrajectory: train.tokens.length / rows.length + 2,
      tokensPerCheckIn: train.tokens.length / visits,
      longest: Math.max(longestOf(train), longestOf(validation)),
    },
  };
}
