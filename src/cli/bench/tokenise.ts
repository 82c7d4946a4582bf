import { cellToParent, latLngToCell } from "h3-js";
import { findCheckIns } from "../../core/data/check-ins";
import type { Points } from "../../core/data/points";
import { findTrajectories } from "../../core/data/trajectories";
import { FootfallError } from "../../core/errors";
import { createRandom } from "../../core/random";
import { createDigits } from "../../core/token/digits";
import type { Tokeniser } from "../../core/token/tokeniser";
import { median } from "./median";

const POINTS_PER_USER = 1000;
const MINUTE_MS = 60_000;
const WINDOW_MS = 10 * MINUTE_MS;
const START_MS = Date.UTC(2026, 0, 1);
/** About 300 m between points five minutes apart: a new cell every third point. */
const STEP_DEG = 0.003;

/** Random walks around Tokyo; no point repeats another, as with real receivers. */
function walkers(pointCount: number, seed: number): Points {
  const random = createRandom(seed, "bench", "walkers");
  const points: Points = {
    users: Array.from({ length: Math.ceil(pointCount / POINTS_PER_USER) }, (_, u) => `walker-${u}`),
    user: new Uint32Array(pointCount),
    timeMs: new Float64Array(pointCount),
    lat: new Float64Array(pointCount),
    lng: new Float64Array(pointCount),
  };
  let [lat, lng] = [0, 0];
  for (let i = 0; i < pointCount; i++) {
    const n = i % POINTS_PER_USER;
    lat = n === 0 ? 35.7 + 0.3 * random.normal() : lat + STEP_DEG * random.normal();
    lng = n === 0 ? 139.6 + 0.4 * random.normal() : lng + STEP_DEG * random.normal();
    points.user[i] = Math.floor(i / POINTS_PER_USER);
    points.timeMs[i] = START_MS + n * 5 * MINUTE_MS;
    points.lat[i] = lat;
    points.lng[i] = lng;
  }
  return points;
}

/** Our way: columns of cell numbers, each distinct cell written once. */
function tokeniseColumns(points: Points, tokeniser: Tokeniser): ArrayLike<number> {
  const { trajectories } = findTrajectories(findCheckIns(points), { utcOffsetHours: 9 });
  const { checkIns } = trajectories;
  const { offsets, tokens } = tokeniser.encodeCells(checkIns.cells);
  const pieces = offsets[1]! - offsets[0]!;
  const all = new Uint16Array(checkIns.cell.length * pieces);
  checkIns.cell.forEach((cell, i) => {
    for (let k = 0; k < pieces; k++) all[i * pieces + k] = tokens[cell * pieces + k]!;
  });
  return all;
}

/** Digits 6 to 8 of a hash as the text of their token, "6/246". */
function digitsText(hash: string): string {
  const low = Number(BigInt(`0x${hash}`) & 0xffffffffffn); // 40 bits hold the levels from 3 on
  const digit = (level: number): number => Math.floor(low / 2 ** (45 - 3 * level)) % 8;
  return `6/${digit(6)}${digit(7)}${digit(8)}`;
}

/** The plain loop: a hash for each point, compared as text, its pieces looked up by text. */
function tokenisePlainly(points: Points, ids: ReadonlyMap<string, number>): number[] {
  const tokens: number[] = [];
  let [openUser, openHash, openMs] = [-1, "", 0];
  for (let i = 0; i < points.user.length; i++) {
    const hash = latLngToCell(points.lat[i]!, points.lng[i]!, 8);
    const isSame = points.user[i] === openUser && hash === openHash;
    if (isSame && points.timeMs[i]! - openMs <= WINDOW_MS) continue;
    [openUser, openHash, openMs] = [points.user[i]!, hash, points.timeMs[i]!];
    tokens.push(ids.get(cellToParent(hash, 5))!, ids.get(digitsText(hash))!);
  }
  return tokens;
}

function secondsOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** Points per second from typed arrays to tokens, and of a plain loop over h3-js in the same run. */
export interface TokeniseNumbers {
  points: number;
  tokens: number;
  pointsPerSecond: number;
  plainPointsPerSecond: number;
  /** How many times faster than the plain loop. */
  ratio: number;
}

/** Alternates the two ways `runs` times, after both have made the same tokens once. */
export function measureTokenise(pointCount: number, runs: number, seed: number): TokeniseNumbers {
  const points = walkers(pointCount, seed);
  const tokeniser = createDigits({}, findCheckIns(points).cells);
  const ids = new Map(tokeniser.vocabulary.map((text, id) => [text, id]));
  const plain = tokenisePlainly(points, ids);
  const ours = tokeniseColumns(points, tokeniser);
  if (ours.length !== plain.length || plain.some((token, i) => token !== ours[i])) {
    throw new FootfallError(
      "bad-input",
      "the two ways to tokenise do not agree: nothing to compare",
    );
  }
  const seconds = { ours: [] as number[], plain: [] as number[] };
  for (let run = 0; run < runs; run++) {
    seconds.ours.push(secondsOf(() => tokeniseColumns(points, tokeniser)));
    seconds.plain.push(secondsOf(() => tokenisePlainly(points, ids)));
  }
  return {
    points: pointCount,
    tokens: plain.length,
    pointsPerSecond: pointCount / median(seconds.ours),
    plainPointsPerSecond: pointCount / median(seconds.plain),
    ratio: median(seconds.plain) / median(seconds.ours),
  };
}
