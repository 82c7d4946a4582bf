import type { SourceFile } from "../data/read/source";
import type { Extent } from "./extent";
import type { CoverGroup, LandCoverId } from "./land-cover";
import type { ClassRule } from "./polygons/classes";
import type { JoinReport } from "./polygons/joined";
import type { RangeReader } from "./range";
import type { Aggregation, TableKey } from "./tables";

/** A raster that is read by ranges from an address: the one kind of layer that need not be a file. */
export interface RangeFile {
  readonly path: string;
  readonly range: RangeReader;
}

/** What a layer is made of: a file, the files that belong together (a .shp and its .dbf), or an address. */
export type LayerFile = SourceFile | RangeFile;

/** What is asked of a raster. Plain JSON: a notebook keeps it. */
export interface RasterChoice {
  readonly kind: "raster";
  readonly statistic: "mean" | "sum" | "share" | "majority";
  /** From 1; default 1. */
  readonly band?: number | undefined;
  /** For the share: pixel values, or names and groups of the legend ("trees"). */
  readonly classes?: readonly (number | string)[] | undefined;
  /** The legend; default the one that is recognised, "none" for none. */
  readonly preset?: LandCoverId | "none" | undefined;
  /** The values in ten classes of equal size. */
  readonly deciles?: boolean | undefined;
  /** Where the file does not say its coordinate system, or says it wrongly. */
  readonly crs?: string | undefined;
  /** "full" reads the file's own pixels, however many; default "auto": overviews for large cells. */
  readonly detail?: "auto" | "full" | undefined;
}

/** What is asked of polygons. */
export interface PolygonChoice {
  readonly kind: "polygons";
  readonly column: string;
  /** The class of the cell, the mean of a column of numbers, or the share of it that some classes cover. */
  readonly statistic: "class" | "mean" | "share";
  /** Which of the two joins counts; default "centre". Both are reported. */
  readonly join?: "centre" | "area" | undefined;
  /** How a value becomes a class; default each is its own. */
  readonly rule?: ClassRule | undefined;
  /** For the share: values of the column. */
  readonly classes?: readonly string[] | undefined;
  readonly deciles?: boolean | undefined;
  /** The layer of a file that holds several. */
  readonly layer?: string | undefined;
  /** The encoding of a Shapefile's texts. */
  readonly encoding?: string | undefined;
  /** Where the file does not say its coordinate system, or says it wrongly. */
  readonly crs?: string | undefined;
}

/** What is asked of a table. */
export interface TableChoice {
  readonly kind: "table";
  readonly column: string;
  /** Default: a column of cells, or one of latitude and one of longitude, whatever is found. */
  readonly key?: TableKey | undefined;
  /** Default the mean of numbers, the majority of texts. */
  readonly aggregation?: Aggregation | undefined;
  readonly deciles?: boolean | undefined;
}

export type TruthChoice = RasterChoice | PolygonChoice | TableChoice;

/** What a first look at a layer got wrong. */
export type LayerHints = Pick<PolygonChoice, "layer" | "encoding" | "crs"> &
  Pick<TableChoice, "key">;

/** A band or column, as far as it was looked at. */
export interface LayerColumn {
  readonly name: string;
  readonly kind: "number" | "text";
  readonly examples: readonly string[];
  /** Different values, the most frequent first, with the legend's names; undefined where there are very many. */
  readonly distinct: readonly { value: string; name?: string; count: number }[] | undefined;
  /** Of numbers. */
  readonly range?: readonly [min: number, max: number] | undefined;
}

/** What a layer looks like before anything is measured. */
export interface LayerPreview {
  readonly path: string;
  readonly kind: TruthChoice["kind"];
  /** "GeoTIFF, 684 × 516 pixels", "Shapefile, 71 polygons", "Parquet". */
  readonly format: string;
  readonly bytes: number;
  /** Undefined where the file does not say. */
  readonly extent: Extent | undefined;
  /** The coordinate system in words. */
  readonly system: string;
  /** Bands of a raster (the first ones), columns of polygons and tables. */
  readonly columns: readonly LayerColumn[];
  /** What says where the rows of a table lie, and all its columns, any of which may. */
  readonly keyed?: { readonly key: TableKey; readonly names: readonly string[] } | undefined;
  /** The recognised legend of a land-cover raster. */
  readonly preset: { readonly id: LandCoverId; readonly why: string } | undefined;
  /** Groups that the legend knows, for the page's choice. */
  readonly groups: readonly CoverGroup[];
  /** Layers of a file that holds several; otherwise empty. */
  readonly layers: readonly string[];
  /** What would be asked of it without a word of the user; undefined where a column must be chosen first. */
  readonly choice: TruthChoice | undefined;
  /** Why that. */
  readonly why: string;
  /** Sentences to be shown loudly. */
  readonly warnings: readonly string[];
}

/** What a truth is made of, in numbers and words. */
export interface LayerReport {
  readonly cells: number;
  readonly withValue: number;
  /** Named facts in their order: "pixels with data", "rows elsewhere". */
  readonly facts: readonly { readonly name: string; readonly value: string | number }[];
  /** How the value came to be, in a sentence. */
  readonly method: string;
  /** Where the two joins of polygons part. */
  readonly join?: JoinReport | undefined;
  readonly warnings: readonly string[];
}

/** A truth for every cell of a table. */
export interface LayerTruth {
  readonly title: string;
  /** "decile": a quantity of which the tenths are asked; "class": numbers of `classes`. */
  readonly scale: "decile" | "share" | "value" | "class";
  readonly unit: string;
  /** NaN for none; the quantity itself for deciles. */
  readonly values: Float32Array; // [N]
  /** Names of the classes. */
  readonly classes?: readonly string[] | undefined;
  /** The nine edges between the deciles. */
  readonly edges?: readonly number[] | undefined;
  /** More per cell, for files and tables: pixels, inside, covered, the other join; of deciles first "decile", 0 to 9. */
  readonly columns: readonly TruthColumn[];
  readonly report: LayerReport;
}

/** One more thing that is known of each cell. */
export interface TruthColumn {
  readonly name: string;
  /** NaN for none. */
  readonly values: Float64Array; // [N]
  /** Names where the values are numbers of classes: those of this column, not of the truth. */
  readonly classes?: readonly string[] | undefined;
}

/** What the layers need of the world around the core. */
export interface LayerTools {
  readonly signal?: AbortSignal | undefined;
  /** The bytes of sql.js's sql-wasm.wasm, for GeoPackages. */
  readonly readSqlWasm?: (() => Promise<Uint8Array>) | undefined;
}
