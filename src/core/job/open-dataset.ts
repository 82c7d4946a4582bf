import { findCheckIns } from "../data/check-ins";
import { createLedger, mergeLedger, type Ledger } from "../data/ledger";
import { splitTrajectories } from "../data/splits";
import { trajectoriesOf } from "../data/columnar/tables";
import { findTrajectories, type Trajectories } from "../data/trajectories";
import { FootfallError } from "../errors";
import { cellCentres, indexCells, type CellTable, type CellTableBuilder } from "../geo/cells";
import { createPace, type Progress } from "../pace";
import { UTC_OFFSET_HOURS } from "../world/calendar";
import { buildCountry, type CountrySpec } from "../world/country";
import type { Geography } from "../world/geography";
import { COUNTRY_SIZES, simulateResidents, type CountrySize } from "../world/residents";
import { SHAPE_NOUNS } from "../world/shapes";
import type { DatasetSpec } from "./dataset";
import { filesKey } from "./files";
import { readFolder, readStored, type ReportedData } from "./read-dataset";
import { keep, type NamedFile, type Session } from "./session";

/** A data set as the jobs use it; it stays on the worker's side. */
export interface Dataset {
  readonly key: string;
  readonly name: string;
  /** Undefined for real people. */
  readonly geography: Geography | undefined;
  /** Cells of the study area: all land of the country, or those that the data visit. All columns count in it. */
  readonly cells: CellTable;
  readonly centres: { lat: Float64Array; lng: Float64Array };
  readonly trajectories: Trajectories;
  /** [trajectories] 0 training, 1 validation, 2 test. */
  readonly parts: Uint8Array;
  /** Numbers of the test trajectories; none in a very small data set, which can be looked at all the same. */
  readonly test: Uint32Array;
  readonly ledger: Ledger;
  readonly points: number;
  /** What report.json says beside the counts; undefined for the country. */
  readonly report?: ReportedData | undefined;
  /** Files of an opened folder; empty for the country. */
  readonly files: readonly NamedFile[];
}

/** Says the same for the same data; folders count by name, size and date of their files. */
export function datasetKey(spec: DatasetSpec): string {
  if (spec.source === "simulated") return `simulated ${countryKey(spec)}`;
  if (spec.source === "stored") return storedKey(spec.id);
  return `folder ${spec.name} ${filesKey(spec.files)}`;
}

/** A country and its size; that of Japan's shape is not named, as before there was another one. */
function countryKey({
  size,
  seed,
  shape = "japan",
}: DatasetSpec & { source: "simulated" }): string {
  return `${shape === "japan" ? "" : `${shape} `}${size} seed ${seed}`;
}

/** Part of every key of what is made from an import: a new import of the same id forgets all of it. */
export const storedKey = (id: string): string => `import ${id}`;

/** The seed that made the people; undefined for real ones, where nothing is drawn. */
export function seedOf(spec: DatasetSpec): number | undefined {
  return spec.source === "simulated" ? spec.seed : undefined;
}

