/**
 * Definitions of the coordinate systems that people publish layers in, for proj4. Compared with PROJ in
 * coordinate-system.test.ts; every code stands for the EPSG registry's entry (epsg.org), the 54xxx and 102xxx for Esri's.
 */

const GRS80 = "+ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs";
const WGS84 = "+datum=WGS84 +units=m +no_defs";

const BESSEL_NL =
  "+ellps=bessel +towgs84=565.4171,50.3319,465.5524,-0.398957,0.343988,-1.877402,4.0725";
const BESSEL_CH = "+ellps=bessel +towgs84=674.374,15.056,405.346";
const BESSEL_DE = "+ellps=bessel +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7";
const BESSEL_AT = "+ellps=bessel +towgs84=577.326,90.129,463.919,5.137,1.474,5.297,2.4232";
const AIRY_GB = "+ellps=airy +towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489";
const AIRY_IE = "+ellps=mod_airy +towgs84=482.5,-130.6,564.6,-1.042,-0.214,-0.631,8.15";
const INTL_BE = "+ellps=intl +towgs84=-106.8686,52.2978,-103.7239,0.3366,-0.457,1.8422,-1.2747";
const INTL_IT = "+ellps=intl +towgs84=-104.1,-49.1,-9.9,0.971,-2.917,0.714,-11.68";
const BESSEL_JP = "+ellps=bessel +towgs84=-146.414,507.337,680.507";
const KRASS_CN = "+ellps=krass +towgs84=15.8,-154.4,-82.3";

/** Geographic systems whose places differ from WGS 84's by a metre or two at most. */
const NEAR_WGS84 = [
  4326, 4258, 4269, 4283, 4490, 4612, 4674, 4979, 6318, 6668, 6697, 7844, 4148, 4167, 4171, 4173,
  4617, 4619, 4737, 4765, 4937, 7843,
];

/** Geographic systems that need a shift. */
const SHIFTED: Readonly<Record<number, string>> = {
  4301: BESSEL_JP,
  4277: AIRY_GB,
  4289: BESSEL_NL,
  4149: BESSEL_CH,
  4314: BESSEL_DE,
  4312: BESSEL_AT,
  4313: INTL_BE,
  4265: INTL_IT,
  4214: KRASS_CN,
  4267: "+datum=NAD27",
};

