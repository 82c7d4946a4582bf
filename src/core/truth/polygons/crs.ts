import proj4 from "proj4";
import { FootfallError } from "../../errors";
import { namedSystem } from "../coordinate-system";
import { epsgToDatum, epsgToProj4 } from "../epsg";

/** From a file's coordinates to degrees. */
export interface Placement {
  /** For people: "EPSG:3857". */
  readonly words: string;
  /** Longitude and latitude of x and y; undefined where x and y are longitude and latitude already. */
  readonly toPlace?: ((x: number, y: number) => [lng: number, lat: number]) | undefined;
  /** What had to be assumed, as a sentence. */
  readonly warning?: string | undefined;
}

const WGS84 = "+proj=longlat +datum=WGS84 +no_defs";

/** Degrees by the format's own rule (GeoJSON, TopoJSON, KML). */
export const DEGREES: Placement = { words: "degrees (the format's own)" };

/** Degrees because nothing else is said. */
export const NOT_SAID: Placement = {
  words: "not said",
  warning: "the file does not say its coordinate system: taken as degrees (WGS 84)",
};

/** Datums by the names that WKT has for them, without case and punctuation, and a geographic system that has them. */
const DATUMS: readonly (readonly [name: RegExp, code: number])[] = [
  [/^(d|datum)?(tokyo)$/, 4301],
  [/^(d|datum)?osgb?1936|^ordnancesurveyofgreatbritain1936/, 4277],
  [/^(d|datum)?amersfoort$/, 4289],
  [/^(d|datum)?ch1903/, 4149],
  [/^(d|datum)?(deutscheshauptdreiecksnetz|dhdn)/, 4314],
  [/^(d|datum)?(mgi|militargeographischeinstitut)/, 4312],
  [/^(d|datum)?(belge1972|reseaunationalbelge1972)/, 4313],
  [/^(d|datum)?montemario/, 4265],
  [/^(d|datum)?beijing1954$/, 4214],
];

/** Ellipsoids of datums within a metre or two of WGS 84. */
const NEAR_ELLIPSOID = /^"?(wgs_?\s*(19)?84|grs_?\s*(19)?80|cgcs2000|geodetic reference system)/i;

const refuse = (layer: string, system: string, cause?: unknown): FootfallError =>
  new FootfallError(
    "bad-file",
    `${layer}: the coordinate system ${system} is not known here; ` +
      "reproject the layer first, for example with ogr2ogr -t_srs EPSG:4326",
    { cause },
  );

/** A proj4 definition as a placement; degrees on WGS 84 need no work. Throws where proj4 does not know it. */
function toPlacement(definition: string | object, words: string): Placement {
  if (typeof definition === "string" && /^\+proj=longlat \+datum=WGS84\b/.test(definition)) {
    return { words };
  }
  const projection = proj4(definition as string, WGS84);
  return { words, toPlace: (x, y) => projection.forward<[number, number]>([x, y]) };
}

/** The system of an EPSG (or ESRI) code. Throws "bad-file" where it is not a known one. */
export function placeByCode(code: number, layer: string): Placement {
  const definition = epsgToProj4(code);
  if (definition === undefined) throw refuse(layer, `EPSG:${code}`);
  return toPlacement(definition, `EPSG:${code}`);
}

/** The system that the user names. Throws "bad-input". */
export function placeByName(text: string): Placement {
  const { proj4: definition, words } = namedSystem(text);
  return toPlacement(definition, words);
}

/** The text between quotes behind a keyword of WKT. */
const quoted = (wkt: string, keyword: string): string | undefined =>
  new RegExp(`\\b(?:${keyword})\\s*\\[\\s*"([^"]*)"`, "i").exec(wkt)?.[1];

/** The code that the text as a whole carries at its end, if any. */
function ownCode(wkt: string): number | undefined {
  const end = /\b(?:AUTHORITY|ID)\s*\[\s*"(?:EPSG|ESRI)"\s*,\s*"?(\d+)"?\s*\]\s*\]\s*$/i.exec(wkt);
  return end === null ? undefined : Number(end[1]);
}

/** WKT 1 with the shift of a datum that it names without saying the shift, and what is left unsaid. */
function withShift(wkt: string): { wkt: string; warning?: string } {
  const datum = quoted(wkt, "DATUM|GEODETICDATUM");
  const spheroid = quoted(wkt, "SPHEROID|ELLIPSOID") ?? "";
  const isNear = NEAR_ELLIPSOID.test(spheroid);
  if (/\bTOWGS84\s*\[/i.test(wkt) || isNear || datum === undefined) return { wkt };
  const plain = datum.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const code = DATUMS.find(([name]) => name.test(plain))?.[1];
  const shift = /\+towgs84=([-\d.,]+)/.exec(code === undefined ? "" : epsgToDatum(code)!)?.[1];
  const at = /\bSPHEROID\s*\[[^\]]*\]/i;
  if (shift === undefined || !at.test(wkt)) {
    return {
      wkt,
      warning: `the datum ${datum} is taken as WGS 84: places may be off by up to some hundred metres`,
    };
  }
  const numbers = [...shift.split(","), ...Array.from({ length: 7 }, () => "0")].slice(0, 7);
  return { wkt: wkt.replace(at, (found) => `${found},TOWGS84[${numbers.join(",")}]`) };
}

/** The system that WKT (1, Esri's or 2) describes. Throws "bad-file" with its name where it is not understood. */
export function placeByWkt(text: string, layer: string): Placement {
  const wkt = text.replaceAll("\0", "").trim();
  const code = ownCode(wkt);
  if (code !== undefined && epsgToProj4(code) !== undefined) return placeByCode(code, layer);
  const name = quoted(wkt, "\\w+");
  const words = name === undefined ? `"${wkt.slice(0, 40)}"` : `"${name}"`;
  if (/^GEOG/i.test(wkt) && NEAR_ELLIPSOID.test(quoted(wkt, "SPHEROID|ELLIPSOID") ?? "")) {
    return { words };
  }
  const shifted = withShift(wkt);
  try {
    const placement = toPlacement(shifted.wkt, words);
    return { ...placement, warning: shifted.warning };
  } catch (cause) {
    throw refuse(layer, words, cause);
  }
}

/** PROJJSON, as GeoParquet has it. */
interface ProjJson {
  readonly name?: string;
  readonly id?: { readonly authority?: string; readonly code?: string | number };
}

/** The system that PROJJSON describes. Throws "bad-file" with its name where it is not understood. */
export function placeByProjJson(system: ProjJson, layer: string): Placement {
  const { id, name = "without a name" } = system;
  if (id?.authority === "OGC" && id.code === "CRS84") return { words: "OGC:CRS84" };
  const code = Number(id?.code);
  if (epsgToProj4(code) !== undefined) return placeByCode(code, layer);
  try {
    return toPlacement(system, `"${name}"`);
  } catch (cause) {
    throw refuse(layer, id ? `${id.authority}:${id.code} ("${name}")` : `"${name}"`, cause);
  }
}

/** The system that a GeoJSON of before 2016 names: "urn:ogc:def:crs:EPSG::3857". Throws "bad-file". */
export function placeByUrn(name: string, layer: string): Placement {
  if (/CRS:?:?84$/i.test(name)) return { words: "OGC:CRS84" };
  const code = /EPSG:[\d.]*:?(\d+)$/i.exec(name)?.[1];
  if (code === undefined) throw refuse(layer, `"${name}"`);
  return placeByCode(Number(code), layer);
}
