import { FootfallError, throwIfStopped } from "../errors";
import type { CellTable } from "../geo/cells";
import type { Progress } from "../pace";
import { createDigits } from "../token/digits";
import type { Tokeniser } from "../token/tokeniser";
import { takeAllPoints, type PointsSpec } from "./collect-points";
import type { DataWriter } from "./data-store";
import { guessCountryOf, toCalendarSpec } from "./days-off";
import { runDataset, type DatasetResult, type DatasetSpec } from "./dataset";
import { splitOf } from "./import-rules";
import { storedKey } from "./open-dataset";
import { forget, type Report, type Session } from "./session";
import { writeDataset } from "./write-dataset";

/** Reads files, applies the rules, and keeps the data set in the session's store. */
export interface ImportJob extends PointsSpec {
  kind: "import";
  /** Under which it is kept; a new import of the same id takes the old one's place. */
  id: string;
  /** What it is called on the page. */
  name: string;
  seed: number;
}

/** Levels of the hash that the last token tells: "5|3" at resolution 8, the papers' tokeniser. */
const DIGITS = 3;

async function* makeTokeniser(cells: CellTable): AsyncGenerator<Progress, Tokeniser, void> {
  yield { phase: "make the tokeniser", done: 0, total: 1, unit: "tokenisers" };
  return createDigits({ parents: cells.resolution - DIGITS, groups: [DIGITS] }, cells);
}

async function* write(
  job: ImportJob,
  writer: DataWriter,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, void, void> {
  const startedAt = performance.now();
  const { collected, files, isOwned, cellsFoundOn } = yield* takeAllPoints(job, session, signal);
  const { resolution, keepUsers, calendar: choice = "none", ...rules } = job.rules;
  const guess = choice === "guess" ? await guessCountryOf(collected.points, session) : undefined;
  const options = {
    name: job.name,
    rules,
    split: splitOf(collected.points.users.length, job.seed),
    makeTokeniser,
    calendar: toCalendarSpec(choice, guess?.country),
    more: {
      read: job.read,
      resolution,
      ...(keepUsers === undefined ? {} : { keepUsers }),
      ...(guess === undefined ? {} : { countryGuess: guess }),
      ...(cellsFoundOn === undefined ? {} : { cellsFoundOn }),
    },
    startedAt,
    ownsPoints: isOwned,
    signal,
  };
  yield* writeDataset(collected, files, options, writer);
}

/**
 * Imports files as a data set and opens it from where it is kept: what the page shows is what was stored.
 * Only then it takes the place of what the id held before, so that an error or a stop at any moment leaves
 * nothing of it. Throws "no-space", "no-data", and what readers and rules throw.
 */
export async function* runImport(
  job: ImportJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, DatasetResult, void> {
  const { store } = session;
  if (store === undefined) {
    throw new FootfallError("bad-input", "nothing can be imported here: there is no store for it");
  }
  const writer = await store.create(job.id);
  let isWhole = false;
  try {
    yield* write(job, writer, session, signal);
    forget(session, storedKey(job.id));
    const written: Session = { ...session, store: { ...store, files: () => writer.files() } };
    const dataset: DatasetSpec = { source: "stored", id: job.id, name: job.name };
    const result = yield* runDataset({ kind: "dataset", dataset }, written, signal);
    throwIfStopped(signal);
    await writer.finish();
    isWhole = true;
    return result;
  } finally {
    if (!isWhole) {
      forget(session, storedKey(job.id));
      await writer.drop();
    }
  }
}
