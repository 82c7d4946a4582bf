import { LineLayer, PathLayer, ScatterplotLayer, SolidPolygonLayer } from "@deck.gl/layers";
import type { Layer } from "@deck.gl/core";
import { cellToBoundary } from "h3-js";
import type { Basemap, FlatLine } from "./basemap";
import type { MapColors, Rgba } from "./map-colors";

export type LngLat = [lng: number, lat: number];

/** Something drawn over the cells of one panel, or of all panels where `panel` is missing. */
export type Shape = { id: string; panel?: string; color: Rgba } & (
  | { kind: "fill"; rings: readonly LngLat[][] }
  | { kind: "line"; lines: readonly LngLat[][]; widthPx: number }
  | { kind: "dots"; places: readonly LngLat[]; radiusPx: number }
);

/** The closed outline of a cell. */
export function cellRing(hash: string): LngLat[] {
  return cellToBoundary(hash, true);
}

/** Name that ties a layer to its panel; see `isLayerOfView`. */
function layerId({ id, panel }: { id: string; panel?: string }): string {
  return panel === undefined ? `all/${id}` : `${panel}/${id}`;
}

/** True where a layer belongs to a view: to this one or to all. */
export function isLayerOfView(layer: string, view: string): boolean {
  const panel = layer.slice(0, layer.indexOf("/"));
  return panel === "all" || panel === view;
}

/** A shape as the deck.gl layer that draws it. */
export function shapeToLayer(shape: Shape): Layer {
  const common = { id: layerId(shape), pickable: false };
  const color = [...shape.color] as [number, number, number, number];
  switch (shape.kind) {
    case "fill":
      return new SolidPolygonLayer<LngLat[]>({
        ...common,
        data: shape.rings,
        getPolygon: (ring) => ring,
        getFillColor: color,
        material: false,
      });
    case "line":
      return new PathLayer<LngLat[]>({
        ...common,
        data: shape.lines,
        getPath: (line) => line,
        getColor: color,
        getWidth: shape.widthPx,
        widthUnits: "pixels",
        jointRounded: true,
        capRounded: true,
      });
    case "dots":
      return new ScatterplotLayer<LngLat>({
        ...common,
        data: shape.places,
        getPosition: (place) => place,
        getFillColor: color,
        getRadius: shape.radiusPx,
        radiusUnits: "pixels",
      });
    default:
      return shape satisfies never;
  }
}

interface FlatPolygon {
  positions: FlatLine;
  holeIndices: number[];
}

/** Rings one after the other in one array, as deck.gl takes polygons with holes. */
export function joinRings(rings: readonly FlatLine[]): FlatPolygon {
  const positions = new Float64Array(rings.reduce((sum, ring) => sum + ring.length, 0));
  const holeIndices: number[] = [];
  let at = 0;
  for (const ring of rings) {
    if (at > 0) holeIndices.push(at);
    positions.set(ring, at);
    at += ring.length;
  }
  return { positions, holeIndices };
}

const polygons = new WeakMap<Basemap, FlatPolygon[]>();

function landOf(basemap: Basemap): FlatPolygon[] {
  const land = polygons.get(basemap) ?? basemap.land.map(joinRings);
  polygons.set(basemap, land);
  return land;
}

/** Lines as single segments: from lng, from lat, to lng, to lat, ... [S, 4] */
export function toSegments(lines: readonly FlatLine[]): Float64Array {
  const count = lines.reduce((sum, line) => sum + Math.max(0, line.length / 2 - 1), 0);
  const segments = new Float64Array(count * 4);
  let at = 0;
  for (const line of lines) {
    for (let i = 0; i + 3 < line.length; i += 2) {
      segments.set(line.subarray(i, i + 4), at);
      at += 4;
    }
  }
  return segments;
}

interface SegmentData {
  length: number;
  attributes: Record<string, { value: Float64Array; size: number; stride: number; offset: number }>;
}

/** Data of lines drawn before: the same object tells deck.gl that nothing changed. */
const segmentData = new WeakMap<readonly FlatLine[], SegmentData>();

function segmentsOf(lines: readonly FlatLine[]): SegmentData {
  const known = segmentData.get(lines);
  if (known) return known;
  const value = toSegments(lines);
  const stride = 4 * value.BYTES_PER_ELEMENT;
  const data = {
    length: value.length / 4,
    attributes: {
      getSourcePosition: { value, size: 2, stride, offset: 0 },
      getTargetPosition: { value, size: 2, stride, offset: stride / 2 },
    },
  };
  segmentData.set(lines, data);
  return data;
}

/** Thin lines need no joints, and a path would be several times the work for the GPU. */
function thinLineLayer(id: string, lines: readonly FlatLine[], color: Rgba): Layer {
  return new LineLayer({
    id: layerId({ id }),
    data: segmentsOf(lines),
    getColor: [...color] as [number, number, number, number],
    getWidth: 1,
    widthUnits: "pixels",
  });
}

/** What lies under the cells. */
export function landLayer(basemap: Basemap, { land }: MapColors): Layer {
  return new SolidPolygonLayer<FlatPolygon>({
    id: layerId({ id: "land" }),
    data: landOf(basemap),
    positionFormat: "XY",
    getPolygon: (polygon) => polygon,
    getFillColor: [...land] as [number, number, number, number],
    material: false,
  });
}

/** Borders and coasts, over the cells so that dense data leaves the country recognisable. */
export function outlineLayers(basemap: Basemap, colors: MapColors): Layer[] {
  return [
    thinLineLayer("borders", basemap.borders, colors.border),
    thinLineLayer("coasts", basemap.coasts, colors.coast),
  ];
}
