import { haversineKm } from "../geo/cells";
import type { MetricName } from "../task/tasks/metric-names";
import type { TaskName } from "../task/tasks/types";
import { publishedScore } from "./published";
import stated from "./gains.json";
import type { Source } from "./sources";

/** A gain that paper 1 prints, beside what its tables give (AD-23). */
export interface Gain {
  readonly id: string;
  /** What the gain is of. */
  readonly what: string;
  /** The printed number, or the least and the most of a printed range. */
  readonly printed: readonly number[];
  /** "%", "km", "°" or "" for a plain score. */
  readonly unit: string;
  /** What the tables give, each with what it is of. */
  readonly computed: readonly { readonly of: string; readonly value: number }[];
  /** How the printed ends come from the computed ones: rounded, with digits cut off, or not at all. */
  readonly fit: Fit;
  /** Where the two do not add up at sight: what explains it. */
  readonly note?: string;
  readonly source: Source;
}

export type Fit = "rounded" | "cut" | "off";

/** A printed gain as gains.json has it, with the numbers that it should come from. */
interface Stated {
  readonly id: string;
  readonly what: string;
  readonly printed: readonly number[];
  readonly unit: string;
  /** Empty for the distance, which is worked out from two of them. */
  readonly of: readonly {
    readonly of: string;
    readonly table: number;
    readonly metric: MetricName;
    readonly task?: TaskName;
    /** As a share of the random twin's score, or as the difference to it. */
    readonly by: "percent" | "difference";
  }[];
  readonly source: Source;
  readonly note?: string;
}

const STATED = stated as readonly Stated[];

/** The middle of Japan's latitudes, where the distance of a degree of longitude is taken. */
export const JAPAN_LAT_DEG = 36;

const fine = (table: number, metric: MetricName, task?: TaskName): number =>
  publishedScore(table, "fine-tuned", metric, task);
const random = (table: number, metric: MetricName, task?: TaskName): number =>
  publishedScore(table, "random", metric, task);

/** By how much the fine-tuned model is better than its random twin, in the unit of the measure. */
export function gainOf(table: number, metric: MetricName, task?: TaskName): number {
  return Math.abs(fine(table, metric, task) - random(table, metric, task));
}

/** The same as a share of what the random twin reaches, in percent. */
export function gainPercent(table: number, metric: MetricName, task?: TaskName): number {
  return (100 * gainOf(table, metric, task)) / random(table, metric, task);
}

/** The gain of Table 2 in kilometres, gone from a place of this latitude to the north and to the east. */
export function locationGainKm(latDeg: number): number {
  const lat = gainOf(2, "latMae");
  const lng = gainOf(2, "lngMae");
  return haversineKm(latDeg, 0, latDeg + lat, lng);
}

function computedOf({ of }: Stated): Gain["computed"] {
  if (of.length > 0) {
    return of.map(({ of: name, table, metric, task, by }) => {
      const value = by === "percent" ? gainPercent : gainOf;
      return { of: name, value: value(table, metric, task) };
    });
  }
  return [
    { of: `at ${JAPAN_LAT_DEG}° north`, value: locationGainKm(JAPAN_LAT_DEG) },
    { of: "at the equator", value: locationGainKm(0) },
  ];
}

const digitsOf = (value: number): number => (String(value).split(".")[1] ?? "").length;

/** How a printed number comes from a computed one. */
export function fitOf(printed: number, computed: number): Fit {
  const unit = 10 ** digitsOf(printed);
  const shown = Math.round(printed * unit);
  if (shown === Math.round(computed * unit)) return "rounded";
  return shown === Math.floor(computed * unit + 1e-9) ? "cut" : "off";
}

const FITS: readonly Fit[] = ["rounded", "cut", "off"];

/** One printed number is the first computed; two are the computed in their order, or their least and most. */
function worstFit(printed: readonly number[], computed: Gain["computed"]): Fit {
  const values = computed.map(({ value }) => value);
  const ends = values.length > 2 ? [Math.min(...values), Math.max(...values)] : values;
  const worst = Math.max(...printed.map((p, i) => FITS.indexOf(fitOf(p, ends[i]!))));
  return FITS[worst]!;
}

/** Every gain that paper 1's text prints, recomputed from its tables; the two with a note do not add up. */
export function computeGains(): Gain[] {
  return STATED.map((gain) => {
    const { of: _, ...said } = gain;
    const computed = computedOf(gain);
    return { ...said, computed, fit: worstFit(said.printed, computed) };
  });
}
