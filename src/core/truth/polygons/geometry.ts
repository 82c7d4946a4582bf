/** Corners of a ring in the file's coordinates: x and y in turn, closed or not. */
export type Ring = number[];

/** What of a feature has an area: polygons, each the rings of one. Others are named. */
export interface Geometry {
  readonly polygons: readonly (readonly Ring[])[];
  /** What the feature holds beside polygons: "points", "lines". */
  readonly others: readonly string[];
}

export const NOTHING: Geometry = { polygons: [], others: [] };

const KINDS: Readonly<Record<string, string>> = {
  Point: "points",
  MultiPoint: "points",
  LineString: "lines",
  MultiLineString: "lines",
};

/** What WKB and shapefiles call their kinds, by the last word of the name. */
export const kindOf = (type: string): string => KINDS[type] ?? `"${type}"`;

export function mergeGeometries(parts: readonly Geometry[]): Geometry {
  return {
    polygons: parts.flatMap(({ polygons }) => polygons),
    others: parts.flatMap(({ others }) => others),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function toRing(positions: unknown): Ring {
  if (!Array.isArray(positions)) return [];
  return positions.flatMap((position: unknown) => {
    const [x, y] = Array.isArray(position) ? (position as unknown[]) : [];
    return [typeof x === "number" ? x : NaN, typeof y === "number" ? y : NaN];
  });
}

const toRings = (rings: unknown): Ring[] => (Array.isArray(rings) ? rings.map(toRing) : []);

/** A GeoJSON geometry; what is none at all has nothing in it. */
export function fromGeoJson(value: unknown): Geometry {
  if (!isObject(value)) return NOTHING;
  const { type, coordinates, geometries } = value;
  switch (type) {
    case "Polygon":
      return { polygons: [toRings(coordinates)], others: [] };
    case "MultiPolygon":
      return { polygons: Array.isArray(coordinates) ? coordinates.map(toRings) : [], others: [] };
    case "GeometryCollection":
      return Array.isArray(geometries) ? mergeGeometries(geometries.map(fromGeoJson)) : NOTHING;
    default:
      return { polygons: [], others: typeof type === "string" ? [kindOf(type)] : [] };
  }
}
