import proj4 from "proj4";
import { FootfallError } from "../errors";
import { epsgToDatum, epsgToProj4, withOrigin } from "./epsg";

/** GeoKeys of a GeoTIFF by name (OGC 19-008r4), as the `geotiff` package reads them. */
export type GeoKeys = Readonly<Record<string, unknown>>;

/** A coordinate system as proj4 takes it. `isGeographic`: x is the longitude and y the latitude, in degrees. */
export interface CoordinateSystem {
  readonly proj4: string;
  readonly isGeographic: boolean;
  /** For people: "EPSG:4326 (WGS 84)". */
  readonly words: string;
}

/** GeoKey value for "described by the other keys". */
const USER_DEFINED = 32767;

/** proj4's parameters and the GeoKeys that may hold them, the first present one counts. */
const PARAMETERS: [parameter: string, keys: string[]][] = [
  ["lat_0", ["ProjNatOriginLatGeoKey", "ProjFalseOriginLatGeoKey", "ProjCenterLatGeoKey"]],
  [
    "lon_0",
    [
      "ProjNatOriginLongGeoKey",
      "ProjFalseOriginLongGeoKey",
      "ProjCenterLongGeoKey",
      "ProjStraightVertPoleLongGeoKey",
    ],
  ],
  ["lat_1", ["ProjStdParallel1GeoKey"]],
  ["lat_2", ["ProjStdParallel2GeoKey"]],
  ["k_0", ["ProjScaleAtNatOriginGeoKey", "ProjScaleAtCenterGeoKey"]],
  ["x_0", ["ProjFalseEastingGeoKey", "ProjFalseOriginEastingGeoKey", "ProjCenterEastingGeoKey"]],
  ["y_0", ["ProjFalseNorthingGeoKey", "ProjFalseOriginNorthingGeoKey", "ProjCenterNorthingGeoKey"]],
];

/** proj4's names of the GeoKey coordinate transformations. */
const TRANSFORMATIONS: Record<number, string> = {
  1: "tmerc",
  7: "merc",
  8: "lcc",
  9: "lcc",
  10: "laea",
  11: "aea",
  12: "aeqd",
  13: "eqdc",
  14: "stere",
  15: "stere",
  16: "sterea",
  17: "eqc",
  18: "cass",
  19: "gnom",
  20: "mill",
  21: "ortho",
  22: "poly",
  23: "robin",
  24: "sinu",
  25: "vandg",
  28: "cea",
};

/** Polar stereographic: its origin's latitude is the one of true scale (EPSG method 9829, as GDAL writes it). */
const POLAR = 15;
/** Projections whose standard parallel proj4 calls lat_ts. */
const BY_TRUE_SCALE = ["merc", "eqc", "cea"];

/** Length of one linear unit in metres, by GeoKey code. */
const UNIT_METRES: Record<number, number> = { 9001: 1, 9002: 0.3048, 9003: 1200 / 3937 };

