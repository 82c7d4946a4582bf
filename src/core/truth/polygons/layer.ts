import type { SourceFile } from "../../data/read/source";
import type { Extent } from "../extent";

/** One value of a feature: dates are ISO text, true and false are text, objects are JSON text. */
export type ColumnValue = string | number | null;

/** What the features say of themselves under one name. */
export interface PolygonColumn {
  readonly name: string;
  /** "number" where every value that is there is a number; only such a column can be averaged. */
  readonly kind: "text" | "number";
  /** The most frequent values as text, at most five, the most frequent first. */
  readonly examples: readonly string[];
  /** Number of different values. */
  readonly distinct: number;
  /** Features without a value. */
  readonly missing: number;
  readonly values: readonly ColumnValue[]; // [F]
}

/**
 * All rings of a layer in flat arrays. A place lies in a polygon when it lies within an odd number of its
 * rings (so a hole is a ring like any other), and in a feature when it lies in one of its polygons.
 */
export interface Shapes {
  /** Longitude and latitude in turn, degrees; rings are open (the first corner is not repeated). */
  readonly coordinates: Float64Array; // [2 corners]
  /** First corner of each ring, and the end. */
  readonly ringStart: Uint32Array; // [R + 1]
  /** Polygon of each ring, in rising order. */
  readonly polygonOf: Uint32Array; // [R]
  /** Feature of each polygon, in rising order. */
  readonly featureOf: Uint32Array; // [P]
}

/** Polygons with columns, in WGS 84, whatever file they came from. */
export interface PolygonLayer {
  /** The file's path, and the layer's name where the file holds several. */
  readonly name: string;
  /** "GeoJSON", "TopoJSON", "Shapefile", "GeoPackage", "FlatGeobuf", "GeoParquet" or "KML". */
  readonly format: string;
  /** The coordinate system in words, such as "EPSG:3857" or "degrees (the format's own)". */
  readonly system: string;
  /** Names of all layers that the file holds. */
  readonly layers: readonly string[];
  /** Number of features with an area. */
  readonly count: number;
  /** West may be below -180 or east above 180 where a polygon crosses the antimeridian. */
  readonly bounds: Extent;
  readonly columns: readonly PolygonColumn[];
  readonly shapes: Shapes;
  /** Sentences to be shown: what was left out and why, what was assumed. */
  readonly warnings: readonly string[];
}

/** What a reader must be told where the file does not say it; all of it is optional. */
export interface PolygonOptions {
  /** Name of the layer, for files that hold several; the first one with polygons otherwise. */
  layer?: string | undefined;
  /** The coordinate system, where the file does not say it or says it wrong: "EPSG:3035", proj4 text or WKT. */
  system?: string | undefined;
  /** Encoding of a Shapefile's texts, such as "shift_jis" or "gbk", where its .cpg is missing or wrong. */
  encoding?: string | undefined;
  /** The other files that were given along: a .shp looks for its .dbf, .prj and .cpg here. */
  siblings?: readonly SourceFile[] | undefined;
  /** The bytes of sql.js's sql-wasm.wasm, asked for only by a GeoPackage. */
  readSqlWasm?: (() => Promise<Uint8Array>) | undefined;
}
