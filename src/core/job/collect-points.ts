import { importPoints } from "../data/read/import-points";
import { PointCollector, type CollectedPoints } from "../data/point-collector";
import { needsCoordinates } from "../data/rules";
import type { FileFacts, ReadOptions } from "../data/read/source";
import { inPhase } from "../pace";
import { DEFAULT_SEED } from "../random";
import { filesKey } from "./files";
import { openCellFinder, type CellFinder } from "./cell-finder";
import type { ImportRules } from "./import-rules";
import { forget, keep, type NamedFile, type Report, type Session } from "./session";

/** Which points: the files, how they are read, and what the rules need of them. */
export interface PointsSpec {
  files: NamedFile[];
  read: ReadOptions;
  rules: ImportRules;
  seed?: number;
}

/** Points of files, and of which. */
export interface OpenPoints {
  collected: CollectedPoints;
  /** False where only the first rows were read. */
  isAll: boolean;
  files: FileFacts[];
  /** The graphics card that found the cells; undefined where the processor did. */
  cellsFoundOn?: string | undefined;
}

const KEY = "points of";

/** The same for the same points: they are read again only where what is kept of a row differs. */
function keyOf({ files, read, rules }: PointsSpec): string {
  const { resolution, drop } = rules;
  const kept = { resolution, places: needsCoordinates(rules), speed: drop.speedKmh };
  return `${KEY} ${JSON.stringify([read, kept, rules.keepUsers ?? ""])} ${filesKey(files)}`;
}

/** Places of a sample are always kept: the page draws them. */
function createCollector(
  { rules, seed = DEFAULT_SEED }: PointsSpec,
  isSample: boolean,
  finder: CellFinder | undefined,
): PointCollector {
  const { speedKmh } = rules.drop;
  return new PointCollector({
    resolution: rules.resolution,
    keepCoordinates: isSample || needsCoordinates(rules),
    anonymousSeed: rules.keepUsers === undefined ? seed : undefined,
    locate: finder?.locate,
    ...(speedKmh === undefined ? {} : { maxSpeedKmh: speedKmh }),
  });
}

async function* collect(
  spec: PointsSpec,
  session: Session,
  signal: AbortSignal,
  mostRows: number,
): AsyncGenerator<Report, OpenPoints, void> {
  const finder = await openCellFinder(spec.rules.resolution, session);
  try {
    const open = yield* collectWith(finder, spec, signal, mostRows);
    return { ...open, cellsFoundOn: finder?.foundOn() };
  } finally {
    finder?.dispose();
  }
}

async function* collectWith(
  finder: CellFinder | undefined,
  spec: PointsSpec,
  signal: AbortSignal,
  mostRows: number,
): AsyncGenerator<Report, OpenPoints, void> {
  const collector = createCollector(spec, mostRows < Infinity, finder);
  const reading = importPoints(spec.files, spec.read, collector, signal);
  let files: FileFacts[] | undefined;
  while (files === undefined && collector.rowsRead < mostRows) {
    const { done, value } = await reading.next();
    if (done) files = value;
    else yield { ...value, also: { done: collector.rowsRead, unit: "rows" } };
  }
  if (files === undefined) await reading.return(undefined as never);
  const collected = yield* inPhase("sort and check the points", collector.build(signal));
  return { collected, isAll: files !== undefined, files: files ?? [] };
}

/** All points of the files, kept for the next time until other points are read. */
async function* openAllPoints(
  spec: PointsSpec,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, OpenPoints, void> {
  const key = keyOf(spec);
  if (!session.kept.has(key)) forget(session, KEY); // two large sets are not held at once
  return yield* keep(session, key, () => collect(spec, session, signal, Infinity));
}

/** Points of which so many fit beside everything else: 64 MB. */
const MOST_KEPT = 4_000_000;

/**
 * All points for an import, which is mostly the last to ask for them. `isOwned` where nobody else has them: so
 * many are not kept beside what the import makes of them.
 */
export async function* takeAllPoints(
  spec: PointsSpec,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, OpenPoints & { isOwned: boolean }, void> {
  const open = yield* openAllPoints(spec, session, signal);
  const isOwned = open.collected.points.user.length > MOST_KEPT;
  if (isOwned) session.kept.delete(keyOf(spec));
  return { ...open, isOwned };
}

/** Rows that are enough to see what the rules do. */
const SAMPLE_ROWS = 200_000;

/** The points of all files where they are kept already or few, else those of the first rows. */
export async function* openSomePoints(
  spec: PointsSpec,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, OpenPoints, void> {
  const key = keyOf(spec);
  if (session.kept.has(key)) return yield* openAllPoints(spec, session, signal);
  const some = yield* keep(session, `first ${key}`, () =>
    collect(spec, session, signal, SAMPLE_ROWS),
  );
  if (some.isAll) session.kept.set(key, some);
  return some;
}
