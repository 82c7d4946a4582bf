import type { PointGuess } from "../../core/job/point-guess";
import { boundsOf } from "./bounds";
import type { Bounds } from "./cell-geometry";
import type { Twin } from "./cell-twin";
import { formatKm, formatPlace } from "./format";
import type { MapColors, Rgba } from "./map-colors";
import type { MapPanel } from "./MapPanels";
import type { LngLat, Shape } from "./shapes";

/** Everything the figure draws, as plain objects. */
export interface PointFigureParts {
  readonly panels: MapPanel[];
  readonly shapes: Shape[];
  /** The points to come, true and guessed, and where they begin. */
  readonly bounds: Bounds;
  readonly twin: Twin;
}

/** Degrees on each side of people who stay where they are. */
const LEAST_DEG = 0.01;

/** Corners of a little box around a place: nobody wants to look at a point alone. */
export const cornersAround = ([lng, lat]: LngLat): LngLat[] => [
  [lng - LEAST_DEG, lat - LEAST_DEG],
  [lng + LEAST_DEG, lat + LEAST_DEG],
];

/** A line with its points. */
export function path(id: string, places: LngLat[], color: Rgba, widthPx: number): Shape[] {
  return [
    { id, kind: "line", lines: [places], widthPx, color },
    { id: `${id}-points`, kind: "dots", places, radiusPx: widthPx + 1, color },
  ];
}

function twinOf({ truth, guessed, km, stayingKm, intervalMin }: PointGuess): Twin {
  const place = ([lng, lat]: readonly [number, number]): string => formatPlace(lat, lng);
  return {
    summary: `Ten points are guessed one after the other. The last guess is ${formatKm(km.at(-1)!)} from the truth; staying where it was known last is ${formatKm(stayingKm.at(-1)!)} from it.`,
    head: ["minutes ahead", "truth", "guess", "km off", "staying, km off"],
    rows: truth.map((one, n) => [
      String((n + 1) * intervalMin),
      place(one),
      place(guessed[n]!),
      formatKm(km[n]!),
      formatKm(stayingKm[n]!),
    ]),
  };
}

/** How a model goes on from some points, as plain objects: what a map draws, and says. */
export function pointFigure(guess: PointGuess, title: string, colors: MapColors): PointFigureParts {
  const known = guess.known.map(([lng, lat]): LngLat => [lng, lat]);
  const last = known.at(-1)!;
  const onward = (places: PointGuess["truth"]): LngLat[] => [
    last,
    ...places.map(([lng, lat]): LngLat => [lng, lat]),
  ];
  const [truth, guessed] = [onward(guess.truth), onward(guess.guessed)];
  return {
    panels: [{ id: "map", title }],
    shapes: [
      ...path("known", known, colors.path, 1.5),
      ...path("truth", truth, colors.truth, 2.5),
      ...path("guess", guessed, colors.guess, 2.5),
    ],
    bounds: boundsOf([...truth, ...guessed, ...cornersAround(last)]),
    twin: twinOf(guess),
  };
}
