import { FootfallError } from "../errors";

/** GeoKeys of a GeoTIFF by name (OGC 19-008r4), as the `geotiff` package reads them. */
export type GeoKeys = Readonly<Record<string, unknown>>;

/** A coordinate system as proj4 takes it. `isGeographic`: x is the longitude and y the latitude, in degrees. */
export interface CoordinateSystem {
  readonly proj4: string;
  readonly isGeographic: boolean;
}

/** GeoKey value for "described by the other keys". */
const USER_DEFINED = 32767;

const GRS80 = "+ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs";
const WGS84 = "+datum=WGS84 +units=m +no_defs";

/** Geographic systems within a metre or two of WGS 84, and those that need a shift, by EPSG code. */
const NEAR_WGS84 = [4326, 4258, 4269, 4283, 4490, 4612, 4674, 4979, 6318, 6668, 6697, 7844];
const SHIFTED: Record<number, string> = {
  4301: "+ellps=bessel +towgs84=-146.414,507.337,680.507", // Tokyo
  4277: "+ellps=airy +towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489", // OSGB36
};

/** Projected systems that people publish rasters in, beside the families below. */
const PROJECTED: Record<number, string> = {
  3857: "+proj=merc +a=6378137 +b=6378137 +nadgrids=@null +units=m +no_defs",
  3395: `+proj=merc +lon_0=0 +k=1 ${WGS84}`,
  3035: `+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 ${GRS80}`,
  5070: `+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 ${GRS80}`,
  6933: `+proj=cea +lat_ts=30 +lon_0=0 ${WGS84}`,
  8857: `+proj=eqearth +lon_0=0 ${WGS84}`,
  54009: `+proj=moll +lon_0=0 ${WGS84}`, // ESRI's code; EPSG has none
  2154: `+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 ${GRS80}`,
  27700:
    "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 " +
    `${SHIFTED[4277]} +units=m +no_defs`,
};

/** UTM families: first and last EPSG code, the zone of the first, the rest of the definition. */
const UTM: [first: number, last: number, zone: number, rest: string][] = [
  [32601, 32660, 1, WGS84],
  [32701, 32760, 1, `+south ${WGS84}`],
  [26901, 26923, 1, GRS80], // NAD83
  [25828, 25838, 28, GRS80], // ETRS89
  [6688, 6692, 51, GRS80], // JGD2011
  [3097, 3101, 51, GRS80], // JGD2000
];

/** Origins of Japan's nineteen plane rectangular systems, latitude and longitude in degrees. */
const JAPAN_ORIGINS: [lat: number, lng: number][] = [
  [33, 129.5],
  [33, 131],
  [36, 132 + 1 / 6],
  [33, 133.5],
  [36, 134 + 1 / 3],
  [36, 136],
  [36, 137 + 1 / 6],
  [36, 138.5],
  [36, 139 + 5 / 6],
  [40, 140 + 5 / 6],
  [44, 140.25],
  [44, 142.25],
  [44, 144.25],
  [26, 142],
  [26, 127.5],
  [26, 124],
  [26, 131],
  [20, 136],
  [26, 154],
];

/** The definition of a projected EPSG code, where it is one of the known ones. */
export function epsgToProj4(code: number): string | undefined {
  const utm = UTM.find(([first, last]) => code >= first && code <= last);
  if (utm) return `+proj=utm +zone=${code - utm[0] + utm[2]} ${utm[3]}`;
  const origin = JAPAN_ORIGINS[code - 6669] ?? JAPAN_ORIGINS[code - 2443]; // JGD2011, JGD2000
  if (origin) return `+proj=tmerc +lat_0=${origin[0]} +lon_0=${origin[1]} +k=0.9999 ${GRS80}`;
  return PROJECTED[code];
}

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
  13: "eqdc",
  14: "stere",
  15: "stere",
  17: "eqc",
  24: "sinu",
  28: "cea",
};

/** Length of one linear unit in metres, by GeoKey code. */
const UNIT_METRES: Record<number, number> = { 9001: 1, 9002: 0.3048, 9003: 1200 / 3937 };

const toNumber = (keys: GeoKeys, name: string): number | undefined => {
  const value = keys[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};

const MISSING =
  "the raster does not say its coordinate system; name it first, for example with gdal_edit.py -a_srs EPSG:4326";

const refuse = (what: string): FootfallError =>
  new FootfallError(
    "bad-file",
    `the raster's coordinate system ${what}; reproject it first, for example with gdalwarp -t_srs EPSG:4326`,
  );

/** The ellipsoid of the keys. A datum that nobody named is taken as it stands, as GDAL does. */
function findEllipsoid(keys: GeoKeys): string {
  const code = toNumber(keys, "GeographicTypeGeoKey");
  if (code !== undefined && SHIFTED[code]) return SHIFTED[code];
  const a = toNumber(keys, "GeogSemiMajorAxisGeoKey");
  const flattening = toNumber(keys, "GeogInvFlatteningGeoKey");
  const b = toNumber(keys, "GeogSemiMinorAxisGeoKey");
  if (a === undefined) return "+datum=WGS84";
  if (flattening === undefined || flattening === 0) return `+a=${a} +b=${b ?? a}`;
  return `+a=${a} +rf=${flattening}`;
}

/** The definition that the keys spell out parameter by parameter. */
function spellOut(keys: GeoKeys): string {
  const transformation = toNumber(keys, "ProjCoordTransGeoKey");
  const name = TRANSFORMATIONS[transformation ?? 0];
  if (!name)
    throw refuse(
      `uses the transformation ${transformation ?? "of no name"}, which is not known here`,
    );
  const units = toNumber(keys, "ProjLinearUnitsGeoKey") ?? 9001;
  const metres = UNIT_METRES[units];
  if (metres === undefined) throw refuse(`counts in the unit ${units}, which is not known here`);
  const parameters = PARAMETERS.flatMap(([parameter, names]) => {
    const key = names.find((name) => toNumber(keys, name) !== undefined);
    if (!key) return [];
    // false eastings are in the raster's unit, proj4 wants metres
    const factor = parameter.endsWith("_0") && "xy".includes(parameter[0]!) ? metres : 1;
    return [`+${parameter}=${toNumber(keys, key)! * factor}`];
  });
  return `+proj=${name} ${parameters.join(" ")} ${findEllipsoid(keys)} +to_meter=${metres} +no_defs`;
}

/** What the GeoKeys say, for proj4. Throws "bad-file" with advice where they say nothing usable. */
export function toCoordinateSystem(keys: GeoKeys | null): CoordinateSystem {
  const model = keys && toNumber(keys, "GTModelTypeGeoKey");
  if (!keys || (model !== 1 && model !== 2)) throw new FootfallError("bad-file", MISSING);
  if (model === 2) {
    const code = toNumber(keys, "GeographicTypeGeoKey") ?? USER_DEFINED;
    const isNear = NEAR_WGS84.includes(code);
    const ellipsoid = isNear ? "+datum=WGS84" : findEllipsoid(keys);
    return { proj4: `+proj=longlat ${ellipsoid} +no_defs`, isGeographic: true };
  }
  const code = toNumber(keys, "ProjectedCSTypeGeoKey") ?? USER_DEFINED;
  const proj4 = code === USER_DEFINED ? spellOut(keys) : epsgToProj4(code);
  if (!proj4) throw refuse(`is EPSG:${code}, which is not known here`);
  return { proj4, isGeographic: false };
}
