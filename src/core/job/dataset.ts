import type { Ledger } from "../data/ledger";
import type { CountrySize } from "../world/residents";
import type { CountryShape } from "../world/shapes";
import { aboutCountry } from "../world/about";
import { groupLayers } from "../truth/layer-kinds";
import { COUNTRY_FIELDS } from "./country-fields";
import { coverageOf, type Coverage } from "./coverage";
import { LAST_FILE } from "./data-store";
import { findFile } from "./files";
import { openDataset, seedOf, type Dataset } from "./open-dataset";
import type { ReportedData } from "./read-dataset";
import { toMade, type Made, type NamedFile, type Report, type Session } from "./session";

/** Where the people of a data set come from; enough to make it again. */
export type DatasetSpec =
  /** `shape` is Japan's where nothing is said. */
  | { source: "simulated"; size: CountrySize; seed: number; shape?: CountryShape }
  | { source: "folder"; name: string; files: NamedFile[] }
  /** An import that the session's store keeps under `id`. */
  | { source: "stored"; id: string; name: string };

export interface DatasetJob {
  kind: "dataset";
  dataset: DatasetSpec;
}

/** The report of a data set as its files have it. */
export interface WrittenReport {
  /** report.json. */
  report: Blob;
  /** The places of all rejected rows, where there are any. */
  rejected?: Blob;
  /** What came in, before any rule, and of each file; absent in reports of an earlier version. */
  data?: ReportedData["data"];
  files?: ReportedData["files"];
  fileCount?: number;
  /** Whose days off counted, and the check-ins on them; absent where nobody asked. */
  calendar?: ReportedData["calendar"];
  /** True in the browser's storage, false in memory only; absent for a folder. */
  isKept?: boolean;
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
  /** Check-ins and people per cell, of a coarser resolution for a country (paper 1, Figure 2). */
  coverage: Coverage;
  /** Resolution of `coverage`. */
  coverageResolution: number;
  /** How it was made and what it cannot show, in plain words. */
  about: string[];
  /** Truths that the inference steps can ask for: fields of the country, or layers of the folder. */
  truths: { field?: string; file?: string; title: string }[];
  /** What the import wrote beside the tables; undefined for simulated people. */
  written?: WrittenReport;
  made: Made;
}

/** Coarser cells for the overview of a country; a city's own cells are few enough. */
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
  const layers = groupLayers(files.map(({ path }) => path));
  return layers.map(([file]) => ({ file: file!, title: file! }));
}

async function readWritten(
  { files, report, name }: Dataset,
  spec: DatasetSpec,
  session: Session,
): Promise<{ written?: WrittenReport }> {
  if (spec.source === "simulated") return {};
  const rejected = files.find(({ path }) => path.endsWith("rejected.csv"))?.blob;
  const isKept = spec.source === "stored" ? await session.store?.isLasting() : undefined;
  return {
    written: {
      report: findFile(files, LAST_FILE, name),
      ...(rejected && { rejected }),
      ...(report?.data && { data: report.data }),
      ...(report?.files && { files: report.files, fileCount: report.fileCount ?? 1 }),
      ...(report?.calendar && { calendar: report.calendar }),
      ...(isKept !== undefined && { isKept }),
    },
  };
}

/** Makes or reads the data set and says what it is (DI-13, DI-15). */
export async function* runDataset(
  { dataset: spec }: DatasetJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, DatasetResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(spec, session, signal);
  const { geography, cells, trajectories } = dataset;
  const coverageResolution =
    geography === undefined ? cells.resolution : COUNTRY_COVERAGE_RESOLUTION;
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
    coverage: coverageOf(trajectories, coverageResolution, geography === undefined),
    coverageResolution,
    about: spec.source === "simulated" ? aboutCountry(spec.shape) : ABOUT_REAL,
    truths: truthsOf(dataset),
    ...(await readWritten(dataset, spec, session)),
    made: toMade(startedAt, { seed: seedOf(spec), data: dataset.key }),
  };
}

const ABOUT_REAL = [
  "Check-ins and trajectories were read from the opened folder; nothing of it leaves this machine.",
];
