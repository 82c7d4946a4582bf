import { readFileSync } from "node:fs";
import type { PointFormat, ReadOptions, SourceFile } from "../source";
import { asFile, readFile, type Reading } from "./reading.testing";

const FOLDER = new URL("../../../../../test/reference/tables/", import.meta.url);

/** A file of test/reference/make_table_files.py. */
export const tableFile = (name: string): SourceFile =>
  asFile(name, new Uint8Array(readFileSync(new URL(name, FOLDER))));

/** What the script wrote: 300 points, times to the millisecond. */
export const WRITTEN: Reading["points"] = Array.from({ length: 300 }, (_, i) => [
  `user ${i % 7}`,
  Date.UTC(2012, 3, 3, 12) + Math.floor(61_000 * i + 0.137 * i),
  35.5 + i / 1024,
  139.5 - i / 1024,
]);

/** Reads a file of the script. */
export const readTable = (
  format: PointFormat,
  name: string,
  options?: ReadOptions,
): Promise<Reading> => readFile(format, tableFile(name), options);
