import type { CalendarSpec } from "../../core/data/holidays";
import type { ClockRule } from "../../core/data/local-clock";
import { FILLS } from "../../core/data/resample";
import {
  DEFAULT_RULES,
  STAY_RULES,
  type StayRule,
  type TrajectoryRules,
} from "../../core/data/rules";
import type { SplitOptions } from "../../core/data/splits";
import { WINDOW_KINDS } from "../../core/data/windows";
import { FootfallError } from "../../core/errors";
import { DEFAULT_SEED } from "../../core/random";
import type { CommandInput } from "../command";
import { choiceOf, numberOf, requiredText, textOf } from "../values";
import { CELL_BACKENDS, type CellBackend } from "./locator";
import { readTokeniserSpec, type TokeniserSpec } from "./tokeniser-choice";

type Values = CommandInput["values"];

/** The options, read and checked. */
export interface TokenisePlan {
  out: string;
  resolution: number;
  rules: TrajectoryRules;
  maxSpeedKmh: number;
  split: Required<SplitOptions>;
  tokeniser: TokeniserSpec;
  calendar: CalendarSpec | undefined;
  keepUsers: string | undefined;
  /** What finds the cells. */
  backend: CellBackend;
}

/** Airliners fly slower than this. */
const IMPOSSIBLE_KMH = 1000;
const DROPS = ["duplicates", "clocks", "speed"] as const;
const YEAR_MIN = 527_040;

function readStays(values: Values): StayRule {
  const kind = choiceOf(values, "stays", ["window", "stops", "resample"]) ?? "window";
  const minutes = (name: string, to: number, standard: number): number =>
    numberOf(values, name, { from: 0, to, whole: false }) ?? standard;
  switch (kind) {
    case "window":
      return { kind, windowMin: minutes("window-min", 1440, STAY_RULES.window.windowMin) };
    case "stops": {
      const { radiusM, minMin, maxGapMin } = STAY_RULES.stops;
      return {
        kind,
        radiusM: numberOf(values, "radius-m", { from: 1, to: 1e6, whole: false }) ?? radiusM,
        minMin: minutes("min-stop-min", YEAR_MIN, minMin),
        maxGapMin: minutes("max-gap-min", YEAR_MIN, maxGapMin),
      };
    }
    case "resample": {
      const { intervalMin, fill, maxPoints, maxGapMin } = STAY_RULES.resample;
      return {
        kind,
        intervalMin:
          numberOf(values, "interval-min", { from: 0.1, to: YEAR_MIN, whole: false }) ??
          intervalMin,
        fill: choiceOf(values, "fill", FILLS) ?? fill,
        maxPoints: numberOf(values, "max-points", { from: 1, to: 1e9 }) ?? maxPoints,
        maxGapMin: minutes("max-gap-min", YEAR_MIN, maxGapMin),
      };
    }
    default:
      throw kind satisfies never;
  }
}

function readClock(values: Values): ClockRule {
  const hours = numberOf(values, "utc-offset", { from: -12, to: 14, whole: false });
  const zone = textOf(values, "zone");
  if (hours !== undefined && zone !== undefined) {
    throw new FootfallError("bad-input", "--utc-offset and --zone both set the clock: give one");
  }
  if (hours !== undefined) return { kind: "offset", hours };
  return zone === undefined ? DEFAULT_RULES.clock : { kind: "zone", zone };
}

function readDrops(values: Values, maxSpeedKmh: number): TrajectoryRules["drop"] {
  const words = textOf(values, "drop")?.split(",") ?? [];
  const strange = words.find((word) => !DROPS.some((known) => known === word.trim()));
  if (strange !== undefined) {
    throw new FootfallError("bad-input", `--drop ${strange}: expected some of ${DROPS.join(",")}`);
  }
  const asks = (word: (typeof DROPS)[number]) => words.some((other) => other.trim() === word);
  return {
    ...(asks("duplicates") ? { duplicates: true } : {}),
    ...(asks("clocks") ? { clocks: true } : {}),
    ...(asks("speed") ? { speedKmh: maxSpeedKmh } : {}),
  };
}

/** "JP" or "DE-BY". */
function readCalendar(text: string | undefined): CalendarSpec | undefined {
  if (text === undefined) return undefined;
  const [country = "", region] = text.split("-", 2);
  return { country: country.toUpperCase(), ...(region ? { region: region.toUpperCase() } : {}) };
}

/** Reads all options of `tokenise` but those on reading files. Throws "bad-input". */
export function readPlan(values: Values): TokenisePlan {
  const maxSpeedKmh = numberOf(values, "max-speed-kmh", { from: 1, to: 1e6 }) ?? IMPOSSIBLE_KMH;
  return {
    out: requiredText(values, "out", "the folder to write"),
    resolution: numberOf(values, "resolution", { from: 0, to: 12 }) ?? 8,
    rules: {
      stays: readStays(values),
      window: choiceOf(values, "window", WINDOW_KINDS) ?? DEFAULT_RULES.window,
      minCheckIns: numberOf(values, "min-check-ins", { from: 1, to: 1e6 }) ?? 10,
      minCells: numberOf(values, "min-cells", { from: 1, to: 1e6 }) ?? 3,
      clock: readClock(values),
      drop: readDrops(values, maxSpeedKmh),
    },
    maxSpeedKmh,
    split: {
      by: choiceOf(values, "split", ["user", "trajectory"]) ?? "user",
      seed: numberOf(values, "seed", { from: 0, to: 2 ** 32 - 1 }) ?? DEFAULT_SEED,
    },
    tokeniser: readTokeniserSpec(values),
    calendar: readCalendar(textOf(values, "holidays")),
    keepUsers: textOf(values, "keep-users"),
    backend: choiceOf(values, "backend", CELL_BACKENDS) ?? "cpu",
  };
}

/** The plan as report.json has it. */
export function reportOptions({ out: _out, split, ...plan }: TokenisePlan): { options: object } {
  return { options: { ...plan, split: split.by } };
}
