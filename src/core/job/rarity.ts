import { trajectoriesOf } from "../data/columnar/tables";
import { parentTable, type CellTable } from "../geo/cells";
import { createPace } from "../pace";
import { countVisits } from "../task/baselines";
import {
  backOffUnigram,
  cellUnigram,
  checkInsOf,
  countingPerplexity,
  unseenShare,
} from "../task/counting-models";
import type { DatasetSpec } from "./dataset";
import { countPlaces, type Counted } from "./measure-tokeniser";
import type { ModelSpec } from "./model";
import { openDataset, seedOf } from "./open-dataset";
import { openResolution, type Resampled } from "./open-resolution";
import { measureBandErrors, type BandError } from "./rarity-errors";
import { toMade, type Made, type Report, type Session } from "./session";

export interface RarityJob {
  kind: "rarity";
  dataset: DatasetSpec;
  /** Default the data's own. */
  resolution?: number;
  /** Asked for its error in each band, where the resolution is the data's own; default none. */
  model?: ModelSpec;
  seed: number;
}

/** Cells by how often the training part saw them. */
export interface RarityBand {
  /** Visits, both included; the last band has no end. */
  from: number;
  to: number | undefined;
  cells: number;
  /** Shares of the check-ins of each part that lie in these cells. */
  trainShare: number;
  testShare: number;
}

/** How far one must go back from cells that training never saw. */
export interface BackOff {
  resolution: number;
  /** Of the test check-ins in unseen cells, the share whose parent at this resolution was seen. */
  seenShare: number;
  /** Perplexity per check-in of the counts that fall back on this parent; undefined for a sampled area. */
  perplexity: number | undefined;
}

export interface RarityResult {
  resolution: number;
  cells: number;
  bands: RarityBand[];
  testCheckIns: number;
  /** Share of test check-ins in cells never seen in training. */
  unseenShare: number;
  backOff: BackOff[];
  /** The same counts without a way back: (visits + 1) / (all visits + cells). */
  perplexity: number | undefined;
  /** What the model makes of them; undefined where none was asked. */
  errors: BandError[] | undefined;
  /** Visits of the training part by cell, of the visited cells. */
  map: { cells: CellTable; visits: Float32Array };
  made: Made;
}

/** First visits of each band. */
const BANDS = [0, 1, 5, 20, 100, 1000];
/** Parents this many levels up are asked. */
const LEVELS_UP = [1, 2, 3];

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n]!;
  return sum;
}

/** Cells and check-ins by visits in training; cells of the area that the table does not hold were never seen. */
export function rarityBands(
  visits: ArrayLike<number>,
  testVisits: ArrayLike<number>,
  areaCount: number,
): RarityBand[] {
  const bands = BANDS.map((from, i) => ({
    from,
    to: BANDS[i + 1] === undefined ? undefined : BANDS[i + 1]! - 1,
    cells: from === 0 ? areaCount - visits.length : 0,
    trainShare: 0,
    testShare: 0,
  }));
  const [train, test] = [sumOf(visits), sumOf(testVisits)];
  for (let n = 0; n < visits.length; n++) {
    const band = bands.findLast(({ from }) => visits[n]! >= from)!;
    band.cells++;
    band.trainShare += visits[n]! / train;
    band.testShare += testVisits[n]! / test;
  }
  return bands;
}

function backOffAt(
  resolution: number,
  { resampled, visits, testVisits, places }: Counted,
  unseen: number,
): BackOff {
  const { parents, parentOf } = parentTable(resampled.cells, resolution);
  const parentCount = parents.hi.length;
  const isSeen = new Uint8Array(parentCount);
  visits.forEach((count, n) => {
    if (count > 0) isSeen[parentOf[n]!] = 1;
  });
  let [reached, all] = [0, 0];
  testVisits.forEach((count, n) => {
    if (visits[n]! > 0) return;
    all += count;
    if (isSeen[parentOf[n]!] === 1) reached += count;
  });
  const isWhole = resampled.areaCount === parentOf.length; // a sample does not tell a parent's cells
  const chances = isWhole ? backOffUnigram(visits, { parentOf, parentCount, unseen }) : undefined;
  const checkIns = checkInsOf(places, resampled.test);
  return {
    resolution,
    seenShare: reached / all,
    perplexity: chances && countingPerplexity(places, checkIns, { chances }),
  };
}

function visitedMap({ cells }: Resampled, visits: Uint32Array): RarityResult["map"] {
  const { resolution, hi, lo } = cells;
  const isVisited = (_: number, n: number): boolean => visits[n]! > 0;
  return {
    cells: { resolution, hi: hi.filter(isVisited), lo: lo.filter(isVisited) },
    visits: Float32Array.from(visits.filter((count) => count > 0)),
  };
}

/** How many places training saw how often, and what can be said of those that it never saw (TK-08). */
export async function* runRarity(
  { dataset: spec, resolution, model, seed }: RarityJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, RarityResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(spec, session, signal);
  const resampled = yield* openResolution(dataset, spec, { resolution }, session, signal);
  const counted = countPlaces(resampled);
  const { visits, testVisits, places } = counted;
  const bands = rarityBands(visits, testVisits, resampled.areaCount);
  const chances = cellUnigram(visits, resampled.areaCount);
  const pace = createPace(signal);
  const backOff: BackOff[] = [];
  const validation = trajectoriesOf(resampled.parts, "validation");
  const validationVisits = countVisits(places, validation, visits.length);
  const unseen = unseenShare(visits, validationVisits);
  const levels = LEVELS_UP.map((up) => resampled.resolution - up);
  for (const [done, level] of levels.entries()) {
    yield { phase: "count parents", done, total: levels.length, unit: "resolutions" };
    await pace.rest();
    backOff.push(backOffAt(level, counted, unseen));
  }
  const canAsk = model !== undefined && resampled.resolution === dataset.cells.resolution;
  const asked = { bands, visits, seed };
  const errors = canAsk
    ? yield* measureBandErrors(model, dataset, asked, { session, signal })
    : undefined;
  return {
    resolution: resampled.resolution,
    cells: resampled.areaCount,
    bands,
    testCheckIns: sumOf(testVisits),
    unseenShare: bands[0]!.testShare,
    backOff,
    perplexity: countingPerplexity(places, checkInsOf(places, resampled.test), { chances }),
    errors,
    map: visitedMap(resampled, visits),
    made: toMade(startedAt, { seed: seedOf(spec), data: dataset.key }),
  };
}
