import { summariseScores, scoreText } from "../../core/job/sweep/score-summary";
import { summariseSweep } from "../../core/job/sweep/summary";
import type {
  MaskTrade,
  ResolutionTrade,
  TradeOffsResult,
  WindowTrade,
} from "../../core/job/trade-offs";
import { FAR_TASK } from "../../core/task/experiments/series";
import { spreadOf } from "../../core/task/table/interval";
import type { KeptSweep } from "../page-context";
import { formatShare } from "../map/format";
import { formatCount, formatMeasure } from "../words";
import { spreadText } from "./sweep-words";

/** Where the three sliders stand: places in the lists of the result. */
export interface Stand {
  readonly resolution: number;
  readonly window: number;
  readonly mask: number;
}

/** What the sliders choose. */
export interface Chosen {
  readonly resolution: ResolutionTrade;
  readonly window: WindowTrade;
  readonly mask: MaskTrade;
}

/** The place of a value in a list; the nearest one below where it is not there. */
const placeOf = (values: readonly number[], wanted: number): number =>
  Math.max(
    0,
    values.findLastIndex((value) => value <= wanted + 1e-9),
  );

/** The papers' setting: resolution 8, 10 minutes, 20 % hidden; the finest resolution where the data end before. */
export function papersStand({ resolutions }: TradeOffsResult): Stand {
  const [{ windows }] = resolutions as [ResolutionTrade];
  return {
    resolution: placeOf(
      resolutions.map(({ resolution }) => resolution),
      8,
    ),
    window: placeOf(
      windows.map(({ windowMin }) => windowMin),
      10,
    ),
    mask: placeOf(
      windows[0]!.masks.map(({ rate }) => rate),
      0.2,
    ),
  };
}

export function chosenAt({ resolutions }: TradeOffsResult, stand: Stand): Chosen {
  const resolution = resolutions[stand.resolution]!;
  const window = resolution.windows[stand.window]!;
  return { resolution, window, mask: window.masks[stand.mask]! };
}

const optional = (value: number | undefined): string =>
  value === undefined ? "–" : formatMeasure(value);

const truncated = ({ truncated: rows }: WindowTrade, length: number): string =>
  formatShare(rows.find((row) => row.length === length)!.trajectories);

type Row = readonly [title: string, value: (chosen: Chosen) => string];

/** What a setting costs. */
export const COSTS: readonly Row[] = [
  ["vocabulary (5|3)", ({ resolution }) => formatCount(resolution.vocabularySize)],
  ["weights of tiny", ({ resolution }) => formatCount(resolution.parameters.tiny)],
  ["weights of base", ({ resolution }) => formatCount(resolution.parameters.base)],
  ["check-ins a trajectory", ({ window }) => formatMeasure(window.checkIns)],
  ["tokens a trajectory", ({ window }) => formatMeasure(window.tokens)],
  ["trajectories beyond 128 tokens", ({ window }) => truncated(window, 128)],
  ["trajectories beyond 512 tokens", ({ window }) => truncated(window, 512)],
  ["hidden check-ins a trajectory", ({ mask }) => formatMeasure(mask.hidden)],
];

/** What it leaves to learn from, and how hard that is. */
export const QUALITY: readonly Row[] = [
  ["places told apart", ({ resolution }) => formatCount(resolution.places)],
  ["perplexity of counting", ({ resolution }) => optional(resolution.perplexity.unigram)],
  [
    "perplexity with the place before",
    ({ resolution }) => optional(resolution.perplexity.previous),
  ],
  ["check-ins that stay apart", ({ window }) => formatShare(window.kept)],
  ["check-ins that repeat the one before", ({ window }) => formatShare(window.repeated)],
  ["check-ins left to see", ({ mask }) => formatMeasure(mask.seen)],
  ["hidden with nothing seen next to them", ({ mask }) => formatShare(mask.alone)],
  ["hidden that a copy of a neighbour solves", ({ mask }) => formatShare(mask.copied)],
];

/** What finished runs of this browser's sweeps on the same data say of a resolution or a share of hidden check-ins. */
export function sweptAt(
  sweeps: readonly KeptSweep[],
  data: string | undefined,
  { resolution, mask }: Chosen,
): string[] {
  const names = { resolution: String(resolution.resolution), "mask-ratio": maskText(mask.rate) };
  return sweeps.flatMap((sweep) => {
    const { over } = sweep;
    if (sweep.data.key !== data || (over !== "resolution" && over !== "mask-ratio")) return [];
    const name = names[over];
    const row = summariseSweep(sweep).find(({ planned }) => planned.setting.name === name);
    if (row?.cellPerplexity === undefined) return [];
    const gains = summariseScores(sweep)
      .filter((one) => one.setting === name && one.split === "random" && one.task !== FAR_TASK)
      .map(({ gain }) => gain.mean);
    const gain = spreadOf(gains);
    const scored =
      gain === undefined ? "" : `, mean gain of probes ${scoreText({ mean: gain.mean, n: 1 })}`;
    const what = over === "resolution" ? `resolution ${name}` : `${name} hidden`;
    return [
      `Trained with ${what} for ${formatCount(sweep.steps)} steps: perplexity ${spreadText(row.cellPerplexity)} per check-in${scored}.`,
    ];
  });
}

/** "20 %", as a sweep names it. */
export const maskText = (rate: number): string => `${Number((100 * rate).toFixed(2))} %`;
