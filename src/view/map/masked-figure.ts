import { getHexagonEdgeLengthAvg, getResolution, greatCircleDistance, UNITS } from "h3-js";
import { CellTableBuilder } from "../../core/geo/cells";
import type { CellTable } from "../../core/geo/cells";
import { boundsOfCells } from "./bounds";
import type { Bounds } from "./cell-geometry";
import type { Twin } from "./cell-twin";
import { cellPlace, checkInMarkers, trajectoryLine } from "./check-ins";
import type { CheckInMark } from "./check-ins";
import { rampBetween } from "./color-tables";
import { formatKm, formatShare } from "./format";
import { withAlpha } from "./map-colors";
import type { MapColors } from "./map-colors";
import type { MapPanel } from "./MapPanels";
import type { Marker } from "./markers";
import { sharedScale } from "./scale";
import type { Scale } from "./scale";
import { cellRing } from "./shapes";
import type { LngLat, Shape } from "./shapes";

/** A cell that the model finds likely. */
export interface Guess {
  readonly hash: string;
  /** 0 to 1. */
  readonly probability: number;
}

export interface MaskedInput {
  readonly title: string;
  readonly checkIns: readonly CheckInMark[];
  /** Position of the masked check-in, from 0. */
  readonly masked: number;
  /** Likeliest first. */
  readonly guesses: readonly Guess[];
  /** Positions of all check-ins that the model does not see; default only the masked one. */
  readonly hidden?: readonly number[] | undefined;
  /** True where colours go by powers of ten, so that small probabilities are told apart; default false. */
  readonly isLog?: boolean | undefined;
}

/** Everything the figure draws, as plain objects. */
export interface MaskedFigure {
  readonly cells: CellTable;
  readonly panels: MapPanel[];
  readonly shapes: Shape[];
  readonly markers: Marker[];
  readonly scale: Scale;
  readonly twin: Twin;
  /** Truth, guesses and the check-ins before and after. */
  readonly near: Bounds;
  /** All check-ins. */
  readonly far: Bounds;
  /** From the best guess to the truth, undefined without guesses. */
  readonly errorKm: number | undefined;
}

/** So many guesses carry their probability on the map; the list has all. */
const LABELLED = 5;

/** Kilometres between the middles of two cells. */
export function cellDistanceKm(from: string, to: string): number {
  const [fromLng, fromLat] = cellPlace(from);
  const [toLng, toLat] = cellPlace(to);
  return greatCircleDistance([fromLat, fromLng], [toLat, toLng], UNITS.km);
}

/** From the middle of a cell to its corners: the length of an edge. */
function cellRadiusM(hash: string): number {
  return getHexagonEdgeLengthAvg(getResolution(hash), UNITS.m);
}

function guessTable({ guesses, checkIns, masked }: MaskedInput): CellTable {
  const builder = new CellTableBuilder();
  for (const { hash } of guesses) builder.add(hash);
  if (guesses.length === 0 && checkIns[masked]) builder.add(checkIns[masked].hash);
  return builder.build();
}

function midpoint([lng1, lat1]: LngLat, [lng2, lat2]: LngLat): LngLat {
  return [(lng1 + lng2) / 2, (lat1 + lat2) / 2];
}

/** A line as dashes: `count` strokes with gaps as long. */
export function dashes([lng1, lat1]: LngLat, [lng2, lat2]: LngLat, count = 12): LngLat[][] {
  const at = (share: number): LngLat => [
    lng1 + (lng2 - lng1) * share,
    lat1 + (lat2 - lat1) * share,
  ];
  const part = 2 * count - 1;
  return Array.from({ length: count }, (_, i) => [at((2 * i) / part), at((2 * i + 1) / part)]);
}

