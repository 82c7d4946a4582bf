import { haversineKm } from "../geo/cells";
import type { MetricName } from "../task/tasks/metric-names";
import type { TaskName } from "../task/tasks/types";
import { publishedScore } from "./published";
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

interface Stated {
  id: string;
  what: string;
  printed: readonly number[];
  unit: string;
  computed: Gain["computed"];
  says: string;
  line: number;
  note?: string;
}

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

const one = (of: string, value: number): Gain["computed"] => [{ of, value }];

function stated(): Stated[] {
  return [
    {
      id: "trees",
      what: "tree cover, R2, the “up to” of the abstract",
      printed: [38],
      unit: "%",
      computed: one("Table 8", gainPercent(8, "r2")),
      says: "up to 38%",
      line: 3,
    },
    {
      id: "location-degrees",
      what: "latitude and longitude, mean error",
      printed: [0.476, 0.432],
      unit: "°",
      computed: [
        { of: "latitude", value: gainOf(2, "latMae") },
        { of: "longitude", value: gainOf(2, "lngMae") },
      ],
      says: "0.476 and 0.432 degree",
      line: 54,
    },
    {
      id: "location-km",
      what: "the two together as a distance",
      printed: [71],
      unit: "km",
      computed: [
        { of: `at ${JAPAN_LAT_DEG}° north`, value: locationGainKm(JAPAN_LAT_DEG) },
        { of: "at the equator", value: locationGainKm(0) },
      ],
      says: "71 km in terms of Haversine distance",
      line: 54,
      note: "The printed distance is the one at the equator: coordinates relative to the country’s centre were probably given to the formula as they were.",
    },
    {
      id: "population",
      what: "population, F",
      printed: [33],
      unit: "%",
      computed: one("Table 3", gainPercent(3, "f")),
      says: "33% performance gain",
      line: 68,
    },
    {
      id: "population-f",
      what: "population, F, as a difference",
      printed: [0.115],
      unit: "",
      computed: one("Table 3", gainOf(3, "f")),
      says: "overall gain of 0.115 in F-Score",
      line: 68,
    },
    {
      id: "administrative",
      what: "region, municipality class and prefecture, F",
      printed: [5, 12],
      unit: "%",
      computed: [
        { of: "region, Table 5", value: gainPercent(5, "f") },
        { of: "municipality, Table 6", value: gainPercent(6, "f") },
        { of: "prefecture, Table 4", value: gainPercent(4, "f") },
      ],
      says: "ranging between 5% and 12%",
      line: 86,
      note: "The largest is the prefecture’s 12.95%, which is 13% to whole numbers. The text seems to cut digits off elsewhere too (26.8% to 26%, 0.266 to 0.26), so 12% may be meant that way.",
    },
    {
      id: "land-cover",
      what: "built-up land and tree cover, R2",
      printed: [26, 38],
      unit: "%",
      computed: [
        { of: "built-up, Table 7", value: gainPercent(7, "r2") },
        { of: "trees, Table 8", value: gainPercent(8, "r2") },
      ],
      says: "26% to 38% improvement",
      line: 128,
    },
    {
      id: "land-cover-r2",
      what: "the same as differences of R2",
      printed: [0.147, 0.158],
      unit: "",
      computed: [
        { of: "built-up, Table 7", value: gainOf(7, "r2") },
        { of: "trees, Table 8", value: gainOf(8, "r2") },
      ],
      says: "overall gain of 0.147 to 0.158 in R2",
      line: 128,
    },
    {
      id: "diversity",
      what: "geographic diversity, R2",
      printed: [0.715],
      unit: "",
      computed: one("Table 9", gainOf(9, "r2")),
      says: "R2 score boost of 0.715",
      line: 185,
    },
    {
      id: "trip-length",
      what: "trip length, mean error",
      printed: [8.5],
      unit: "km",
      computed: one("Table 10", gainOf(10, "mae")),
      says: "8.5 km reduction",
      line: 188,
    },
    {
      id: "travel",
      what: "cross-prefecture travel, F",
      printed: [0.26],
      unit: "",
      computed: one("Table 11", gainOf(11, "f", "travel-prefecture")),
      says: "up to 0.26 in F-Score",
      line: 192,
    },
    {
      id: "greenery",
      what: "exposure to greenery, R2, “over”",
      printed: [40],
      unit: "%",
      computed: one("Table 12", gainPercent(12, "r2")),
      says: "over 40% in terms of R2",
      line: 196,
    },
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
function worstFit({ printed, computed }: Stated): Fit {
  const values = computed.map(({ value }) => value);
  const ends = values.length > 2 ? [Math.min(...values), Math.max(...values)] : values;
  const worst = Math.max(...printed.map((p, i) => FITS.indexOf(fitOf(p, ends[i]!))));
  return FITS[worst]!;
}

/** Every gain that paper 1's text prints, recomputed from its tables; the two with a note do not add up. */
export function computeGains(): Gain[] {
  return stated().map((gain) => {
    const { id, what, printed, unit, computed, says, line, note } = gain;
    const source: Source = { text: 1, line, says };
    return {
      id,
      what,
      printed,
      unit,
      computed,
      fit: worstFit(gain),
      source,
      ...(note && { note }),
    };
  });
}
