import type { NamedFile } from "./session";
import type { TableWriter } from "./table-file";

/** One data set on its way into the store: nothing of it can be opened before `finish`. */
export interface DataWriter {
  /** Throws "no-space" where the store is full. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Where a table goes that comes in pieces; without it tables are made in memory and written whole. */
  openTable?(path: string): Promise<TableWriter>;
  /** What was written so far, to be looked at before it is finished. */
  files(): Promise<NamedFile[]>;
  /** Makes it the data set of its id; what the id held before goes. */
  finish(): Promise<void>;
  /** Leaves nothing of it behind. */
  drop(): Promise<void>;
}

/** Where imported data sets are kept. The core knows no browser: whoever makes the session brings one. */
export interface DataStore {
  /** False where the data are in memory only and go with the page. */
  isLasting(): Promise<boolean>;
  /** Begins a data set under an id. */
  create(id: string): Promise<DataWriter>;
  /** The files of a finished data set; undefined where there is none. */
  files(id: string): Promise<NamedFile[] | undefined>;
}

/** The file that is written last: a data set without it was never finished. */
export const LAST_FILE = "report.json";
