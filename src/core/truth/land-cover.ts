/** Legends of land-cover maps that people use: what each pixel value means, with where it is written. */
export interface LandCover {
  readonly id: LandCoverId;
  readonly title: string;
  /** Where the legend is written. */
  readonly source: string;
  readonly classes: Readonly<Record<number, string>>;
  /** Values of each group that the tasks ask about. */
  readonly groups: Readonly<Record<CoverGroup, readonly number[]>>;
  /** Values that mean "nothing is known", beside the file's own. */
  readonly unknown: readonly number[];
  /** In the names and notes of such files. */
  readonly mark: RegExp;
}

export const LAND_COVER_IDS = ["esa-worldcover", "esri", "copernicus", "corine", "nlcd"] as const;
export type LandCoverId = (typeof LAND_COVER_IDS)[number];

export const COVER_GROUPS = ["built-up", "trees", "water", "crops"] as const;
export type CoverGroup = (typeof COVER_GROUPS)[number];

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

const FOREST_KINDS = [
  "evergreen needle-leaved",
  "evergreen broad-leaved",
  "deciduous needle-leaved",
  "deciduous broad-leaved",
  "mixed",
  "of unknown kind",
];

/** The 44 classes of CORINE in the order of their codes 111 to 523: the values 1 to 44 of its rasters. */
const CORINE = [
  "Continuous urban fabric",
  "Discontinuous urban fabric",
  "Industrial or commercial units",
  "Road and rail networks and associated land",
  "Port areas",
  "Airports",
  "Mineral extraction sites",
  "Dump sites",
  "Construction sites",
  "Green urban areas",
  "Sport and leisure facilities",
  "Non-irrigated arable land",
  "Permanently irrigated land",
  "Rice fields",
  "Vineyards",
  "Fruit trees and berry plantations",
  "Olive groves",
  "Pastures",
  "Annual crops associated with permanent crops",
  "Complex cultivation patterns",
  "Agriculture with significant areas of natural vegetation",
  "Agro-forestry areas",
  "Broad-leaved forest",
  "Coniferous forest",
  "Mixed forest",
  "Natural grasslands",
  "Moors and heathland",
  "Sclerophyllous vegetation",
  "Transitional woodland-shrub",
  "Beaches, dunes, sands",
  "Bare rocks",
  "Sparsely vegetated areas",
  "Burnt areas",
  "Glaciers and perpetual snow",
  "Inland marshes",
  "Peat bogs",
  "Salt marshes",
  "Salines",
  "Intertidal flats",
  "Water courses",
  "Water bodies",
  "Coastal lagoons",
  "Estuaries",
  "Sea and ocean",
];

