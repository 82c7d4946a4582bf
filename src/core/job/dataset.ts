import type { Ledger } from "../data/ledger";
import { parentTable, type CellTable } from "../geo/cells";
import type { CountrySize } from "../world/residents";
import { ABOUT_LIMITS, ABOUT_MADE } from "../world/about";
import { COUNTRY_FIELDS } from "./country-fields";
import { openDataset, seedOf, type Dataset } from "./open-dataset";
import { toMade, type Made, type NamedFile, type Report, type Session } from "./session";

/** Where the people of a data set come from; enough to make it again. */
export type DatasetSpec =
  | { source: "simulated"; size: CountrySize; seed: number }
  | { source: "folder"; name: string; files: NamedFile[] }
  /** An import that the session's store keeps under `id`. */
  | { source: "stored"; id: string; name: string };

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

/** Coarser cells for the overview of a country; a city's own cells are few enough. */
function coverageOf({ cells, trajectories, geography }: Dataset): {
  coverage: CellValues;
  coverageResolution: number;
} {
  const coverageResolution =
    geography === undefined ? cells.resolution : COUNTRY_COVERAGE_RESOLUTION;
  const { parents, parentOf } = parentTable(cells, coverageResolution);
  const counts = new Float32Array(parents.hi.length);
  for (const cell of trajectories.checkIns.cell) counts[parentOf[cell]!]!++;
  return { coverage: { cells: parents, values: counts }, coverageResolution };
}

const COUNTRY_COVERAGE_RESOLUTION = 6;

function countVisitedCells({ cells, trajectories }: Dataset): number {
  const visited = new Uint8Array(cells.hi.length);
  for (const cell of trajectories.checkIns.cell) visited[cell] = 1;
  return visited.reduce((sum, one) => sum + one, 0);
}

function truthsOf({ geography, files }: Dataset): DatasetResult["truths"] {
  if (geography !== undefined) {
    return Object.entries(COUNTRY_FIELDS).map(([field, { title }]) => ({ field, title }));
  }
  return files
    .filter(({ path }) => /\.tiff?$/i.test(path))
    .map(({ path }) => ({ file: path, title: path }));
}

/** Makes or reads the data set and says what it is (DI-13, DI-15). */
export async function* runDataset(
  { dataset: spec }: DatasetJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, DatasetResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(spec, session, signal);
  const parts: [number, number, number] = [0, 0, 0];
  for (const part of dataset.parts) parts[part as 0 | 1 | 2]++;
  return {
    name: dataset.name,
    simulated: dataset.geography !== undefined,
    counts: {
      users: new Set(dataset.trajectories.user).size,
      points: dataset.points,
      checkIns: dataset.trajectories.checkIns.user.length,
      trajectories: dataset.parts.length,
      visitedCells: countVisitedCells(dataset),
      cells: dataset.cells.hi.length,
    },
    parts,
    resolution: dataset.cells.resolution,
    ledger: dataset.ledger,
    ...coverageOf(dataset),
    about: dataset.geography === undefined ? ABOUT_REAL : [...ABOUT_MADE, ...ABOUT_LIMITS],
    truths: truthsOf(dataset),
    made: toMade(startedAt, { seed: seedOf(spec), data: dataset.key }),
  };
}

const ABOUT_REAL = [
  "Check-ins and trajectories were read from the opened folder; nothing of it leaves this machine.",
];
