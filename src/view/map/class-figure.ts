import type { CellTable } from "../../core/geo/cells";
import { boundsOfTable } from "./bounds";
import { describePlaces, type Twin } from "./cell-twin";
import type { Rgb } from "./color-tables";
import { formatShare, formatValue } from "./format";
import type { MapPanel } from "./MapPanels";
import type { Scale } from "./scale";

/** Nine colours that stay apart for colour-blind eyes: "muted" of Paul Tol, SRON/EPS/TN/09-002 (2021). */
const COLORS: readonly Rgb[] = [
  [51, 34, 136],
  [221, 204, 119],
  [17, 119, 51],
  [136, 204, 238],
  [136, 34, 85],
  [68, 170, 153],
  [204, 102, 119],
  [153, 153, 51],
  [170, 68, 153],
];
/** All classes beyond the nine most frequent. */
const OTHER: Rgb = [178, 178, 178];
export const WRONG: Rgb = [168, 48, 28];
export const RIGHT: Rgb = [148, 186, 178];

/** A class with its colour and how often it is. */
export interface ClassEntry {
  readonly name: string;
  readonly color: Rgb;
  readonly truth: number;
  readonly predicted: number;
  /** Cells where both say so. */
  readonly both: number;
}

/** What a map of classes shows, as plain objects. */
export interface ClassFigure {
  readonly panels: readonly MapPanel[];
  /** The most frequent class first. */
  readonly entries: readonly ClassEntry[];
  /** Classes that share the colour of "other". */
  readonly otherCount: number;
  readonly twin: Twin;
}

interface Compared {
  readonly cells: CellTable;
  /** Numbers of classes, NaN for none. [N] */
  readonly truth: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  readonly classes: readonly string[];
  readonly titles: readonly [truth: string, predicted: string, agreement: string];
  readonly unit: string;
}

function countClasses({
  truth,
  predicted,
  classes,
}: Pick<Compared, "truth" | "predicted" | "classes">) {
  const counts = classes.map(() => ({ truth: 0, predicted: 0, both: 0 }));
  for (let n = 0; n < truth.length; n++) {
    const [is, said] = [counts[truth[n]!], counts[predicted[n]!]];
    if (is) is.truth++;
    if (said) said.predicted++;
    if (is && is === said) is.both++;
  }
  return counts;
}

/** Colours by frequency in the truth, so that the ninth colour is used only where nine are needed. */
export function toEntries(compared: Pick<Compared, "truth" | "predicted" | "classes">): {
  entries: ClassEntry[];
  colorOf: Rgb[];
} {
  const counts = countClasses(compared);
  const order = [...counts.keys()].sort((a, b) => counts[b]!.truth - counts[a]!.truth || a - b);
  const colorOf = compared.classes.map(() => OTHER);
  order.slice(0, COLORS.length).forEach((k, rank) => (colorOf[k] = COLORS[rank]!));
  const entries = order.map((k) => ({
    name: compared.classes[k]!,
    color: colorOf[k]!,
    ...counts[k]!,
  }));
  return { entries, colorOf };
}

/** One colour for each class number: the 256 places of a scale's table hold up to 200 classes apart. */
export function classScale(colorOf: readonly Rgb[], unit: string): Scale {
  const K = colorOf.length;
  const table = Array.from({ length: 256 }, () => OTHER);
  colorOf.forEach((color, k) => (table[Math.round(((k + 0.5) / K) * 255)] = color));
  return {
    kind: "linear",
    domain: [-0.5, K - 0.5],
    beyond: [false, false],
    ticks: [],
    unit,
    table,
  };
}

const mix = (share: number): Rgb =>
  WRONG.map((from, i) => Math.round(from + (RIGHT[i]! - from) * share)) as unknown as Rgb;

/** Red where the inference errs; between the two where cells are drawn together. */
const AGREEMENT: Scale = {
  kind: "linear",
  domain: [0, 1],
  beyond: [false, false],
  ticks: [0, 1],
  unit: "",
  table: Array.from({ length: 256 }, (_, i) => mix(i / 255)),
};

const formatAgreement = (value: number): string => {
  if (value === 1) return "right";
  return value === 0 ? "wrong" : `${formatShare(value)} right`;
};

function describe(compared: Compared, entries: readonly ClassEntry[]): Twin {
  const known = entries.reduce((sum, { truth }) => sum + truth, 0);
  const right = entries.reduce((sum, { both }) => sum + both, 0);
  const most = entries
    .slice(0, 3)
    .map(({ name, truth }) => `${name} (${formatShare(truth / known)})`);
  const place = known > 0 ? `${describePlaces(boundsOfTable(compared.cells))}. ` : "";
  const [truth, predicted] = compared.titles;
  return {
    summary: `${place}${formatValue(known)} cells of ${entries.length} classes, most often ${most.join(", ")}; ${formatValue(right)} of them inferred rightly (${formatShare(right / known)}).`,
    head: ["class", truth, predicted, "both"],
    rows: entries.map((entry) => [
      entry.name,
      formatValue(entry.truth),
      formatValue(entry.predicted),
      formatValue(entry.both),
    ]),
  };
}

/** Truth and inference in the same colours, and where they agree. */
export function classFigure(compared: Compared): ClassFigure {
  const { truth, predicted, classes, titles, unit } = compared;
  const { entries, colorOf } = toEntries(compared);
  const scale = classScale(colorOf, unit);
  const format = (value: number): string => classes[value] ?? "no value";
  const agreement = Float32Array.from({ length: truth.length }, (_, n) =>
    Number.isNaN(truth[n]!) || Number.isNaN(predicted[n]!)
      ? NaN
      : Number(truth[n] === predicted[n]),
  );
  return {
    panels: [
      { id: "truth", title: titles[0], values: truth, scale, format, isClasses: true },
      { id: "predicted", title: titles[1], values: predicted, scale, format, isClasses: true },
      {
        id: "agreement",
        title: titles[2],
        values: agreement,
        scale: AGREEMENT,
        format: formatAgreement,
      },
    ],
    entries,
    otherCount: Math.max(0, entries.length - COLORS.length),
    twin: describe(compared, entries),
  };
}
