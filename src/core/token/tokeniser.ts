import type { CellId, CellTable } from "../geo/cells";
import type { ExtraTokens } from "./extras";

/** The special tokens of BERT; their ids are their places here. */
export const SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] as const;
export const PAD = 0;
export const UNK = 1;
export const CLS = 2;
export const SEP = 3;
export const MASK = 4;

export type TokeniserKind = "digits" | "wordpiece" | "flat";

/** Token ids, as narrow as the vocabulary allows. */
export type TokenColumn = Uint16Array | Uint32Array;

/** Pieces of each cell of a table: those of cell n are `tokens[offsets[n]]` to `tokens[offsets[n + 1] - 1]`. */
export interface CellPieces {
  /** [N + 1] */
  offsets: Uint32Array;
  tokens: TokenColumn;
  /** What rows of these pieces may hold beside them; default nothing. */
  extras?: ExtraTokens | undefined;
}

/** Turns cells into sub-hash tokens and back. */
export interface Tokeniser {
  readonly kind: TokeniserKind;
  /** What makes it, as plain JSON for reports. */
  readonly rule: TokeniserRule;
  /** H3 resolution of the cells it reads. */
  readonly resolution: number;
  /** Number of tokens; `flat` counts millions of cells without writing their hashes down. */
  readonly vocabularySize: number;
  /** Texts of the tokens by id; 0 to 4 are `SPECIAL_TOKENS`. */
  readonly vocabulary: readonly string[];
  /** Tokens behind the pieces; default none. */
  readonly extras?: ExtraTokens | undefined;
  /** The text of one token; undefined beyond the vocabulary. */
  textOf(id: number): string | undefined;
  /** Pieces of every cell of the table; a cell that cannot be written becomes [UNK] pieces. */
  encodeCells(table: CellTable): CellPieces;
  /** The cell that these pieces are, all of them and nothing else; undefined where there is none. */
  decode(pieces: ArrayLike<number>): CellId | undefined;
  /** The document of a Hugging Face `tokenizer.json`, plain JSON. */
  toJson(): TokeniserDocument;
}

/** How a tokeniser writes cells; with the vocabulary this is all there is. */
export type TokeniserRule =
  | { kind: "digits"; resolution: number; parents: number; groups: number[] }
  | { kind: "wordpiece"; resolution: number }
  | { kind: "flat"; resolution: number };

/**
 * A Hugging Face tokenizer.json. It has no key of ours: Hugging Face's reader (tokenizers 0.23) refuses
 * unknown keys at the top and drops them below on saving. The rule is read from the vocabulary.
 */
export interface TokeniserDocument {
  version: string;
  truncation: null;
  padding: null;
  added_tokens: object[];
  normalizer: object | null;
  pre_tokenizer: object | null;
  post_processor: object | null;
  decoder: object | null;
  model: { type: string; vocab: Record<string, number>; unk_token: string };
}

/** Columns of token ids for a vocabulary: 16 bits where all ids fit. */
export function createTokenColumn(V: number, length: number): TokenColumn {
  return V > 65_535 ? new Uint32Array(length) : new Uint16Array(length);
}

/** Position of each text in a vocabulary. */
export function indexVocabulary(vocabulary: readonly string[]): Map<string, number> {
  return new Map(vocabulary.map((text, id) => [text, id]));
}
