import type { LayerPreview, LayerReport } from "../../core/truth/layer-types";
import type { JoinReport } from "../../core/truth/polygons/joined";
import type { TruthResult } from "../../core/job/truth";
import type { Bounds } from "../map/cell-geometry";
import { describePlaces } from "../map/cell-twin";
import { formatCount, formatCounted, formatPercent } from "../words";

/** What a kind of layer is called. */
export const KIND_WORDS: Record<LayerPreview["kind"], string> = {
  raster: "raster of pixels",
  polygons: "polygons",
  table: "table",
};

/** Overlap of two ranges. */
const overlap = (a: number, b: number, c: number, d: number): number =>
  Math.max(0, Math.min(b, d) - Math.max(a, c));

/** The share of the data's box that the layer's box covers; a box may lie a turn around the world away. */
export function coveredShare(layer: Bounds, data: Bounds): number {
  const [west, south, east, north] = data;
  const wide = Math.max(east - west, 1e-9);
  const high = Math.max(north - south, 1e-9);
  const shares = [-360, 0, 360].map(
    (turn) =>
      (overlap(west, west + wide, layer[0] + turn, layer[2] + turn) *
        overlap(south, south + high, layer[1], layer[3])) /
      (wide * high),
  );
  return Math.min(
    1,
    shares.reduce((sum, share) => sum + share, 0),
  );
}

/** Whether a layer meets the data, in one sentence; loud where it does not. */
export function meetingWords(
  layer: Bounds | undefined,
  data: Bounds | undefined,
): { text: string; isLoud: boolean } | undefined {
  if (layer === undefined || data === undefined) return undefined;
  const share = coveredShare(layer, data);
  if (share === 0) {
    return {
      isLoud: true,
      text: `The layer and the data do not meet: the layer lies at ${describePlaces(layer)}, the data at ${describePlaces(data)}.`,
    };
  }
  const text =
    share > 0.995
      ? "The layer’s box covers all of the data’s."
      : `The layer’s box covers ${formatPercent(share)} of the data’s.`;
  return { text, isLoud: false };
}

/** How many cells got a value, and how, in one sentence. */
export function truthFinding({ truth }: Pick<TruthResult, "truth">): string {
  const { cells, withValue, method } = truth.report;
  return `${formatCount(withValue)} of ${formatCounted(cells, "cell")} have a value: ${method}.`;
}

/** Where the two joins of polygons part, in one sentence. */
export function joinWords(join: JoinReport): string {
  const { withCentre, withArea, differ, onlyCentre, onlyArea, overlapping } = join;
  const by = `By centre ${formatCounted(withCentre, "cell")} ${withCentre === 1 ? "has" : "have"} a value, by area ${formatCount(withArea)}`;
  const parts =
    differ === 0
      ? "where both have one they agree"
      : `they differ in ${formatCounted(differ, "cell")}`;
  const only = `${formatCount(onlyCentre)} by centre only, ${formatCount(onlyArea)} by area only`;
  const twice =
    overlapping === 0 ? "" : `; ${formatCounted(overlapping, "cell")} in polygons of two values`;
  return `${by}; ${parts} (${only})${twice}.`;
}

/** Facts of a report without the counts of classes, which stand in a table of their own. */
export const plainFacts = ({ facts }: LayerReport): LayerReport["facts"] =>
  facts.filter(({ name }) => !name.startsWith("cells of "));

/** What k hides of a truth or of embeddings. */
export const hiddenText = (hidden: number): string =>
  `${formatCount(hidden)} cells with a value are hidden, here and in the files`;
