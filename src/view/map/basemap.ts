import { FootfallError } from "../../core/errors";

/** A line or ring in degrees: lng, lat, lng, lat, ... */
export type FlatLine = Float64Array;

/** The world's land and borders, drawn under every map; from Natural Earth (public domain). */
export interface Basemap {
  readonly source: string;
  /** Polygons as rings, the outer one first. */
  readonly land: readonly (readonly FlatLine[])[];
  readonly borders: readonly FlatLine[];
  /** The edge of the land without the cuts at the antimeridian. */
  readonly coasts: readonly FlatLine[];
}

/** public/data/basemap.json as scripts/make-basemap.ts writes it. */
interface BasemapFile {
  source: string;
  stepDeg: number;
  land: number[][][];
  borders: number[][];
}

/** Beyond this a coastline is the cut of the map, not of the land. */
const CUT_LNG = 179.99;
const CUT_LAT = -84.9;

function decodeLine(flat: readonly number[], stepDeg: number): FlatLine {
  const line = new Float64Array(flat.length);
  let [x, y] = [0, 0];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    x += flat[i]!;
    y += flat[i + 1]!;
    line[i] = x * stepDeg;
    line[i + 1] = y * stepDeg;
  }
  return line;
}

function isCut(line: FlatLine, i: number): boolean {
  return Math.abs(line[i]!) >= CUT_LNG || line[i + 1]! <= CUT_LAT;
}

/** A ring as the lines that are left when its cuts at the edge of the map are taken out. */
export function ringToCoasts(ring: FlatLine): FlatLine[] {
  const coasts: FlatLine[] = [];
  let start = 0;
  for (let i = 0; i < ring.length; i += 2) {
    if (!isCut(ring, i)) continue;
    if (i - start >= 4) coasts.push(ring.slice(start, i));
    start = i + 2;
  }
  if (ring.length - start >= 4) coasts.push(ring.slice(start));
  return coasts;
}

function isBasemapFile(value: unknown): value is BasemapFile {
  const file = value as Partial<BasemapFile> | null;
  return Array.isArray(file?.land) && Array.isArray(file.borders) && Number(file.stepDeg) > 0;
}

/** The parsed JSON of public/data/basemap.json as a basemap. Throws "bad-file". */
export function readBasemap(json: unknown): Basemap {
  if (!isBasemapFile(json)) {
    throw new FootfallError("bad-file", "the basemap does not hold stepDeg, land and borders");
  }
  const decode = (flat: number[]): FlatLine => decodeLine(flat, json.stepDeg);
  const land = json.land.map((rings) => rings.map(decode));
  return {
    source: json.source,
    land,
    borders: json.borders.map(decode),
    coasts: land.flat().flatMap(ringToCoasts),
  };
}
