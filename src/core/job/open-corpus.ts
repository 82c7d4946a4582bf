import { FootfallError } from "../errors";
import { createPace, type Progress } from "../pace";
import { readTokeniser } from "../token/read-tokeniser";
import type { Corpus } from "../token/read-shards";
import { createTokenColumn, type CellPieces, type Tokeniser } from "../token/tokeniser";
import { makeTokeniser } from "./make-tokeniser";
import type { Dataset } from "./open-dataset";
import { keep, type Session } from "./session";

/** A data set as training reads it. */
export interface TrainingData {
  readonly tokeniser: Tokeniser;
  /** Of every cell of the data set. */
  readonly pieces: CellPieces;
  readonly train: Corpus;
  readonly validation: Corpus;
}

const [TRAIN, VALIDATION] = [0, 1];

/** The tokeniser that the data came with, else the papers' for their cells. */
async function* chooseTokeniser(
  { cells, files, name }: Dataset,
  signal: AbortSignal,
): AsyncGenerator<Progress, Tokeniser, void> {
  const own = files.find(({ path }) => path.endsWith("tokenizer.json"));
  if (own === undefined)
    return yield* makeTokeniser("5|3", { cells, allCells: () => cells }, signal);
  const tokeniser = readTokeniser(JSON.parse(await own.blob.text()));
  if (tokeniser.resolution === cells.resolution) return tokeniser;
  throw new FootfallError(
    "weights-mismatch",
    `the tokenizer.json of ${name} reads cells of resolution ${tokeniser.resolution}, its check-ins are of resolution ${cells.resolution}`,
  );
}

/** Lengths of the trajectories of one part, in pieces, as offsets. */
function offsetsOf(
  { trajectories }: Dataset,
  rows: readonly number[],
  pieces: CellPieces,
): Uint32Array {
  const { offsets, checkIns } = trajectories;
  const ends = new Uint32Array(rows.length + 1);
  rows.forEach((k, row) => {
    let length = 0;
    for (let at = offsets[k]!; at < offsets[k + 1]!; at++) {
      const n = checkIns.cell[at]!;
      length += pieces.offsets[n + 1]! - pieces.offsets[n]!;
    }
    ends[row + 1] = ends[row]! + length;
  });
  return ends;
}

/** The trajectories of one part as pieces, one after the other: what `tokens/` of a data set holds. */
async function* corpusOf(
  dataset: Dataset,
  part: number,
  { tokeniser, pieces }: Pick<TrainingData, "tokeniser" | "pieces">,
  signal: AbortSignal,
): AsyncGenerator<Progress, Corpus, void> {
  const { trajectories, parts } = dataset;
  const rows = [...parts.keys()].filter((k) => parts[k] === part);
  const offsets = offsetsOf(dataset, rows, pieces);
  const total = offsets.at(-1)!;
  const tokens = createTokenColumn(tokeniser.vocabularySize, total);
  const starts = new Uint8Array(total);
  const pace = createPace(signal);
  let end = 0;
  for (const [row, k] of rows.entries()) {
    for (let at = trajectories.offsets[k]!; at < trajectories.offsets[k + 1]!; at++) {
      const n = trajectories.checkIns.cell[at]!;
      const own = pieces.tokens.subarray(pieces.offsets[n], pieces.offsets[n + 1]);
      starts[end] = 1;
      tokens.set(own, end);
      end += own.length;
    }
    if (!pace.due()) continue;
    yield { phase: "write the tokens", done: row, total: rows.length, unit: "trajectories" };
    await pace.rest();
  }
  return { tokens, starts, offsets };
}

/** The tokens of a data set for training, kept between jobs. Throws "weights-mismatch", "bad-file", "stopped". */
export function openCorpus(
  dataset: Dataset,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, TrainingData, void> {
  return keep(session, `corpus of ${dataset.key}`, async function* () {
    const tokeniser = yield* chooseTokeniser(dataset, signal);
    const tokenised = { tokeniser, pieces: tokeniser.encodeCells(dataset.cells) };
    const train = yield* corpusOf(dataset, TRAIN, tokenised, signal);
    const validation = yield* corpusOf(dataset, VALIDATION, tokenised, signal);
    return { ...tokenised, train, validation };
  });
}
