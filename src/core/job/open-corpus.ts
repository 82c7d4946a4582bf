import { trajectoriesOf } from "../data/columnar/tables";
import type { Split } from "../data/splits";
import { FootfallError } from "../errors";
import { createPace, type Progress } from "../pace";
import { NO_EXTRAS, withExtras, type ExtraChoice } from "../token/extras";
import { numberPeople } from "../token/people";
import { readTokeniser } from "../token/read-tokeniser";
import type { Corpus } from "../token/read-shards";
import { createTokenColumn, type CellPieces, type Tokeniser } from "../token/tokeniser";
import { makeTokeniser } from "./make-tokeniser";
import { openHours } from "./open-calendar";
import type { Dataset } from "./open-dataset";
import { keep, type Session } from "./session";

/** A data set as training reads it. */
export interface TrainingData {
  readonly tokeniser: Tokeniser;
  /** Of every cell of the data set. */
  readonly pieces: CellPieces;
  readonly train: Corpus;
  readonly validation: Corpus;
  /** Hours of the week of all check-ins of the data set; undefined where nobody asks for them. */
  readonly hours?: Uint8Array;
  /** Number of the person of each trajectory of the data set; undefined where nobody asks for them. */
  readonly users?: Uint16Array;
}

/** The tokeniser that the data came with, else the papers' for their cells, with the extra tokens asked for. */
async function* chooseTokeniser(
  { cells, files, name }: Dataset,
  extras: ExtraChoice,
  signal: AbortSignal,
): AsyncGenerator<Progress, Tokeniser, void> {
  const own = files.find(({ path }) => path.endsWith("tokenizer.json"));
  if (own === undefined) {
    const pieces = yield* makeTokeniser("5|3", { cells, allCells: () => cells }, signal);
    return withExtras(pieces, extras);
  }
  const tokeniser = readTokeniser(JSON.parse(await own.blob.text()));
  if (tokeniser.resolution === cells.resolution) {
    return tokeniser.extras === undefined ? withExtras(tokeniser, extras) : tokeniser;
  }
  throw new FootfallError(
    "weights-mismatch",
    `the tokenizer.json of ${name} reads cells of resolution ${tokeniser.resolution}, its check-ins are of resolution ${cells.resolution}`,
  );
}

/** Check-ins that stand one after the other, the last one not among them. */
export type Stretch = readonly [from: number, to: number];

/** Lengths of stretches in pieces, as offsets. */
function offsetsOf(
  cell: Uint32Array,
  stretches: readonly Stretch[],
  pieces: CellPieces,
): Uint32Array {
  const ends = new Uint32Array(stretches.length + 1);
  stretches.forEach(([from, to], row) => {
    let length = 0;
    for (let at = from; at < to; at++) {
      const n = cell[at]!;
      length += pieces.offsets[n + 1]! - pieces.offsets[n]!;
    }
    ends[row + 1] = ends[row]! + length;
  });
  return ends;
}

/** Check-ins as far as their tokens follow from them. */
export interface CellsAndHours {
  readonly cell: Uint32Array;
  /** Hours of the week; undefined where nobody asks for them. */
  readonly hours?: Uint8Array;
}

/** Stretches of check-ins as pieces one after the other. Throws "stopped". */
export async function* writeStretches(
  { cell, hours: hourOf }: CellsAndHours,
  stretches: readonly Stretch[],
  { tokeniser, pieces }: Pick<TrainingData, "tokeniser" | "pieces">,
  signal: AbortSignal,
): AsyncGenerator<Progress, Corpus, void> {
  const offsets = offsetsOf(cell, stretches, pieces);
  const total = offsets.at(-1)!;
  const tokens = createTokenColumn(tokeniser.vocabularySize, total);
  const starts = new Uint8Array(total);
  const hours = hourOf && new Uint8Array(total);
  const pace = createPace(signal);
  let end = 0;
  for (const [row, [from, to]] of stretches.entries()) {
    for (let at = from; at < to; at++) {
      const n = cell[at]!;
      const own = pieces.tokens.subarray(pieces.offsets[n], pieces.offsets[n + 1]);
      starts[end] = 1;
      tokens.set(own, end);
      hours?.fill(hourOf![at]!, end, end + own.length);
      end += own.length;
    }
    if (!pace.due()) continue;
    yield { phase: "write the tokens", done: row, total: stretches.length, unit: "trajectories" };
    await pace.rest();
  }
  return { tokens, starts, offsets, hours };
}

/** The trajectories of one part as pieces: what `tokens/` of a data set holds. */
async function* corpusOf(
  { trajectories: { offsets, checkIns }, parts }: Dataset,
  split: Split,
  { hours, users, ...tokenised }: Pick<TrainingData, "tokeniser" | "pieces"> & Known,
  signal: AbortSignal,
): AsyncGenerator<Progress, Corpus, void> {
  const rows = trajectoriesOf(parts, split);
  const whole = Array.from(rows, (k): Stretch => [offsets[k]!, offsets[k + 1]!]);
  const corpus = yield* writeStretches({ cell: checkIns.cell, hours }, whole, tokenised, signal);
  const { extras } = tokenised.tokeniser;
  return { ...corpus, extras, users: Uint16Array.from(rows, (k) => users[k]!) };
}

/** What is known of check-ins and trajectories beside their cells. */
interface Known {
  readonly hours: Uint8Array;
  /** Numbers of people, [trajectories]. */
  readonly users: Uint16Array;
}

/**
 * The tokens of a data set for training, kept between jobs. A vocabulary that came with the data and has extra tokens
 * keeps its own, whatever is asked for. Throws "weights-mismatch", "bad-file",
 * "stopped".
 */
export function openCorpus(
  dataset: Dataset,
  session: Session,
  signal: AbortSignal,
  extras: ExtraChoice = NO_EXTRAS,
): AsyncGenerator<Progress, TrainingData, void> {
  const key = `corpus of ${dataset.key} ${extras.users} ${extras.times}`;
  return keep(session, key, async function* () {
    const tokeniser = yield* chooseTokeniser(dataset, extras, signal);
    const { trajectories, parts } = dataset;
    const { user: person, offsets } = trajectories;
    const users = numberPeople({ person, offsets, parts }, tokeniser.extras?.users ?? 0);
    const pieces = tokeniser.encodeCells(dataset.cells);
    const data = { tokeniser, pieces, hours: await openHours(dataset), users };
    const train = yield* corpusOf(dataset, "train", data, signal);
    const validation = yield* corpusOf(dataset, "validation", data, signal);
    return { ...data, train, validation };
  });
}