function maskedShapes(input: MaskedInput, colors: MapColors): Shape[] {
  const { checkIns, masked, guesses, hidden = [] } = input;
  const truth = checkIns[masked]?.hash;
  const best = guesses[0]?.hash;
  const others = checkIns.filter((_, i) => i !== masked && !hidden.includes(i));
  const line: Shape = {
    id: "trajectory",
    kind: "line",
    lines: [trajectoryLine(others)],
    widthPx: 1.5,
    color: colors.path,
  };
  const dots: Shape = {
    id: "check-ins",
    kind: "dots",
    places: trajectoryLine(others),
    radiusPx: 3,
    color: withAlpha(colors.path, 255),
  };
  const miss: Shape[] =
    truth && best && truth !== best
      ? [
          {
            id: "miss",
            kind: "line",
            lines: dashes(cellPlace(best), cellPlace(truth)),
            widthPx: 1.5,
            color: colors.ink,
          },
        ]
      : [];
  const outline = (id: string, hash: string | undefined, color: MapColors["ink"]): Shape[] =>
    hash ? [{ id, kind: "line", lines: [cellRing(hash)], widthPx: 2.5, color }] : [];
  return [
    line,
    dots,
    ...miss,
    ...outline("best-guess", best, colors.guess),
    ...outline("truth", truth, colors.truth),
  ];
}

function maskedMarkers(input: MaskedInput, onMask?: (index: number) => void): Marker[] {
  const { checkIns, masked, guesses, hidden } = input;
  const truth = checkIns[masked]?.hash;
  const best = guesses[0]?.hash;
  const labels = guesses.slice(0, LABELLED).map(({ hash, probability }, i): Marker => ({
    id: `guess-${i + 1}`,
    place: cellPlace(hash),
    text: formatShare(probability),
    label: `Guess ${i + 1}: ${formatShare(probability)}`,
    look: "guess",
    side: hash === truth ? "right" : "above",
    clearM: cellRadiusM(hash),
  }));
  const miss: Marker[] =
    truth && best && truth !== best
      ? [
          {
            id: "miss",
            place: midpoint(cellPlace(best), cellPlace(truth)),
            text: formatKm(cellDistanceKm(best, truth)),
            look: "text",
            side: "right",
          },
        ]
      : [];
  return [
    ...checkInMarkers(checkIns, { chosen: masked, hidden, onChoose: onMask }),
    ...labels,
    ...miss,
  ];
}

function maskedTwin({ checkIns, masked, guesses }: MaskedInput): Twin {
  const truth = checkIns[masked]?.hash;
  const rank = guesses.findIndex(({ hash }) => hash === truth);
  const best = guesses[0];
  const away = best && truth ? formatKm(cellDistanceKm(best.hash, truth)) : "no guess";
  const found = rank >= 0 ? `it is guess ${rank + 1}` : "it is not among the guesses";
  return {
    summary:
      `Check-in ${masked + 1} of ${checkIns.length} is masked. The true cell is ${truth ?? "unknown"}; ${found}. ` +
      `The best guess is ${away} away${best ? ` and has ${formatShare(best.probability)}` : ""}.`,
    head: ["rank", "cell", "probability", "km from the truth"],
    rows: guesses.map(({ hash, probability }, i) => [
      String(i + 1),
      hash === truth ? `${hash} (true)` : hash,
      formatShare(probability),
      truth ? formatKm(cellDistanceKm(hash, truth)) : "",
    ]),
  };
}

function nearBounds({ checkIns, masked, guesses }: MaskedInput): Bounds {
  const around = checkIns.slice(Math.max(0, masked - 1), masked + 2).map(({ hash }) => hash);
  return boundsOfCells([...around, ...guesses.slice(0, LABELLED).map(({ hash }) => hash)]);
}

/** The masked prediction as plain objects: what a map draws, labels, and says (paper 1, Figure 1). */
export function maskedFigure(
  input: MaskedInput,
  colors: MapColors,
  onMask?: (index: number) => void,
): MaskedFigure {
  const { checkIns, masked, guesses, title, isLog } = input;
  const cells = guessTable(input);
  const values = Float32Array.from(guesses, ({ probability }) => probability);
  const [best, truth] = [guesses[0]?.hash, checkIns[masked]?.hash];
  const scale: Scale = {
    ...sharedScale([values], { kind: isLog ? "log" : "linear", unit: "probability", clipShare: 0 }),
    table: rampBetween(colors.land, colors.guess),
  };
  return {
    cells,
    panels: [{ id: "map", title, values, scale, format: formatShare }],
    shapes: maskedShapes(input, colors),
    markers: maskedMarkers(input, onMask),
    scale,
    twin: maskedTwin(input),
    near: nearBounds(input),
    far: boundsOfCells(checkIns.map(({ hash }) => hash)),
    errorKm: best && truth ? cellDistanceKm(best, truth) : undefined,
  };
}