const SINGLE: Readonly<Record<number, string>> = {
  // the world
  3857: "+proj=merc +a=6378137 +b=6378137 +nadgrids=@null +units=m +no_defs",
  900913: "+proj=merc +a=6378137 +b=6378137 +nadgrids=@null +units=m +no_defs",
  3395: `+proj=merc +lon_0=0 +k=1 ${WGS84}`,
  3832: `+proj=merc +lon_0=150 +k=1 ${WGS84}`,
  3410: "+proj=cea +lat_ts=30 +lon_0=0 +a=6371228 +b=6371228 +units=m +no_defs",
  6933: `+proj=cea +lat_ts=30 +lon_0=0 ${WGS84}`,
  4087: `+proj=eqc +lat_ts=0 +lat_0=0 +lon_0=0 ${WGS84}`,
  8857: `+proj=eqearth +lon_0=0 ${WGS84}`,
  54009: `+proj=moll +lon_0=0 ${WGS84}`,
  54030: `+proj=robin +lon_0=0 ${WGS84}`,
  54034: `+proj=cea +lat_ts=0 +lon_0=0 ${WGS84}`,
  54008: `+proj=sinu +lon_0=0 ${WGS84}`,
  // the poles
  3031: `+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=0 ${WGS84}`,
  3413: `+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 ${WGS84}`,
  3995: `+proj=stere +lat_0=90 +lat_ts=71 +lon_0=0 ${WGS84}`,
  6931: `+proj=laea +lat_0=90 +lon_0=0 ${WGS84}`,
  6932: `+proj=laea +lat_0=-90 +lon_0=0 ${WGS84}`,
  // Europe
  3035: `+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 ${GRS80}`,
  3034: `+proj=lcc +lat_0=52 +lon_0=10 +lat_1=35 +lat_2=65 +x_0=4000000 +y_0=2800000 ${GRS80}`,
  2154: `+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 ${GRS80}`,
  27700: `+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 ${AIRY_GB} +units=m +no_defs`,
  2157: `+proj=tmerc +lat_0=53.5 +lon_0=-8 +k=0.99982 +x_0=600000 +y_0=750000 ${GRS80}`,
  29903: `+proj=tmerc +lat_0=53.5 +lon_0=-8 +k=1.000035 +x_0=200000 +y_0=250000 ${AIRY_IE} +units=m +no_defs`,
  28992: `+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000 ${BESSEL_NL} +units=m +no_defs`,
  31370: `+proj=lcc +lat_0=90 +lon_0=4.36748666666667 +lat_1=51.1666672333333 +lat_2=49.8333339 +x_0=150000.013 +y_0=5400088.438 ${INTL_BE} +units=m +no_defs`,
  3812: `+proj=lcc +lat_0=50.797815 +lon_0=4.35921583333333 +lat_1=49.8333333333333 +lat_2=51.1666666666667 +x_0=649328 +y_0=665262 ${GRS80}`,
  21781: `+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +x_0=600000 +y_0=200000 ${BESSEL_CH} +units=m +no_defs`,
  2056: `+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +x_0=2600000 +y_0=1200000 ${BESSEL_CH} +units=m +no_defs`,
  31287: `+proj=lcc +lat_0=47.5 +lon_0=13.3333333333333 +lat_1=49 +lat_2=46 +x_0=400000 +y_0=400000 ${BESSEL_AT} +units=m +no_defs`,
  3416: `+proj=lcc +lat_0=47.5 +lon_0=13.3333333333333 +lat_1=49 +lat_2=46 +x_0=400000 +y_0=400000 ${GRS80}`,
  3003: `+proj=tmerc +lat_0=0 +lon_0=9 +k=0.9996 +x_0=1500000 +y_0=0 ${INTL_IT} +units=m +no_defs`,
  3004: `+proj=tmerc +lat_0=0 +lon_0=15 +k=0.9996 +x_0=2520000 +y_0=0 ${INTL_IT} +units=m +no_defs`,
  3006: `+proj=utm +zone=33 ${GRS80}`,
  3067: `+proj=utm +zone=35 ${GRS80}`,
  3301: `+proj=lcc +lat_0=57.5175539305556 +lon_0=24 +lat_1=59.3333333333333 +lat_2=58 +x_0=500000 +y_0=6375000 ${GRS80}`,
  3763: `+proj=tmerc +lat_0=39.6682583333333 +lon_0=-8.13310833333333 +k=1 +x_0=0 +y_0=0 ${GRS80}`,
  2180: `+proj=tmerc +lat_0=0 +lon_0=19 +k=0.9993 +x_0=500000 +y_0=-5300000 ${GRS80}`,
  3844: "+proj=sterea +lat_0=46 +lon_0=25 +k=0.99975 +x_0=500000 +y_0=500000 +ellps=krass +towgs84=2.329,-147.042,-92.08,-0.309,0.325,0.497,5.69 +units=m +no_defs",
  3765: `+proj=tmerc +lat_0=0 +lon_0=16.5 +k=0.9999 +x_0=500000 +y_0=0 ${GRS80}`,
  3794: `+proj=tmerc +lat_0=0 +lon_0=15 +k=0.9999 +x_0=500000 +y_0=-5000000 ${GRS80}`,
  2100: "+proj=tmerc +lat_0=0 +lon_0=24 +k=0.9996 +x_0=500000 +y_0=0 +ellps=GRS80 +towgs84=-199.87,74.79,246.62 +units=m +no_defs",
  // Asia
  3826: `+proj=tmerc +lat_0=0 +lon_0=121 +k=0.9999 +x_0=250000 +y_0=0 ${GRS80}`,
  5179: `+proj=tmerc +lat_0=38 +lon_0=127.5 +k=0.9996 +x_0=1000000 +y_0=2000000 ${GRS80}`,
  5185: `+proj=tmerc +lat_0=38 +lon_0=125 +k=1 +x_0=200000 +y_0=600000 ${GRS80}`,
  5186: `+proj=tmerc +lat_0=38 +lon_0=127 +k=1 +x_0=200000 +y_0=600000 ${GRS80}`,
  5187: `+proj=tmerc +lat_0=38 +lon_0=129 +k=1 +x_0=200000 +y_0=600000 ${GRS80}`,
  3414: `+proj=tmerc +lat_0=1.36666666666667 +lon_0=103.833333333333 +k=1 +x_0=28001.642 +y_0=38744.572 ${WGS84}`,
  // North America
  5070: `+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 ${GRS80}`,
  6350: `+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 ${GRS80}`,
  102003: `+proj=aea +lat_0=37.5 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 ${GRS80}`,
  102008: `+proj=aea +lat_0=40 +lon_0=-96 +lat_1=20 +lat_2=60 ${GRS80}`,
  3338: `+proj=aea +lat_0=50 +lon_0=-154 +lat_1=55 +lat_2=65 ${GRS80}`,
  3347: `+proj=lcc +lat_0=63.390675 +lon_0=-91.8666666666667 +lat_1=49 +lat_2=77 +x_0=6200000 +y_0=3000000 ${GRS80}`,
  3978: `+proj=lcc +lat_0=49 +lon_0=-95 +lat_1=49 +lat_2=77 ${GRS80}`,
  3979: `+proj=lcc +lat_0=49 +lon_0=-95 +lat_1=49 +lat_2=77 ${GRS80}`,
  2263: `+proj=lcc +lat_0=40.1666666666667 +lon_0=-74 +lat_1=41.0333333333333 +lat_2=40.6666666666667 +x_0=300000 +y_0=0 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=us-ft +no_defs`,
  // the south
  2193: `+proj=tmerc +lat_0=0 +lon_0=173 +k=0.9996 +x_0=1600000 +y_0=10000000 ${GRS80}`,
  3577: `+proj=aea +lat_0=0 +lon_0=132 +lat_1=-18 +lat_2=-36 ${GRS80}`,
  9473: `+proj=aea +lat_0=0 +lon_0=132 +lat_1=-18 +lat_2=-36 ${GRS80}`,
  3112: `+proj=lcc +lat_0=0 +lon_0=134 +lat_1=-18 +lat_2=-36 ${GRS80}`,
  5880: "+proj=poly +lat_0=0 +lon_0=-54 +x_0=5000000 +y_0=10000000 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs",
};

