import type { ForecastResult } from "../../core/job/forecast";
import { GUESSERS, type Guesser } from "../../core/task/guessers";
import { boundsOf } from "../map/bounds";
import type { Twin } from "../map/cell-twin";
import { formatKm, formatPlace } from "../map/format";
import { mapColors, type Rgba } from "../map/map-colors";
import { cornersAround, type PointFigureParts } from "../map/point-figure";
import type { LngLat, Shape } from "../map/shapes";
import type { Theme } from "../style/theme";
import type { KeyItem } from "../ui/Key";
import type { Shown, ShownForecast } from "./shown";
import { aheadText, GUESSER_NAMES, windowFinding } from "./words";

/** Of the rules, in CSS (forecast.css) and on the map. */
const RULE_COLORS: Readonly<Record<Theme, Record<Exclude<Guesser, "model">, Rgba>>> = {
  light: {
    persistence: [31, 34, 38, 255],
    linear: [79, 98, 181, 255],
    yesterday: [150, 58, 140, 255],
  },
  dark: {
    persistence: [233, 232, 228, 255],
    linear: [154, 169, 242, 255],
    yesterday: [226, 140, 214, 255],
  },
};

/** CSS colours of the guesses. */
export const GUESSER_COLORS: Readonly<Record<Guesser, string>> = {
  model: "var(--guess)",
  persistence: "var(--ink)",
  linear: "var(--series-3)",
  yesterday: "var(--yesterday)",
};

/** What lines and dots mean. */
export const FORECAST_KEY: readonly KeyItem[] = [
  { text: "known", look: "line", color: "var(--ink-faint)" },
  { text: "what came then", look: "line", color: "var(--truth)" },
  ...GUESSERS.map((guesser): KeyItem => {
    const look = guesser === "persistence" ? "dot" : "line";
    return { text: GUESSER_NAMES[guesser], look, color: GUESSER_COLORS[guesser] };
  }),
];

/** Places that follow one another without a hidden one between them. */
function runsOf(places: readonly Shown[]): LngLat[][] {
  const runs: LngLat[][] = [[]];
  for (const place of places) {
    if (place === undefined) runs.push([]);
    else runs.at(-1)!.push(place);
  }
  return runs.filter((run) => run.length > 0);
}

/** Lines with their points, broken where a place is hidden. */
function path(id: string, places: readonly Shown[], color: Rgba, widthPx: number): Shape[] {
  const lines = runsOf(places);
  return [
    { id, kind: "line", lines: lines.filter((run) => run.length > 1), widthPx, color },
    { id: `${id}-points`, kind: "dots", places: lines.flat(), radiusPx: widthPx + 1, color },
  ];
}

const readPlace = (place: Shown): string =>
  place === undefined ? "hidden" : formatPlace(place[1], place[0]);

function twinOf(result: ForecastResult, shown: ShownForecast): Twin {
  const { truth, guesses, model } = result;
  return {
    summary: windowFinding(result),
    head: ["ahead", "truth", "guess", ...GUESSERS.map((one) => `${GUESSER_NAMES[one]}, km off`)],
    rows: truth.map((_, n) => [
      aheadText(n + 1, model.intervalMin),
      readPlace(shown.truth[n]),
      readPlace(shown.guesses.model[n]),
      ...GUESSERS.map((one) => formatKm(guesses[one].km[n]!)),
    ]),
  };
}

const isShown = (place: Shown): place is LngLat => place !== undefined;

/** A forecast as plain objects: what a map draws, and says; undefined where nothing of it may be shown. */
export function forecastFigure(
  result: ForecastResult,
  shown: ShownForecast,
  theme: Theme,
): PointFigureParts | undefined {
  const { known, truth, guesses } = shown;
  const colors = mapColors(theme);
  const rules = RULE_COLORS[theme];
  const last = known.at(-1);
  const onward = (places: readonly Shown[]): Shown[] => [last, ...places];
  // a straight line soon leaves the country: it is drawn, not looked at
  const near = [...onward(truth), ...guesses.model, ...guesses.yesterday].filter(isShown);
  const wide = near.length > 0 ? near : known.filter(isShown);
  if (wide.length === 0) return undefined;
  return {
    panels: [{ id: "map", title: "From the last known point on" }],
    shapes: [
      ...path("known", known, colors.path, 1.5),
      ...path("linear", onward(guesses.linear), rules.linear, 1.5),
      ...path("yesterday", onward(guesses.yesterday), rules.yesterday, 1.5),
      ...path("truth", onward(truth), colors.truth, 2.5),
      ...path("guess", onward(guesses.model), colors.guess, 2.5),
      {
        id: "staying",
        kind: "dots",
        places: [guesses.persistence.find(isShown)].filter(isShown),
        radiusPx: 5,
        color: rules.persistence,
      },
    ],
    bounds: boundsOf([...wide, ...wide.slice(0, 1).flatMap(cornersAround)]),
    twin: twinOf(result, shown),
  };
}
