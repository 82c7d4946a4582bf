/** What paper 2's design trade-offs cost and give on a data set (SD-07), counted and not trained. */
import { createRandom } from "../random";
import { createPace, type Progress } from "../pace";
import { countParameters } from "../model/parameters";
import { measureTokenLengths, type Truncation } from "../token/token-lengths";
import type { CellPieces } from "../token/tokeniser";
import { PRESETS, toBertConfig } from "../train/config";
import type { DatasetSpec } from "./dataset";
import { openTokeniser } from "./make-tokeniser";
import { countPlaces, measureTokeniser, ROW_LENGTHS } from "./measure-tokeniser";
import { openDataset } from "./open-dataset";
import { openResolution, resolutionsOf, type Resampled } from "./open-resolution";
import { toMade, type Made, type Report, type Session } from "./session";

export interface TradeOffsJob {
  kind: "trade-offs";
  dataset: DatasetSpec;
  seed: number;
}

/** Minutes within which check-ins of one person in one cell are one. Shorter ones would need the points. */
export const WINDOWS_MIN: readonly number[] = [10, 20, 30, 60, 120, 240];
/** Shares of the check-ins that are hidden. */
export const MASK_RATES: readonly number[] = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6];
/** Trajectories of the test part in which check-ins are hidden to count what is left. */
const HIDDEN_IN = 300;

/** A share of hidden check-ins, counted on test trajectories. */
export interface MaskTrade {
  readonly rate: number;
  /** Mean check-ins of a trajectory that are hidden and that are left to see. */
  readonly hidden: number;
  readonly seen: number;
  /** Share of the hidden ones between two hidden ones (or ends): nothing next to them is seen. */
  readonly alone: number;
  /** Share of the hidden ones whose cell is that of the next one that is seen, before or after: copying is enough. */
  readonly copied: number;
}

/** A window at a resolution. */
export interface WindowTrade {
  readonly windowMin: number;
  /** Mean of a trajectory. */
  readonly checkIns: number;
  readonly tokens: number;
  readonly truncated: readonly Truncation[];
  /** Share of the check-ins of the shortest window that stay apart. */
  readonly kept: number;
  /** Share of the check-ins that are in the same cell as the one before. */
  readonly repeated: number;
  readonly masks: readonly MaskTrade[];
}

/** A resolution. */
export interface ResolutionTrade {
  readonly resolution: number;
  readonly cells: number;
  readonly vocabularySize: number;
  /** Parameters of the presets tiny and base with this vocabulary, embeddings among them. */
  readonly parameters: { readonly tiny: number; readonly base: number };
  /** Cells that somebody visits: places that are told apart. */
  readonly places: number;
  /** Per check-in, of counting and of the place before; undefined where an [UNK] has no chance. */
  readonly perplexity: {
    readonly unigram: number | undefined;
    readonly previous: number | undefined;
  };
  readonly windows: readonly WindowTrade[];
}

export interface TradeOffsResult {
  readonly resolutions: readonly ResolutionTrade[];
  /** Trajectories in which check-ins were hidden. */
  readonly hiddenIn: number;
  readonly made: Made;
}

/** Cells of trajectories, one after the other. */
interface Walks {
  readonly offsets: Uint32Array;
  readonly cell: Uint32Array;
}

/** The check-ins that are left where those in one cell within a window from the first are one. */
export function mergeWithin(
  { offsets, checkIns }: Pick<Resampled["trajectories"], "offsets" | "checkIns">,
  windowMs: number,
): Walks {
  const ends = new Uint32Array(offsets.length);
  const cell = new Uint32Array(checkIns.cell.length);
  let count = 0;
  for (let k = 0; k + 1 < offsets.length; k++) {
    let firstMs = -Infinity;
    for (let i = offsets[k]!; i < offsets[k + 1]!; i++) {
      const isSame = count > ends[k]! && cell[count - 1] === checkIns.cell[i];
      if (isSame && checkIns.startMs[i]! - firstMs <= windowMs) continue;
      firstMs = checkIns.startMs[i]!;
      cell[count++] = checkIns.cell[i]!;
    }
    ends[k + 1] = count;
  }
  return { offsets: ends, cell: cell.subarray(0, count) };
}

