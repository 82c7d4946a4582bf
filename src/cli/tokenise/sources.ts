import { findClockWarnings } from "../../core/data/clocks";
import { anonymousNames, type Points } from "../../core/data/points";
import { readPoints, type ReadOptions } from "../../core/data/read-points";
import type { Rejection } from "../../core/data/ledger";
import { CellTableBuilder, indexCells, type CellTable } from "../../core/geo/cells";
import { UTC_OFFSET_HOURS } from "../../core/world/calendar";
import type { CommandInput } from "../command";
import { openGeography, streamResidents, type CountryChoice } from "../country";
import { createDataHash, openPointFiles } from "../input";
import { showing } from "../run";

/** Where points come from: batches of whole users, and what is known beside them. */
export interface PointSource {
  /** Name for people. */
  name: string;
  simulated: boolean;
  /** Cells of the area where it is known before any point is read. */
  area: CellTable | undefined;
  cells: CellTableBuilder;
  utcOffsetHours: number | undefined;
  batches: AsyncIterable<{ points: Points; names: readonly string[] }>;
  /** To be asked after the batches are done. */
  facts: () => SourceFacts;
}

export interface SourceFacts {
  rowsRead: number;
  rejected: Rejection[];
  /** What else the report says about the source. */
  more: object;
}

/** All points of the simulated country, some hundred residents at a time. */
export async function openCountry(
  choice: CountryChoice,
  input: CommandInput,
): Promise<PointSource> {
  const geography = await openGeography(choice.seed, input);
  let rowsRead = 0;
  async function* batches() {
    for await (const points of streamResidents(geography, choice, input)) {
      rowsRead += points.user.length;
      yield { points, names: points.users };
    }
  }
  return {
    name: `simulated country, ${choice.size}, ${choice.residents} residents, seed ${choice.seed}`,
    simulated: true,
    area: geography.cells,
    cells: indexCells(geography.cells),
    utcOffsetHours: UTC_OFFSET_HOURS,
    batches: batches(),
    facts: () => ({ rowsRead, rejected: [], more: { country: choice } }),
  };
}

export interface FileSourceOptions extends ReadOptions {
  resolution: number;
  /** Seed of the names that stand for the users; undefined keeps the users' own names. */
  anonymousSeed: number | undefined;
}

const dayText = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);

/** The points of files, read whole. A user whose clock was wrong is named on stderr. */
export async function openFiles(
  paths: readonly string[],
  options: FileSourceOptions,
  input: CommandInput,
): Promise<PointSource> {
  const hash = createDataHash();
  const files = await openPointFiles(paths, hash);
  const read = await showing(readPoints(files, options), input.progress);
  const { users } = read.points;
  const seed = options.anonymousSeed;
  const names = seed === undefined ? users : anonymousNames(users.length, seed);
  const clocks = findClockWarnings(read.points).map(({ user, points, fromMs, toMs }) => {
    const days = `${dayText(fromMs)} to ${dayText(toMs)}`;
    input.note(`user ${user}: ${points} points from ${days}, a year or more away from the others`);
    const name = names[users.indexOf(user)]!;
    return { user: name, points, from: dayText(fromMs), to: dayText(toMs) };
  });
  async function* batches() {
    yield await Promise.resolve({ points: read.points, names });
  }
  const more = { files: read.files, sha256: hash.digest("hex"), clocks };
  return {
    name: read.files.map(({ name }) => name).join(", "),
    simulated: false,
    area: undefined,
    cells: new CellTableBuilder(options.resolution),
    utcOffsetHours: undefined,
    batches: batches(),
    facts: () => ({ rowsRead: read.rowsRead, rejected: read.rejected, more }),
  };
}
