import type { ForecastResult } from "../../core/job/forecast";
import type { Place } from "../../core/job/point-guess";
import { GUESSERS, type Guesser } from "../../core/task/guessers";
import { boundsOf } from "../map/bounds";
import type { Twin } from "../map/cell-twin";
import { formatKm, formatPlace } from "../map/format";
import { mapColors, type Rgba } from "../map/map-colors";
import { cornersAround, path, type PointFigureParts } from "../map/point-figure";
import type { LngLat } from "../map/shapes";
import type { Theme } from "../style/theme";
import type { KeyItem } from "../ui/Key";
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

const toLngLats = (places: readonly Place[]): LngLat[] => places.map(([lng, lat]) => [lng, lat]);

function twinOf(result: ForecastResult): Twin {
  const { truth, guesses, model } = result;
  const place = ([lng, lat]: Place): string => formatPlace(lat, lng);
  return {
    summary: windowFinding(result),
    head: ["ahead", "truth", "guess", ...GUESSERS.map((one) => `${GUESSER_NAMES[one]}, km off`)],
    rows: truth.map((one, n) => [
      aheadText(n + 1, model.intervalMin),
      place(one),
      place(guesses.model.places[n]!),
      ...GUESSERS.map((guesser) => formatKm(guesses[guesser].km[n]!)),
    ]),
  };
}

/** A forecast as plain objects: what a map draws, and says. */
export function forecastFigure(result: ForecastResult, theme: Theme): PointFigureParts {
  const { guesses } = result;
  const colors = mapColors(theme);
  const rules = RULE_COLORS[theme];
  const known = toLngLats(result.known);
  const last = known.at(-1)!;
  const onward = (places: readonly Place[]): LngLat[] => [last, ...toLngLats(places)];
  const [truth, guessed] = [onward(result.truth), onward(guesses.model.places)];
  const [linear, yesterday] = [guesses.linear, guesses.yesterday].map(({ places }) =>
    onward(places),
  );
  return {
    panels: [{ id: "map", title: "From the last known point on" }],
    shapes: [
      ...path("known", known, colors.path, 1.5),
      ...path("linear", linear!, rules.linear, 1.5),
      ...path("yesterday", yesterday!, rules.yesterday, 1.5),
      ...path("truth", truth, colors.truth, 2.5),
      ...path("guess", guessed, colors.guess, 2.5),
      { id: "staying", kind: "dots", places: [last], radiusPx: 5, color: rules.persistence },
    ],
    // a straight line soon leaves the country: it is drawn, not looked at
    bounds: boundsOf([...truth, ...guessed, ...yesterday!, ...cornersAround(last)]),
    twin: twinOf(result),
  };
}
