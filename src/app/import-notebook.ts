import type { NotebookDocument } from "../notebook/document";
import { TRAINING_STEPS } from "./folder-notebook";
import type { OpenedFolder } from "./open-folder";

/** Kinds of files that may hold locations; what is inside decides when they are read. */
const POINT_FILE =
  /\.(csv|tsv|txt|tab|dat|json|jsonl|ndjson|geojson|gpx|kml|plt|parquet|geoparquet|pq|arrow|feather|ipc|npy|zip|gz)$/i;

/** True where a folder may hold locations to import. */
export function mayHoldPoints({ files }: OpenedFolder): boolean {
  return files.some(({ path }) => POINT_FILE.test(path));
}

/** The sentence of a notebook of real people that has no model yet. */
const NO_MODEL =
  "Without a model nothing is guessed yet: train one of your own below, or past one machine with scale/ (docs/scale.md).";

/** The notebook of files that are to be imported as the data set `id`. */
export function createImportNotebook(files: string, id: string): NotebookDocument {
  return {
    footfall: 1,
    title: `Import ${files}`,
    lead: `See first how the files are read and what the rules leave; then import. Everything happens on this machine: nothing of your files leaves it. ${NO_MODEL}`,
    steps: [
      { id: "files", kind: "files", spec: { files } },
      { id: "rules", kind: "rules", inputs: { files: "files" } },
      {
        id: "data",
        kind: "data",
        inputs: { files: "files", rules: "rules" },
        spec: { source: "import", id, name: files },
      },
      { id: "tokens", kind: "tokens", inputs: { data: "data" } },
      ...TRAINING_STEPS,
    ],
  };
}

/** The notebook of a data set that was imported before. */
export function createStoredNotebook(name: string, id: string): NotebookDocument {
  return {
    footfall: 1,
    title: `The people of ${name}`,
    lead: `Imported before and kept in this browser; nothing of it leaves this machine. ${NO_MODEL}`,
    steps: [
      { id: "data", kind: "data", spec: { source: "stored", id, name } },
      { id: "tokens", kind: "tokens", inputs: { data: "data" } },
      ...TRAINING_STEPS,
    ],
  };
}
