import { hoursOfWeek } from "../core/data/hours";
import { FootfallError } from "../core/errors";
import { checkCell } from "../core/geo/cells";
import { readJsonFile } from "./json-file";

/** A trajectory as its file has it. */
interface TrajectoryFile {
  readonly hashes: readonly string[];
  /** Hours of the week of its check-ins; undefined where the file tells no times. */
  readonly hours: Uint8Array | undefined;
}

const EXPECTED =
  '{"cells": ["882e601a5dfffff", ...], "times": ["2023-05-01T08:10", ...]}, times or none';

/** Each of a list, read; an error names the file and the number of the check-in. */
function readEach<T>(list: readonly unknown[], path: string, read: (one: unknown) => T): T[] {
  return list.map((one, n) => {
    try {
      return read(one);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new FootfallError("bad-input", `${path}, check-in ${n}: ${why}`, { cause });
    }
  });
}

/** Milliseconds of a local time as its clock shows them: an offset behind it does not move the hour. */
function readLocalTime(time: unknown): number {
  const [, day, minute] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)/.exec(String(time)) ?? [];
  const ms = Date.parse(`${day}T${minute}Z`);
  if (!Number.isNaN(ms)) return ms;
  const found = JSON.stringify(time);
  throw new FootfallError("bad-input", `expected a local time "2023-05-01T08:10", found ${found}`);
}

/** Reads a trajectory, oldest check-in first. Throws "bad-input" with the place of the first wrong value. */
export async function readTrajectoryFile(path: string): Promise<TrajectoryFile> {
  const json = ((await readJsonFile(path)) ?? {}) as { cells?: unknown; times?: unknown };
  const { cells, times } = json;
  if (!Array.isArray(cells) || cells.length === 0) {
    throw new FootfallError("bad-input", `${path}: expected ${EXPECTED}`);
  }
  const hashes = readEach(cells, path, (cell) =>
    checkCell(typeof cell === "string" ? cell : JSON.stringify(cell)),
  );
  if (times === undefined) return { hashes, hours: undefined };
  if (!Array.isArray(times) || times.length !== cells.length) {
    const found = Array.isArray(times) ? times.length : JSON.stringify(times);
    throw new FootfallError(
      "bad-input",
      `${path}: expected as many times as cells, ${cells.length}, found ${found}`,
    );
  }
  const startMs = Float64Array.from(readEach(times, path, readLocalTime));
  const hours = hoursOfWeek({ startMs }, { kind: "offset", hours: 0, isGuessed: false });
  return { hashes, hours };
}