/** UTM families: first and last EPSG code, the zone of the first, the rest of the definition. */
const UTM: readonly [first: number, last: number, zone: number, rest: string][] = [
  [32601, 32660, 1, WGS84],
  [32701, 32760, 1, `+south ${WGS84}`],
  [26901, 26923, 1, GRS80], // NAD83
  [3154, 3158, 7, GRS80], // NAD83(CSRS), zones 7 to 10 and 14
  [25828, 25838, 28, GRS80], // ETRS89
  [6688, 6692, 51, GRS80], // JGD2011
  [3097, 3101, 51, GRS80], // JGD2000
  [31965, 31976, 11, GRS80], // SIRGAS 2000 north
  [31977, 31985, 17, `+south ${GRS80}`], // SIRGAS 2000 south
  [28348, 28358, 48, `+south ${GRS80}`], // GDA94
  [7846, 7859, 46, `+south ${GRS80}`], // GDA2020
];

/** Transverse Mercator strips: first and last code, meridian of the first, degrees between, x of the first, step of x. */
const STRIPS: readonly (readonly [
  first: number,
  last: number,
  lng: number,
  step: number,
  x: number,
  xStep: number,
  ellipsoid: string,
])[] = [
  [4534, 4554, 75, 3, 500_000, 0, GRS80], // CGCS2000, 3 degrees, without the strip's number
  [4513, 4533, 75, 3, 25_500_000, 1_000_000, GRS80], // with it
  [4502, 4512, 75, 6, 500_000, 0, GRS80], // 6 degrees
  [4491, 4501, 75, 6, 13_500_000, 1_000_000, GRS80],
  [31466, 31469, 6, 3, 2_500_000, 1_000_000, `${BESSEL_DE} +units=m +no_defs`], // Gauss-Krüger
];

/** Origins of Japan's nineteen plane rectangular systems, latitude and longitude in degrees. */
const JAPAN_ORIGINS: readonly [lat: number, lng: number][] = [
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

/** First codes of Japan's nineteen systems and what they stand on. */
const JAPAN: readonly [first: number, ellipsoid: string][] = [
  [6669, GRS80], // JGD2011
  [2443, GRS80], // JGD2000
  [30161, `${BESSEL_JP} +units=m +no_defs`], // Tokyo
];

function stripToProj4(code: number): string | undefined {
  const strip = STRIPS.find(([first, last]) => code >= first && code <= last);
  if (!strip) return undefined;
  const [first, , lng, step, x, xStep, ellipsoid] = strip;
  const n = code - first;
  return `+proj=tmerc +lat_0=0 +lon_0=${lng + n * step} +k=1 +x_0=${x + n * xStep} +y_0=0 ${ellipsoid}`;
}

/** The ellipsoid and shift of a geographic code, where it is one of the known ones. */
export function epsgToDatum(code: number): string | undefined {
  return NEAR_WGS84.includes(code) ? "+datum=WGS84" : SHIFTED[code];
}

function projectedToProj4(code: number): string | undefined {
  const utm = UTM.find(([first, last]) => code >= first && code <= last);
  if (utm) return `+proj=utm +zone=${code - utm[0] + utm[2]} ${utm[3]}`;
  const plane = JAPAN.find(([first]) => JAPAN_ORIGINS[code - first] !== undefined);
  if (!plane) return SINGLE[code] ?? stripToProj4(code);
  const [lat, lng] = JAPAN_ORIGINS[code - plane[0]]!;
  return `+proj=tmerc +lat_0=${lat} +lon_0=${lng} +k=0.9999 ${plane[1]}`;
}

/** Without false eastings of 0 written out, proj4 2.22 answers NaN for some projections (aea, cea, laea at a pole). */
export const withOrigin = (definition: string): string =>
  ["x_0", "y_0"].reduce(
    (text, name) => (text.includes(`+${name}=`) ? text : `${text} +${name}=0`),
    definition,
  );

/** The definition of an EPSG code (geographic or projected), where it is one of the known ones. */
export function epsgToProj4(code: number): string | undefined {
  const datum = epsgToDatum(code);
  if (datum !== undefined) return `+proj=longlat ${datum} +no_defs`;
  const definition = projectedToProj4(code);
  return definition && withOrigin(definition);
}
