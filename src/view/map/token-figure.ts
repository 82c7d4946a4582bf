import { cellToChildren, cellToParent, getHexagonEdgeLengthAvg, getResolution, UNITS } from "h3-js";
import { boundsOfCells } from "./bounds";
import type { Bounds } from "./cell-geometry";
import type { Twin } from "./cell-twin";
import { cellPlace, checkInMarkers, groupByCell, trajectoryLine } from "./check-ins";
import type { CheckInMark } from "./check-ins";
import { withAlpha } from "./map-colors";
import type { MapColors } from "./map-colors";
import type { MapPanel } from "./MapPanels";
import type { Marker } from "./markers";
import { cellRing } from "./shapes";
import type { LngLat, Shape } from "./shapes";

/** One sub-hash token of a cell. */
export interface Piece {
  /** As the vocabulary writes it. */
  readonly text: string;
  /** Resolution of the hexagon that the pieces up to this one name; undefined where they name none. */
  readonly resolution?: number | undefined;
}

export interface TokenInput {
  /** Raw points of the trajectory in degrees; default the middles of the cells. */
  readonly points?:
    { readonly lat: ArrayLike<number>; readonly lng: ArrayLike<number> } | undefined;
  readonly checkIns: readonly CheckInMark[];
  /** Position of the check-in whose pieces are shown, from 0. */
  readonly chosen: number;
  /** Pieces of the chosen check-in's cell, coarse to fine. */
  readonly pieces: readonly Piece[];
}

/** Everything the figure draws, as plain objects. */
export interface TokenFigure {
  readonly panels: MapPanel[];
  readonly shapes: Shape[];
  readonly markers: Marker[];
  readonly bounds: Bounds;
  readonly twin: Twin;
}

/** Where there is no coarser piece the map shows this many levels around the cell. */
const LEVELS_AROUND = 3;
/** More children than this are not outlined one by one. */
const MOST_CHILDREN = 2500;

function pointPlaces({ points, checkIns }: TokenInput): LngLat[] {
  if (!points) return trajectoryLine(checkIns);
  return Array.from(points.lat, (lat, i): LngLat => [points.lng[i]!, lat]);
}

function pointShapes(input: TokenInput, colors: MapColors): Shape[] {
  const places = pointPlaces(input);
  const common = { panel: "points", color: colors.path };
  return [
    {
      ...common,
      id: "way",
      kind: "line",
      lines: [places],
      widthPx: 1,
      color: withAlpha(colors.path, 90),
    },
    {
      ...common,
      id: "points",
      kind: "dots",
      places,
      radiusPx: 2,
      color: withAlpha(colors.path, 200),
    },
  ];
}

function cellShapes({ checkIns }: TokenInput, colors: MapColors): Shape[] {
  const rings = [...groupByCell(checkIns).keys()].map(cellRing);
  const common = { panel: "check-ins", color: colors.truth };
  return [
    {
      ...common,
      id: "way",
      kind: "line",
      lines: [trajectoryLine(checkIns)],
      widthPx: 1,
      color: colors.path,
    },
    { ...common, id: "cells", kind: "fill", rings, color: withAlpha(colors.truth, 90) },
    { ...common, id: "cell-edges", kind: "line", lines: rings, widthPx: 1.5 },
  ];
}

/** The hexagons that the pieces name one after the other, the whole cell last. */
export function pieceCells(hash: string, pieces: readonly Piece[]): string[] {
  const finest = getResolution(hash);
  const resolutions = pieces.flatMap(({ resolution }) =>
    resolution !== undefined && resolution <= finest ? [resolution] : [],
  );
  return resolutions.map((resolution) => cellToParent(hash, resolution));
}

/** Outlines of the hexagons that a piece chooses from: all descendants of the hexagon before it. */
function choices(outer: string, inner: string): LngLat[][] {
  const resolution = getResolution(inner);
  const count = 7 ** (resolution - getResolution(outer));
  if (count > MOST_CHILDREN) return [];
  return cellToChildren(outer, resolution).map(cellRing);
}