/** The data set of a spec, kept between jobs. Throws "missing-file", "bad-file", "no-data", "stopped". */
export function openDataset(
  spec: DatasetSpec,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, Dataset, void> {
  const key = datasetKey(spec);
  return keep(session, `dataset ${key}`, () => {
    switch (spec.source) {
      case "simulated":
        return simulate(key, spec, session, signal);
      case "folder":
        return readFolder(key, spec, signal);
      case "stored":
        return readStored(key, spec, session, signal);
      default:
        throw spec satisfies never;
    }
  });
}

/** The country's geography: the same for every size, so it is kept apart. */
async function* openGeography(
  spec: CountrySpec,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, { geography: Geography; index: CellTableBuilder }, void> {
  const readLand = () => session.readAsset("data/land-r8.bin");
  const geography = yield* buildCountry(spec, readLand, signal);
  return { geography, index: indexCells(geography.cells) };
}

async function* simulate(
  key: string,
  spec: DatasetSpec & { source: "simulated" },
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, Dataset, void> {
  const { seed, size, shape = "japan" } = spec;
  const { geography, index } = yield* keep(session, `geography ${shape} ${seed}`, () =>
    openGeography(spec, session, signal),
  );
  const { trajectories, ledger } = yield* simulateTrajectories(geography, index, { size, signal });
  const parts = splitTrajectories(trajectories, { by: "user", seed });
  return {
    key,
    name: `Simulated ${SHAPE_NOUNS[shape]}, ${size}`,
    geography,
    cells: trajectories.checkIns.cells,
    centres: centresBeyond(geography, trajectories.checkIns.cells),
    trajectories,
    parts,
    test: trajectoriesOf(parts, "test"),
    ledger,
    points: ledger.rowsRead,
    files: [],
  };
}

/**
 * The country's points as trajectories of the cells of `index`, at the index's resolution; cells that are
 * not in it yet are appended.
 */
export async function* simulateTrajectories(
  geography: Geography,
  index: CellTableBuilder,
  { size, windowMs, signal }: { size: CountrySize; windowMs?: number; signal: AbortSignal },
): AsyncGenerator<Progress, { trajectories: Trajectories; ledger: Ledger }, void> {
  const { seed } = geography;
  const { resolution } = index;
  const total = COUNTRY_SIZES[size].residents;
  const pace = createPace(signal);
  const ledger = createLedger();
  const chunks: Trajectories[] = [];
  let points = 0;
  yield { phase: "simulate residents", done: 0, total, unit: "residents" };
  for (let from = 0; from < total; from += RESIDENTS_PER_SLICE) {
    const to = Math.min(total, from + RESIDENTS_PER_SLICE);
    for (const chunk of simulateResidents(geography, { seed, from, to })) {
      const options = { cells: index, resolution, ...(windowMs !== undefined && { windowMs }) };
      const found = findTrajectories(findCheckIns(chunk, options), {
        utcOffsetHours: UTC_OFFSET_HOURS,
      });
      points += chunk.user.length;
      mergeLedger(ledger, found.ledger);
      chunks.push(found.trajectories);
    }
    if (pace.due()) await pace.rest();
    yield { phase: "simulate residents", done: to, total, unit: "residents" };
  }
  return { trajectories: joinTrajectories(chunks), ledger: { ...ledger, rowsRead: points } };
}

/** Residents between two looks at the clock: about 25 ms. */
const RESIDENTS_PER_SLICE = 100;

/** Centres of the country's cells; a point at the coast may lie in a cell beyond them, which is appended. */
function centresBeyond(geography: Geography, cells: CellTable): Dataset["centres"] {
  if (cells.hi.length === geography.cells.hi.length) return geography;
  return cellCentres(cells);
}

/** Trajectories of several chunks as one; all chunks count in the same growing table of cells. */
function joinTrajectories(chunks: readonly Trajectories[]): Trajectories {
  const users = chunks.flatMap(({ checkIns }) => checkIns.users);
  const firstUser = runningSum(chunks.map(({ checkIns }) => checkIns.users.length));
  const firstCheckIn = runningSum(chunks.map(({ checkIns }) => checkIns.user.length));
  const last = chunks.at(-1);
  if (last === undefined) throw new FootfallError("no-data", "the country has no residents");
  const join = <T extends Uint32Array | Float64Array | Int32Array>(
    make: (length: number) => T,
    columns: readonly T[],
    add: readonly number[] = [],
  ): T => {
    const joined = make(columns.reduce((sum, column) => sum + column.length, 0));
    let at = 0;
    columns.forEach((column, chunk) => {
      for (let i = 0; i < column.length; i++) joined[at++] = column[i]! + (add[chunk] ?? 0);
    });
    return joined;
  };
  const uint32 = (length: number): Uint32Array => new Uint32Array(length);
  const float64 = (length: number): Float64Array => new Float64Array(length);
  const checkIns = chunks.map((chunk) => chunk.checkIns);
  const starts = chunks.map(({ offsets }) => offsets.subarray(0, -1));
  return {
    checkIns: {
      users,
      cells: last.checkIns.cells,
      user: join(
        uint32,
        checkIns.map(({ user }) => user),
        firstUser,
      ),
      cell: join(
        uint32,
        checkIns.map(({ cell }) => cell),
      ),
      startMs: join(
        float64,
        checkIns.map(({ startMs }) => startMs),
      ),
      endMs: join(
        float64,
        checkIns.map(({ endMs }) => endMs),
      ),
      points: join(
        uint32,
        checkIns.map(({ points }) => points),
      ),
    },
    offsets: join(uint32, [...starts, Uint32Array.of(0)], firstCheckIn),
    user: join(
      uint32,
      chunks.map(({ user }) => user),
      firstUser,
    ),
    month: join(
      (length) => new Int32Array(length),
      chunks.map(({ month }) => month),
    ),
  };
}

/** [0, a, a + b, ...], one longer than the counts. */
function runningSum(counts: readonly number[]): number[] {
  const sums = [0];
  for (const count of counts) sums.push(sums.at(-1)! + count);
  return sums;
}

/** Throws "no-data" where no trajectory is kept for testing: then nothing can be hidden and guessed. */
export function checkTest({ test }: Pick<Dataset, "test">): void {
  if (test.length > 0) return;
  throw new FootfallError(
    "no-data",
    "no trajectory is kept for testing, because there are too few of them; import more people or a longer time, or ask for fewer check-ins",
  );
}

/** Trajectories as the baselines and the scores read them. */
export function placesOf({ trajectories }: Dataset): { offsets: Uint32Array; cell: Uint32Array } {
  return { offsets: trajectories.offsets, cell: trajectories.checkIns.cell };
}
