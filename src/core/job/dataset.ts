import type { CellTable } from "../geo/cells";
import type { Ledger } from "../data/ledger";
import type { CountrySize } from "../world/residents";
import type { Made, NamedFile } from "./session";

/** Where the people of a data set come from; enough to make it again. */
export type DatasetSpec =
  | { source: "simulated"; size: CountrySize; seed: number }
  | { source: "folder"; name: string; files: NamedFile[] };

export interface DatasetJob {
  kind: "dataset";
  dataset: DatasetSpec;
}

/** Cells and one number each, in the cells' order. */
export interface CellValues {
  cells: CellTable;
  values: Float32Array;
}

export interface DatasetResult {
  name: string;
  simulated: boolean;
  counts: {
    users: number;
    points: number;
    checkIns: number;
    trajectories: number;
    /** Distinct cells with a check-in. */
    visitedCells: number;
    /** Cells of the study area: all land of the simulated country, or the visited ones. */
    cells: number;
  };
  /** Trajectories of the training, validation and test parts. */
  parts: [train: number, validation: number, test: number];
  resolution: number;
  ledger: Ledger;
  /** Check-ins per cell of a coarser resolution (paper 1, Figure 2). */
  coverage: CellValues;
  /** Resolution of `coverage`. */
  coverageResolution: number;
  /** How it was made and what it cannot show, in plain words. */
  about: string[];
  /** Truths that the inference steps can ask for: fields of the country, or rasters of the folder. */
  truths: { field?: string; file?: string; title: string }[];
  made: Made;
}