function pieceShapes({ checkIns, chosen, pieces }: TokenInput, colors: MapColors): Shape[] {
  const hash = checkIns[chosen]?.hash;
  if (!hash) return [];
  const named = pieceCells(hash, pieces);
  const cells = named.length > 0 ? named : [hash];
  const panel = "pieces";
  const splits = cells.slice(1).map((inner, i): Shape => ({
    id: `split-${i + 1}`,
    panel,
    kind: "line",
    lines: choices(cells[i]!, inner),
    widthPx: 0.6,
    color: withAlpha(colors.ink, 110),
  }));
  const outlines = cells.map((cell, i): Shape => ({
    id: `piece-${i + 1}`,
    panel,
    kind: "line",
    lines: [cellRing(cell)],
    widthPx: 2.5,
    color: i === cells.length - 1 ? colors.guess : colors.truth,
  }));
  const fills = cells.map((cell, i): Shape => ({
    id: `fill-${i + 1}`,
    panel,
    kind: "fill",
    rings: [cellRing(cell)],
    color: i === cells.length - 1 ? withAlpha(colors.guess, 170) : withAlpha(colors.truth, 26),
  }));
  const frame = cells[0] && cells.length > 1 ? [cellRing(cells[0])] : [];
  const everywhere = ["points", "check-ins"].map((other): Shape => ({
    id: "frame",
    panel: other,
    kind: "line",
    lines: frame,
    widthPx: 1,
    color: withAlpha(colors.truth, 150),
  }));
  return [...everywhere, ...fills, ...splits, ...outlines];
}

function northmost(ring: readonly LngLat[]): LngLat {
  return ring.reduce((best, place) => (place[1] > best[1] ? place : best));
}

/** Pieces that name no hexagon by themselves stand at the cell together. */
function wholeCellMarker(hash: string, pieces: readonly Piece[]): Marker {
  return {
    id: "pieces",
    panel: "pieces",
    place: cellPlace(hash),
    text: pieces.map(({ text }) => text).join(" "),
    look: "guess",
    side: "right",
    clearM: getHexagonEdgeLengthAvg(getResolution(hash), UNITS.m),
  };
}

function pieceMarkers({ checkIns, chosen, pieces }: TokenInput): Marker[] {
  const hash = checkIns[chosen]?.hash;
  if (!hash) return [];
  const named = pieces.filter(({ resolution }) => resolution !== undefined);
  if (named.length === 0) return [wholeCellMarker(hash, pieces)];
  return pieceCells(hash, named).map((cell, i, all): Marker => {
    const isLast = i === all.length - 1;
    return {
      id: `piece-${i + 1}`,
      panel: "pieces",
      place: isLast ? cellPlace(cell) : northmost(cellRing(cell)),
      text: named[i]?.text ?? "",
      look: isLast ? "guess" : "truth",
      side: isLast ? "right" : "below",
      ...(isLast ? { clearM: getHexagonEdgeLengthAvg(getResolution(cell), UNITS.m) } : {}),
    };
  });
}

function tokenBounds({ checkIns, chosen, pieces }: TokenInput): Bounds {
  const hash = checkIns[chosen]?.hash;
  if (!hash) return boundsOfCells(checkIns.map((checkIn) => checkIn.hash));
  const around = Math.max(0, getResolution(hash) - LEVELS_AROUND);
  return boundsOfCells([pieceCells(hash, pieces)[0] ?? cellToParent(hash, around), hash]);
}

function tokenTwin({ checkIns, chosen, pieces, points }: TokenInput): Twin {
  const hash = checkIns[chosen]?.hash ?? "";
  const pointText = points ? `${points.lat.length} points, ` : "";
  return {
    summary:
      `${pointText}${checkIns.length} check-ins in ${groupByCell(checkIns).size} cells. Check-in ${chosen + 1} ` +
      `is in cell ${hash}, which is written as ${pieces.length} tokens: ${pieces.map(({ text }) => text).join(" ")}.`,
    head: ["piece", "token", "resolution", "hexagon"],
    rows: pieces.map(({ text, resolution }, i) => [
      String(i + 1),
      text,
      resolution === undefined ? "" : String(resolution),
      resolution === undefined || !hash ? "" : cellToParent(hash, resolution),
    ]),
  };
}

/** Points, check-ins and the pieces of one cell as plain objects: three maps of the same place. */
export function tokenFigure(
  input: TokenInput,
  colors: MapColors,
  onChoose?: (index: number) => void,
): TokenFigure {
  return {
    panels: [
      { id: "points", title: "1  Points" },
      { id: "check-ins", title: "2  Check-ins in cells" },
      { id: "pieces", title: "3  Sub-hash tokens" },
    ],
    shapes: [
      ...pointShapes(input, colors),
      ...cellShapes(input, colors),
      ...pieceShapes(input, colors),
    ],
    markers: [
      ...checkInMarkers(input.checkIns, { chosen: input.chosen, panel: "check-ins", onChoose }),
      ...pieceMarkers(input),
    ],
    bounds: tokenBounds(input),
    twin: tokenTwin(input),
  };
}
