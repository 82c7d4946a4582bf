import { createContext, useContext } from "react";
import type { AdaptTable } from "../core/job/adapt";
import type { NamedFile } from "../core/job/session";
import type { RunRecord } from "../core/job/run-store";
import type { SweepRecord } from "../core/job/sweep/record";
import type { PretrainControls } from "../notebook/pretrain-settings";
import type { Basemap } from "./map/basemap";

/** What a step with imported data may ask of the page. */
export interface DataService {
  /** Hands the stored data set to the reader as one zip. Rejects where it is gone. */
  download(id: string, name: string): Promise<void>;
  /** Wants a silent notice at the end of a long import, or no more; asks the browser, so only from a click. */
  setNotify(isWanted: boolean): Promise<"off" | "granted" | "denied" | "unavailable">;
}

/** A training run that the browser keeps. */
export type KeptRun = RunRecord & { readonly bytes: number };

/** A sweep that the browser keeps, whole or not. */
export interface KeptSweep extends SweepRecord {
  readonly bytes: number;
}

/** What the steps that train may ask of the page. */
export interface TrainingService {
  /** The youngest first. */
  list(): Promise<KeptRun[]>;
  listSweeps(): Promise<KeptSweep[]>;
  /** Removes a run or a sweep. */
  remove(run: string): Promise<void>;
  /** Hands the best model of a run to the reader: a Hugging Face folder as one zip. */
  download(run: string): Promise<void>;
  /** Hands files to the reader as one zip of this name. */
  saveZip(name: string, files: readonly NamedFile[]): Promise<void>;
  /** The files of a model folder, or of a zip of one, and what kind it is. Rejects where one of them is missing. */
  readModel(
    picked: readonly File[],
  ): Promise<{ name: string; files: NamedFile[]; isOfPoints: boolean; isAdapted: boolean }>;
  /** Changes a run that goes. */
  change(run: string, change: Partial<PretrainControls>): void;
}

/** A table of a task as far as it was filled, of one data set and one model. */
export interface KeptTable {
  /** Says the same for the same task, data and model. */
  readonly name: string;
  readonly data: string;
  readonly model: string;
  readonly savedMs: number;
  readonly table: AdaptTable;
}

/** Where the page keeps tables: in the browser's storage, or as long as it is open. */
export interface TableShelf {
  /** The youngest first. */
  list(): Promise<KeptTable[]>;
  /** Takes the place of the table of the same name. */
  write(table: KeptTable): Promise<void>;
  remove(name: string): Promise<void>;
  /** Calls back after each change, until the returned function is called. */
  watch(onChange: () => void): () => void;
}

/** What every step may need of the page around it. */
export interface PageFacts {
  basemap: Promise<Basemap>;
  /** `?test=1`: nothing that differs from run to run is shown. */
  isTest: boolean;
  /** Only where there can be imported data. */
  data?: DataService;
  /** Only where models can be trained. */
  training?: TrainingService;
  /** Only where tables can be filled. */
  tables?: TableShelf;
}

export const PageContext = createContext<PageFacts | undefined>(undefined);

/** The page's facts; a step outside a page is a mistake in the code. */
export function usePage(): PageFacts {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error("a step stands outside the page");
  return page;
}
