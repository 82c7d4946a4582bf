import type { Progress } from "../../pace";
import type { Box } from "../box";
import type { Role } from "./columns";
import type { TimeUnit } from "./times";

/** A file as every reader takes it: its path for messages, its bytes by stream or by range. */
export interface SourceFile {
  readonly path: string;
  readonly blob: Blob;
  /** The file without which this one cannot be read: the users of RAW's array. */
  readonly companion?: SourceFile | undefined;
}

/** One location as a reader found it; `user` is the file's own name, which is replaced later. */
export interface FoundPoint {
  user: string;
  /** Milliseconds since 1970-01-01 UTC; NaN where the file's time cannot be read. */
  timeMs: number;
  /** Degrees, WGS 84; NaN where there is no number. */
  lat: number;
  lng: number;
  /** Minutes that the local clock is ahead of UTC, where the file tells. */
  offsetMin?: number | undefined;
}

/** Where readers put what they find. It checks, locates, counts and keeps (or rejects) each row. */
export interface PointSink {
  /** The file that the next rows come from. */
  beginFile(path: string): void;
  /** `line` counts from 1 as an editor would: the header of a CSV is line 1. The object may be reused. */
  add(point: FoundPoint, line: number): void;
  /** A row that the reader itself cannot use. `reason` has no number in it: equal reasons are counted. */
  reject(reason: string, line: number): void;
  /** A labelled span of a user's time (GeoLife's means of transport). */
  label(user: string, fromMs: number, toMs: number, label: string): void;
  /** Awaited between rows, at every report and at the end: for what is done with many rows at once, on a graphics card say. */
  settle?(signal?: AbortSignal): Promise<void>;
}

/** What the reader must be told where its guess is wrong; every field is optional, defaults are guessed. */
export interface ReadOptions {
  /** Id of a PointFormat. */
  format?: string | undefined;
  columns?: Partial<Record<Role, string>> | undefined;
  /** Character between the fields of text. */
  delimiter?: string | undefined;
  /** False where the first row of a text file is data already; columns are then called column 1, 2, ... */
  hasHeader?: boolean | undefined;
  timeUnit?: TimeUnit | undefined;
  /** Zero of a numeric time column, milliseconds since 1970. */
  timeOriginMs?: number | undefined;
  /** Order of day and month in dates such as 03/04/2012. */
  dateOrder?: "day-first" | "month-first" | undefined;
  /** IANA zone ("Asia/Tokyo") or offset ("+09:00") of times that do not tell theirs; default UTC. */
  zone?: string | undefined;
  /** Read the latitude column as longitude and the other way round. */
  swapped?: boolean | undefined;
  /** Who a file without users is about (GPX, KML): its own name (default) or the folder it lies in. */
  userFrom?: "file" | "folder" | undefined;
  /** Where a grid without true places is laid (YJMob100K, HuMob), chosen by the user. */
  frame?: GridFrame | undefined;
  /** Degrees that normalised coordinates span (RAW's arrays): south, west, north, east. */
  box?: Box | undefined;
}

/** North-west corner and size of the cells of a grid. */
export interface GridFrame {
  lat: number;
  lng: number;
  cellM: number;
  /** Day 0 of the data, milliseconds since 1970. */
  dayZeroMs: number;
}

/** One decision of the guess, in words for the page. */
export interface Guess<T> {
  value: T;
  /** "column name", "90 % of the first 1,000 rows are Unix seconds", ... */
  why: string;
}

/** What a file looks like before anything is read whole. */
export interface FilePreview {
  path: string;
  bytes: number;
  format: Guess<string>;
  /** Names of all columns, and the first rows as text; empty for formats without columns. */
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  /** Only for formats with columns. */
  roles?: Record<Role, Guess<string> | undefined> | undefined;
  time?: Guess<string> | undefined;
  zone?: Guess<string> | undefined;
  /** The first points as they will be read: what the page puts on the small map. */
  points: readonly FoundPoint[];
  /** Sentences to be shown loudly: "the latitude column holds values up to 139.9: swapped?". */
  warnings: readonly string[];
  /** True where swapping the two coordinates would make the file plausible. */
  looksSwapped: boolean;
  /** Files of the same ending that were not looked at, because there are so many of them. */
  alike?: number | undefined;
  /** Why the file cannot be read; then there is nothing else to show. */
  problem?: string | undefined;
}

/** What a reader tells about a file when it is done. */
export interface FileFacts {
  path: string;
  format: string;
  rows: number;
  columns?: Record<Role, string> | undefined;
  times?: string | undefined;
  /** Why the file, or its rest, could not be read; the other files of the import came in. */
  problem?: string | undefined;
}

/** A kind of file with locations. New ones are a file in formats/ and a line in formats.ts. */
export interface PointFormat {
  readonly id: string;
  /** For the page's list: "GeoLife (plt)". */
  readonly title: string;
  /** True where the first bytes (up to 64 KiB, decompressed) and the path say that this is it. */
  matches(path: string, head: Uint8Array): boolean;
  /** Reads no more than the first rows. Throws "bad-file" or "missing-column". */
  preview(file: SourceFile, options: ReadOptions): Promise<FilePreview>;
  /** Streams the whole file into the sink, with back-pressure. Throws "bad-file", "stopped". */
  read(
    file: SourceFile,
    options: ReadOptions,
    sink: PointSink,
    signal?: AbortSignal,
  ): AsyncGenerator<Progress, FileFacts, void>;
}