const toNumber = (keys: GeoKeys, name: string): number | undefined => {
  const value = keys[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};

const MISSING =
  "the raster does not say its coordinate system: name it (such as EPSG:4326), or write it into the file with gdal_edit.py -a_srs EPSG:4326";

const refuse = (what: string): FootfallError =>
  new FootfallError(
    "bad-file",
    `the raster's coordinate system ${what}; name it as proj4 text (such as "+proj=utm +zone=33"), or reproject the file with gdalwarp -t_srs EPSG:4326`,
  );

/** The ellipsoid of the keys. A datum that nobody named is taken as it stands, as GDAL does. */
function findEllipsoid(keys: GeoKeys): string {
  const code = toNumber(keys, "GeographicTypeGeoKey");
  const known = code === undefined ? undefined : epsgToDatum(code);
  if (known !== undefined) return known;
  const a = toNumber(keys, "GeogSemiMajorAxisGeoKey");
  const flattening = toNumber(keys, "GeogInvFlatteningGeoKey");
  const b = toNumber(keys, "GeogSemiMinorAxisGeoKey");
  if (a === undefined) return "+datum=WGS84";
  if (flattening === undefined || flattening === 0) return `+a=${a} +b=${b ?? a}`;
  return `+a=${a} +rf=${flattening}`;
}

function findMetres(keys: GeoKeys): number {
  const units = toNumber(keys, "ProjLinearUnitsGeoKey") ?? 9001;
  const metres = UNIT_METRES[units] ?? toNumber(keys, "ProjLinearUnitSizeGeoKey");
  if (metres === undefined) throw refuse(`counts in the unit ${units}, which is not known here`);
  return metres;
}

/** A parameter of the keys under the name that proj4 has for it in this projection. */
function toParameter(name: string, value: number, transformation: number): string[] {
  if (transformation === POLAR && name === "lat_0")
    return [`+lat_0=${value < 0 ? -90 : 90}`, `+lat_ts=${value}`];
  const isTrueScale = name === "lat_1" && BY_TRUE_SCALE.includes(TRANSFORMATIONS[transformation]!);
  return [`+${isTrueScale ? "lat_ts" : name}=${value}`];
}

/** The definition that the keys spell out parameter by parameter; UTM zones may come as one number (16001 to 16160). */
function spellOut(keys: GeoKeys): string {
  const zone = toNumber(keys, "ProjectionGeoKey") ?? 0;
  if (zone > 16000 && zone <= 16160 && zone % 100 >= 1 && zone % 100 <= 60)
    return `+proj=utm +zone=${zone % 100}${zone > 16100 ? " +south" : ""} ${findEllipsoid(keys)} +units=m +no_defs`;
  const transformation = toNumber(keys, "ProjCoordTransGeoKey") ?? 0;
  const name = TRANSFORMATIONS[transformation];
  if (!name)
    throw refuse(
      `uses the transformation ${transformation || "of no name"}, which is not known here`,
    );
  const metres = findMetres(keys);
  const parameters = PARAMETERS.flatMap(([parameter, names]) => {
    const key = names.find((name) => toNumber(keys, name) !== undefined);
    if (!key) return [];
    // false eastings are in the raster's unit, proj4 wants metres
    const factor = parameter.endsWith("_0") && "xy".includes(parameter[0]!) ? metres : 1;
    return toParameter(parameter, toNumber(keys, key)! * factor, transformation);
  });
  return withOrigin(
    `+proj=${name} ${parameters.join(" ")} ${findEllipsoid(keys)} +to_meter=${metres} +no_defs`,
  );
}

/** "EPSG:26912 (NAD83 / UTM zone 12N)", or what the file calls it. */
function toWords(keys: GeoKeys, code: number): string {
  const names = [keys["PCSCitationGeoKey"], keys["GTCitationGeoKey"], keys["GeogCitationGeoKey"]];
  const name = names.find((text): text is string => typeof text === "string" && text !== "");
  const short = name
    ?.replace(/^(PCS|GCS) Name = /, "")
    .replace(/\|.*/, "")
    .trim();
  if (code === USER_DEFINED) return short === undefined ? "described by its parameters" : short;
  return short === undefined ? `EPSG:${code}` : `EPSG:${code} (${short})`;
}

/** What the GeoKeys say, for proj4. Throws "bad-file" with advice where they say nothing usable. */
export function toCoordinateSystem(keys: GeoKeys | null): CoordinateSystem {
  const model = keys && toNumber(keys, "GTModelTypeGeoKey");
  if (!keys || (model !== 1 && model !== 2)) throw new FootfallError("bad-file", MISSING);
  if (model === 2) {
    const code = toNumber(keys, "GeographicTypeGeoKey") ?? USER_DEFINED;
    const definition = `+proj=longlat ${findEllipsoid(keys)} +no_defs`;
    return { proj4: definition, isGeographic: true, words: toWords(keys, code) };
  }
  const code = toNumber(keys, "ProjectedCSTypeGeoKey") ?? USER_DEFINED;
  const isSpelt = code === USER_DEFINED || toNumber(keys, "ProjCoordTransGeoKey") !== undefined;
  const definition = epsgToProj4(code) ?? (isSpelt ? spellOut(keys) : undefined);
  if (!definition) throw refuse(`is EPSG:${code}, which is not known here`);
  return { proj4: definition, isGeographic: false, words: toWords(keys, code) };
}

/**
 * A coordinate system that the user names: "EPSG:3035", "3035", proj4 text or WKT. Throws "bad-input" for
 * what is none of these.
 */
export function namedSystem(text: string): CoordinateSystem {
  const code = /^(?:epsg:|esri:)?(\d{4,6})$/i.exec(text.trim())?.[1];
  const definition = code === undefined ? text.trim() : epsgToProj4(Number(code));
  if (definition !== undefined && (code !== undefined || /^[+A-Z]/.test(definition))) {
    try {
      proj4(definition); // throws for what it does not know
      const isGeographic = /\+proj=longlat|^GEOG/.test(definition);
      return { proj4: definition, isGeographic, words: code === undefined ? text : `EPSG:${code}` };
    } catch {
      // said below
    }
  }
  throw new FootfallError(
    "bad-input",
    `"${text}" is no coordinate system that is known here; expected an EPSG code in common use, proj4 text (+proj=...) or WKT`,
  );
}
