/** Where the two joins part, in numbers of cells. */
export interface JoinReport {
  /** Cells of the table. */
  readonly cells: number;
  /** Cells whose centre lies in a polygon with a value. */
  readonly withCentre: number;
  /** Cells of which polygons with a value cover at least `minShare`. */
  readonly withArea: number;
  /** Cells to which both joins give a value, and not the same one. */
  readonly differ: number;
  /** Cells with a value by centre only, and by area only. */
  readonly onlyCentre: number;
  readonly onlyArea: number;
  /** Cells of which more than 0.1 % lies in polygons of two values at once. */
  readonly overlapping: number;
}

/** A class for every cell of a table, by its centre and by its area. */
export interface ClassJoin {
  /** All classes, in the order of their first coming in the layer. */
  readonly classes: readonly string[];
  /** Number of the class in which the cell's centre lies, -1 for none; of several the first in the file. */
  readonly byCentre: Int32Array; // [N]
  /** Number of the class that covers the largest share of the cell, -1 for none. */
  readonly byArea: Int32Array; // [N]
  /** Share of the cell, 0 to 1, that the class of `byArea` covers. */
  readonly share: Float64Array; // [N]
  /** Share of the cell that any class covers. */
  readonly covered: Float64Array; // [N]
  readonly report: JoinReport;
}

/** A number for every cell of a table, by its centre and averaged over its area. */
export interface ValueJoin {
  /** The value of the feature in which the cell's centre lies; NaN for none. */
  readonly byCentre: Float64Array; // [N]
  /** The values of the features in the cell, averaged by the area of each in the cell; NaN for none. */
  readonly byArea: Float64Array; // [N]
  /** Share of the cell that features with a value cover. */
  readonly covered: Float64Array; // [N]
  readonly report: JoinReport;
}

/** The share of every cell that chosen classes cover. */
export interface CoverJoin {
  /** 0 to 1: the area of the union of the chosen features. 0 where there are none, never NaN. */
  readonly share: Float64Array; // [N]
  /** Cells with any of it. */
  readonly count: number;
  /** Features chosen. */
  readonly features: number;
  /** Area in square kilometres that lies in several chosen features, and so would count twice in a sum. */
  readonly twiceKm2: number;
}

export interface JoinOptions {
  readonly column: string;
  /** Share of a cell that must be covered for a value by area; default 0.001, so that slivers give none. */
  readonly minShare?: number | undefined;
}