/** Share of the check-ins that follow another of their trajectory and are in its cell. */
function repeatedShare({ offsets, cell }: Walks): number {
  let same = 0;
  for (let k = 0; k + 1 < offsets.length; k++) {
    for (let i = offsets[k]! + 1; i < offsets[k + 1]!; i++) if (cell[i] === cell[i - 1]) same++;
  }
  return same / Math.max(1, cell.length);
}

/** What hiding a share of the check-ins leaves of some trajectories; each check-in is drawn for itself. */
export function countMasks(
  { offsets, cell }: Walks,
  rows: ArrayLike<number>,
  rate: number,
  seed: number,
): MaskTrade {
  let [hidden, all, alone, copied] = [0, 0, 0, 0];
  for (const k of Array.from(rows)) {
    const cells = cell.subarray(offsets[k], offsets[k + 1]);
    const random = createRandom(seed, "trade-offs", k); // the same draws for every rate: more are hidden, none shown
    const isHidden = Array.from(cells, () => random.uniform() < rate);
    all += cells.length;
    cells.forEach((own, at) => {
      if (!isHidden[at]) return;
      hidden++;
      const before = isHidden.lastIndexOf(false, at);
      const after = isHidden.indexOf(false, at);
      if (isHidden[at - 1] !== false && isHidden[at + 1] !== false) alone++; // at an end nothing stands
      if (cells[before] === own || cells[after] === own) copied++;
    });
  }
  const share = (count: number): number => count / Math.max(1, hidden);
  return {
    rate,
    hidden: hidden / rows.length,
    seen: (all - hidden) / rows.length,
    alone: share(alone),
    copied: share(copied),
  };
}

async function* weighWindows(
  { trajectories, test }: Resampled,
  pieces: CellPieces,
  { seed, signal }: { seed: number; signal: AbortSignal },
): AsyncGenerator<Progress, WindowTrade[], void> {
  const pace = createPace(signal);
  const found: WindowTrade[] = [];
  let most: number | undefined;
  for (const [done, windowMin] of WINDOWS_MIN.entries()) {
    yield { phase: "merge check-ins", done, total: WINDOWS_MIN.length, unit: "windows" };
    await pace.rest();
    const walks = mergeWithin(trajectories, 60_000 * windowMin);
    const lengths = measureTokenLengths(walks, pieces, ROW_LENGTHS);
    most ??= walks.cell.length;
    const masks: MaskTrade[] = [];
    for (const rate of MASK_RATES) {
      if (pace.due()) await pace.rest();
      masks.push(countMasks(walks, test.subarray(0, HIDDEN_IN), rate, seed));
    }
    found.push({
      windowMin,
      checkIns: walks.cell.length / Math.max(1, walks.offsets.length - 1),
      tokens: lengths.mean,
      truncated: lengths.truncated,
      kept: walks.cell.length / most,
      repeated: repeatedShare(walks),
      masks,
    });
  }
  return found;
}

async function* weighResolution(
  resampled: Resampled,
  { seed, session, signal }: { seed: number; session: Session; signal: AbortSignal },
): AsyncGenerator<Progress, ResolutionTrade, void> {
  const counted = countPlaces(resampled);
  const row = yield* measureTokeniser("5|3", counted, { model: undefined, signal });
  const { pieces } = yield* openTokeniser("5|3", resampled, session, signal);
  const { vocabularySize, cells, perplexity, resolution } = row;
  const parametersOf = (preset: "tiny" | "base"): number =>
    countParameters(toBertConfig(PRESETS[preset], vocabularySize));
  return {
    resolution,
    cells,
    vocabularySize,
    parameters: { tiny: parametersOf("tiny"), base: parametersOf("base") },
    places: new Set(resampled.trajectories.checkIns.cell).size,
    perplexity,
    windows: yield* weighWindows(resampled, pieces, { seed, signal }),
  };
}

/** Counts what every resolution, window and share of hidden check-ins costs and leaves (SD-07). Throws as the data. */
export async function* runTradeOffs(
  { dataset: spec, seed }: TradeOffsJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, TradeOffsResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(spec, session, signal);
  const resolutions: ResolutionTrade[] = [];
  for (const resolution of resolutionsOf(dataset)) {
    const resampled = yield* openResolution(dataset, spec, { resolution }, session, signal);
    resolutions.push(yield* weighResolution(resampled, { seed, session, signal }));
  }
  const made = toMade(startedAt, { seed, data: dataset.key });
  return { resolutions, hiddenIn: Math.min(HIDDEN_IN, dataset.test.length), made };
}
