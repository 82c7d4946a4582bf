import { cellToLatLng, getResolution, isValidCell } from "h3-js";
import { cellParent, halvesToHash, hashToHi, hashToLo, type CellTable } from "../geo/cells";
import { piecesOfCell, type Piece } from "../token/stages";
import { SPECIAL_TOKENS, UNK, type Tokeniser } from "../token/tokeniser";
import type { DatasetSpec } from "./dataset";
import { openTokeniser, type Tokenised, type TokeniserChoice } from "./make-tokeniser";
import { countPlaces } from "./measure-tokeniser";
import { openDataset, seedOf } from "./open-dataset";
import { openResolution, type Resampled } from "./open-resolution";
import { toMade, type Made, type Report, type Session } from "./session";

export interface LookupJob {
  kind: "lookup";
  dataset: DatasetSpec;
  tokeniser: TokeniserChoice;
  /** Default the data's own. */
  resolution?: number;
  /** What the reader typed: a cell's hash, the text of a piece, or a token's number. */
  query: string;
}

/** A cell that was asked for, as the tokeniser sees it. */
export interface FoundCell {
  kind: "cell";
  /** As it was typed, and its cell at the tokeniser's resolution; undefined for one that is coarser. */
  asked: string;
  hash: string | undefined;
  lat: number;
  lng: number;
  /** True where the area holds the cell, or cells of it. */
  isInArea: boolean;
  /** True where a piece of it is [UNK]. */
  isUnknown: boolean;
  pieces: Piece[];
  /** Check-ins of the training part in it. */
  trainVisits: number;
}

/** A token that was asked for. */
export interface FoundToken {
  kind: "token";
  id: number;
  text: string;
  isSpecial: boolean;
}

/** Nothing of that name; pieces that hold the text, the first few. */
export interface FoundNothing {
  kind: "nothing";
  query: string;
  like: Piece[];
}

export interface LookupResult {
  found: FoundCell | FoundToken | FoundNothing;
  tokeniser: TokeniserChoice;
  resolution: number;
  /** Cells of the area that have the token, or lie in the cell that was asked for. */
  cells: CellTable;
  /** Cells that were looked through: all of the area, or a sample of it. */
  searched: number;
  areaCount: number;
  /** Share of the training check-ins in these cells. */
  trainShare: number;
  made: Made;
}

/** More pieces of like text would not be read. */
const MOST_LIKE = 12;

function cellsWithToken({ pieces: { offsets, tokens } }: Tokenised, id: number): number[] {
  const cells: number[] = [];
  for (let n = 0; n + 1 < offsets.length; n++) {
    for (let p = offsets[n]!; p < offsets[n + 1]!; p++) {
      if (tokens[p] !== id) continue;
      cells.push(n);
      break;
    }
  }
  return cells;
}

/** Numbers of the table's cells that lie in a cell, or are it. */
function cellsWithin({ hi, lo }: CellTable, hash: string): number[] {
  const [wantedHi, wantedLo] = [hashToHi(hash), hashToLo(hash)];
  const resolution = getResolution(hash);
  const found: number[] = [];
  for (let n = 0; n < hi.length; n++) {
    const [parentHi, parentLo] = cellParent(hi[n]!, lo[n]!, resolution);
    if (parentHi === wantedHi && parentLo === wantedLo) found.push(n);
  }
  return found;
}

function findCell(
  asked: string,
  { cells, resolution }: Resampled,
  { tokeniser, visits }: { tokeniser: Tokeniser; visits: Uint32Array },
): { found: FoundCell; numbers: number[] } {
  const [lat, lng] = cellToLatLng(asked);
  const isCoarser = getResolution(asked) < resolution;
  const [hi, lo] = cellParent(hashToHi(asked), hashToLo(asked), resolution);
  const hash = isCoarser ? undefined : halvesToHash(hi, lo);
  const numbers = cellsWithin(cells, hash ?? asked);
  const table = { resolution, hi: Uint32Array.of(hi), lo: Uint32Array.of(lo) };
  const pieces = isCoarser ? [] : piecesOfCell(tokeniser, tokeniser.encodeCells(table), 0);
  const found: FoundCell = {
    kind: "cell",
    asked,
    hash,
    lat,
    lng,
    isInArea: numbers.length > 0,
    isUnknown: pieces.some(({ id }) => id === UNK),
    pieces,
    trainVisits: numbers.reduce((sum, n) => sum + visits[n]!, 0),
  };
  return { found, numbers };
}

function toToken(tokeniser: Tokeniser, id: number): FoundToken {
  const text = tokeniser.textOf(id)!;
  return { kind: "token", id, text, isSpecial: id < SPECIAL_TOKENS.length };
}

/** The token of a text or of a number; for `flat` a text is a hash, which `findCell` has answered. */
function findToken(query: string, tokeniser: Tokeniser): FoundToken | FoundNothing {
  const { vocabulary, vocabularySize } = tokeniser;
  if (/^\d+$/.test(query) && Number(query) < vocabularySize) {
    return toToken(tokeniser, Number(query));
  }
  const wanted = query.toLowerCase();
  const like: Piece[] = [];
  for (const [id, text] of vocabulary.entries()) {
    const lower = text.toLowerCase();
    if (lower === wanted) return toToken(tokeniser, id);
    if (like.length < MOST_LIKE && wanted !== "" && lower.includes(wanted)) like.push({ id, text });
  }
  return { kind: "nothing", query, like };
}

function takeNumbers({ resolution, hi, lo }: CellTable, numbers: readonly number[]): CellTable {
  return {
    resolution,
    hi: Uint32Array.from(numbers, (n) => hi[n]!),
    lo: Uint32Array.from(numbers, (n) => lo[n]!),
  };
}

/**
 * The way back from pieces to places (TK-09): a token's cells, or a cell's pieces. A hash that the vocabulary
 * holds as a piece (a coarse parent) is that piece.
 */
export async function* runLookup(
  { dataset: spec, tokeniser: choice, resolution, query }: LookupJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, LookupResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(spec, session, signal);
  const resampled = yield* openResolution(dataset, spec, { resolution }, session, signal);
  const tokenised = yield* openTokeniser(choice, resampled, session, signal);
  const { visits } = countPlaces(resampled);
  const { found, numbers } = answer(query.trim(), resampled, tokenised, visits);
  const total = visits.reduce((sum, count) => sum + count, 0);
  return {
    found,
    tokeniser: choice,
    resolution: resampled.resolution,
    cells: takeNumbers(resampled.cells, numbers),
    searched: resampled.cells.hi.length,
    areaCount: resampled.areaCount,
    trainShare: numbers.reduce((sum, n) => sum + visits[n]!, 0) / total,
    made: toMade(startedAt, { seed: seedOf(spec), data: dataset.key }),
  };
}

function answer(
  query: string,
  resampled: Resampled,
  tokenised: Tokenised,
  visits: Uint32Array,
): { found: LookupResult["found"]; numbers: number[] } {
  const { tokeniser } = tokenised;
  const hash = query.toLowerCase();
  const isCell = isValidCell(hash);
  if (!isCell || getResolution(hash) < resampled.resolution) {
    const found = findToken(query, tokeniser);
    if (found.kind === "token") return { found, numbers: cellsWithToken(tokenised, found.id) };
    if (!isCell) return { found, numbers: [] };
  }
  return findCell(hash, resampled, { tokeniser, visits });
}