const LAND_COVERS: Readonly<Record<LandCoverId, LandCover>> = {
  "esa-worldcover": {
    id: "esa-worldcover",
    title: "ESA WorldCover",
    source: "ESA WorldCover 10 m 2021 v200, Product User Manual, table of classes",
    classes: {
      10: "Tree cover",
      20: "Shrubland",
      30: "Grassland",
      40: "Cropland",
      50: "Built-up",
      60: "Bare or sparse vegetation",
      70: "Snow and ice",
      80: "Permanent water bodies",
      90: "Herbaceous wetland",
      95: "Mangroves",
      100: "Moss and lichen",
    },
    groups: { "built-up": [50], trees: [10, 95], water: [80], crops: [40] },
    unknown: [0],
    mark: /world.?cover/i,
  },
  esri: {
    id: "esri",
    title: "Esri / Impact Observatory land cover",
    source:
      "Karra et al. 2021; Esri Sentinel-2 10 m Land Use/Land Cover, table of classes (3 and 6 only in its first edition)",
    classes: {
      1: "Water",
      2: "Trees",
      3: "Grass",
      4: "Flooded vegetation",
      5: "Crops",
      6: "Scrub",
      7: "Built area",
      8: "Bare ground",
      9: "Snow or ice",
      11: "Rangeland",
    },
    groups: { "built-up": [7], trees: [2], water: [1], crops: [5] },
    unknown: [0, 10], // 10: clouds
    mark: /esri|impact.?observatory|io[-_ ]lulc|lulc|\d{2}[C-X]_20\d{6}-20\d{6}/i,
  },
  copernicus: {
    id: "copernicus",
    title: "Copernicus Global Land Cover, 100 m",
    source:
      "Copernicus Global Land Service, CGLS-LC100 collection 3, Product User Manual, discrete classes",
    classes: {
      20: "Shrubs",
      30: "Herbaceous vegetation",
      40: "Cropland",
      50: "Built-up",
      60: "Bare or sparse vegetation",
      70: "Snow and ice",
      80: "Permanent water bodies",
      90: "Herbaceous wetland",
      100: "Moss and lichen",
      ...Object.fromEntries(FOREST_KINDS.map((kind, i) => [111 + i, `Closed forest, ${kind}`])),
      ...Object.fromEntries(FOREST_KINDS.map((kind, i) => [121 + i, `Open forest, ${kind}`])),
      200: "Oceans and seas",
    },
    groups: {
      "built-up": [50],
      trees: [...range(111, 116), ...range(121, 126)],
      water: [80, 200],
      crops: [40],
    },
    unknown: [0, 255],
    mark: /LC100|PROBAV|copernicus.*(land.?cover|discrete)/i,
  },
  corine: {
    id: "corine",
    title: "CORINE Land Cover",
    source:
      "Copernicus Land Monitoring Service, CORINE Land Cover nomenclature (grid codes 1 to 44)",
    classes: Object.fromEntries(CORINE.map((name, i) => [i + 1, name])),
    groups: {
      "built-up": range(1, 6),
      trees: [23, 24, 25],
      water: range(40, 44),
      crops: [...range(12, 17), 19, 20, 21],
    },
    unknown: [48, -128, 255],
    mark: /corine|CLC_?(19|20)\d\d/i,
  },
  nlcd: {
    id: "nlcd",
    title: "National Land Cover Database (USA)",
    source: "MRLC, National Land Cover Database, class legend and description",
    classes: {
      11: "Open water",
      12: "Perennial ice or snow",
      21: "Developed, open space",
      22: "Developed, low intensity",
      23: "Developed, medium intensity",
      24: "Developed, high intensity",
      31: "Barren land",
      41: "Deciduous forest",
      42: "Evergreen forest",
      43: "Mixed forest",
      51: "Dwarf scrub",
      52: "Shrub or scrub",
      71: "Grassland",
      72: "Sedge",
      73: "Lichens",
      74: "Moss",
      81: "Pasture or hay",
      82: "Cultivated crops",
      90: "Woody wetlands",
      95: "Emergent herbaceous wetlands",
    },
    groups: { "built-up": [21, 22, 23, 24], trees: [41, 42, 43], water: [11], crops: [82] },
    unknown: [0, 127, 250, 255],
    mark: /nlcd/i,
  },
};

/** The legend of this name. */
export const landCover = (id: LandCoverId): LandCover => LAND_COVERS[id];

/** Fewer different values than this are met by chance. */
const FEWEST_VALUES = 4;

/**
 * The legend that a raster's values and its name or notes speak for: every value must stand in it. Without a
 * name at least four different values must stand in this legend and in no other. Undefined where none fits.
 */
export function recogniseLandCover(
  values: readonly number[],
  text: string,
): { id: LandCoverId; why: string } | undefined {
  const fits = Object.values(LAND_COVERS).filter(({ classes, unknown }) =>
    values.every((value) => value in classes || unknown.includes(value)),
  );
  const named = fits.find(
    ({ mark, classes }) => mark.test(text) && values.some((v) => v in classes),
  );
  if (named)
    return { id: named.id, why: "its name or notes say so, and all its values are in the legend" };
  const known = values.filter((value) => fits[0] && value in fits[0].classes);
  const isAlone = fits.length === 1 && fits[0]!.id !== "esri"; // small numbers may count anything
  if (!isAlone || known.length < FEWEST_VALUES) return undefined;
  return {
    id: fits[0]!.id,
    why: `its ${known.length} different values are in this legend and in no other`,
  };
}

/** What a value means; its number where the legend does not say, or where there is none. */
export function className(code: number, id: LandCoverId | undefined): string {
  const name = id && LAND_COVERS[id].classes[code];
  return name ?? `class ${code}`;
}

/**
 * Values of the classes that were asked for by number, by name or by group ("trees"); names need a legend.
 * Undefined for what is none of these.
 */
export function classCodes(
  wanted: number | string,
  id: LandCoverId | undefined,
): readonly number[] | undefined {
  if (typeof wanted === "number") return [wanted];
  const text = wanted.trim().toLowerCase();
  if (/^-?\d+(\.\d+)?$/.test(text)) return [Number(text)];
  if (id === undefined) return undefined;
  const { groups, classes } = LAND_COVERS[id];
  const group = COVER_GROUPS.find((name) => name === text);
  if (group) return groups[group];
  const found = Object.entries(classes).filter(([, name]) => name.toLowerCase() === text);
  return found.length > 0 ? found.map(([code]) => Number(code)) : undefined;
}
