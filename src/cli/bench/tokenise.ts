import { cellToParent, latLngToCell } from "h3-js";
import { findCheckIns } from "../../core/data/check-ins";
import type { Points } from "../../core/data/points";
import { findTrajectories } from "../../core/data/trajectories";
import { runSlices } from "../../core/data/slices";
import { FootfallError } from "../../core/errors";
import { GpuTokeniser } from "../../core/gpu/tokenise/gpu-tokeniser";
import { tokeniseColumns } from "../../core/gpu/tokenise/tokenise-columns";
import { openDevice, type FoundAdapter } from "../../core/gpu/webgpu";
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

/** All that `footfall tokenise` does with points: months and both filters too. */
function tokeniseFully(points: Points, tokeniser: Tokeniser): number {
  const { trajectories } = findTrajectories(findCheckIns(points), { utcOffsetHours: 9 });
  return tokeniser.encodeCells(trajectories.checkIns.cells).tokens.length;
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

const WAYS = ["plain", "processor", "whole", "gpu"] as const;
export type Way = (typeof WAYS)[number];

/** Points per second from typed arrays to tokens, in several ways in one run. */
export interface TokeniseNumbers {
  points: number;
  tokens: number;
  ways: {
    way: Way;
    pointsPerSecond: number;
    /** How many times faster than the plain loop. */
    ratio: number;
  }[];
  /** What the graphics card is, and how many points the processor redid for it. */
  adapter?: { description: string; redone: number };
}

export interface TokeniseBench {
  points: number;
  runs: number;
  seed: number;
  /** A graphics card, or a program that stands for one; undefined leaves it out. */
  adapter: FoundAdapter | undefined;
}

function checkSame(way: Way, tokens: ArrayLike<number>, plain: readonly number[]): void {
  if (tokens.length === plain.length && plain.every((token, i) => token === tokens[i])) return;
  const sentence = `tokens made in the way "${way}" are not those of the plain loop: nothing to compare`;
  throw new FootfallError("bad-input", sentence);
}

/** One run on a device; buffers are made before and tiles are fitted in the time that counts. */
async function runOnGpu(device: GPUDevice, points: Points, tokeniser: Tokeniser) {
  const opened = await GpuTokeniser.open(device, { tokeniser });
  try {
    const start = performance.now();
    const { tokens } = await opened.tokenise(points);
    return { tokens, seconds: (performance.now() - start) / 1000, redone: opened.redone };
  } finally {
    opened.dispose();
  }
}

/** Alternates the ways `runs` times, after all have made the same tokens once. */
export async function measureTokenise(bench: TokeniseBench): Promise<TokeniseNumbers> {
  const { adapter, runs } = bench;
  const points = walkers(bench.points, bench.seed);
  const tokeniser = createDigits({}, findCheckIns(points).cells);
  const ids = new Map(tokeniser.vocabulary.map((text, id) => [text, id]));
  const plain = tokenisePlainly(points, ids);
  const onProcessor = () => runSlices(tokeniseColumns(points, { tokeniser }));
  checkSame("processor", onProcessor().tokens, plain);
  const device = adapter && (await openDevice(adapter));
  const seconds: Record<Way, number[]> = { plain: [], processor: [], whole: [], gpu: [] };
  let redone = 0;
  for (let run = 0; run < runs; run++) {
    seconds.plain.push(secondsOf(() => tokenisePlainly(points, ids)));
    seconds.processor.push(secondsOf(onProcessor));
    seconds.whole.push(secondsOf(() => tokeniseFully(points, tokeniser)));
    if (device === undefined) continue;
    const onGpu = await runOnGpu(device, points, tokeniser);
    if (run === 0) checkSame("gpu", onGpu.tokens, plain);
    seconds.gpu.push(onGpu.seconds);
    redone = onGpu.redone;
  }
  device?.destroy();
  const ways = WAYS.filter((way) => seconds[way].length > 0).map((way) => ({
    way,
    pointsPerSecond: bench.points / median(seconds[way]),
    ratio: median(seconds.plain) / median(seconds[way]),
  }));
  const numbers = { points: bench.points, tokens: plain.length, ways };
  return adapter
    ? { ...numbers, adapter: { description: adapter.report.description, redone } }
    : numbers;
}
