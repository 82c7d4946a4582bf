import { isValidCell } from "h3-js";
import { FootfallError } from "../errors";
import { cellHash, type CellId, type CellTable } from "../geo/cells";
import { growUint32 } from "../data/growing";
import { createPace, type Progress } from "../pace";
import { toTokeniserDocument } from "./hugging-face";
import {
  createTokenColumn,
  indexVocabulary,
  SPECIAL_TOKENS,
  UNK,
  type CellPieces,
  type Tokeniser,
  type TokeniserDocument,
  type TokeniserRule,
} from "./tokeniser";
import { learnPieces } from "./wordpiece-trainer";

export interface WordpieceOptions {
  /** Visits of each cell of the table; default one each, the area itself. */
  counts?: ArrayLike<number>;
  /** Largest vocabulary, the five special tokens counted; default 30,000 (papers/NOTES 1.1). */
  vocabularySize?: number;
  signal?: AbortSignal | undefined;
}

const CONTINUING = "##";

/** The characters at both ends that are the same in every hash of a resolution: "88" and "fffff" at 8. */
function fixedEnds(resolution: number): { head: string; tail: string } {
  const tailLength = Math.floor((3 * (15 - resolution)) / 4);
  return { head: `8${resolution.toString(16)}`, tail: "f".repeat(tailLength) };
}

class Wordpiece implements Tokeniser {
  readonly kind = "wordpiece";
  readonly vocabulary: readonly string[];
  readonly resolution: number;
  readonly #ids: Map<string, number>;
  readonly #head: string;
  readonly #tail: string;

  constructor(resolution: number, vocabulary: readonly string[]) {
    this.resolution = resolution;
    this.vocabulary = vocabulary;
    this.#ids = indexVocabulary(vocabulary);
    const { head, tail } = fixedEnds(resolution);
    this.#head = head;
    this.#tail = tail;
  }

  get rule(): TokeniserRule {
    return { kind: "wordpiece", resolution: this.resolution };
  }

  get vocabularySize(): number {
    return this.vocabulary.length;
  }

  textOf(id: number): string | undefined {
    return this.vocabulary[id];
  }

  encodeCells(table: CellTable): CellPieces {
    const N = table.hi.length;
    const offsets = new Uint32Array(N + 1);
    const tokens = growUint32();
    for (let n = 0; n < N; n++) {
      tokens.pushAll(this.#encode(this.#core(cellHash(table, n))));
      offsets[n + 1] = tokens.length;
    }
    const column = createTokenColumn(this.vocabulary.length, tokens.length);
    column.set(tokens.build());
    return { offsets, tokens: column };
  }

  decode(pieces: ArrayLike<number>): CellId | undefined {
    let core = "";
    for (let i = 0; i < pieces.length; i++) {
      const piece = this.vocabulary[pieces[i]!] ?? "";
      const isInside = piece.startsWith(CONTINUING);
      if (pieces[i]! < SPECIAL_TOKENS.length || isInside === (i === 0)) return undefined;
      core += isInside ? piece.slice(CONTINUING.length) : piece;
    }
    const hash = this.#head + core + this.#tail;
    return hash.length === 15 && isValidCell(hash) ? (hash as CellId) : undefined;
  }

  toJson() {
    const removed = (pattern: string) => ({
      type: "Replace",
      pattern: { Regex: pattern },
      content: "",
    });
    return toTokeniserDocument(this.vocabulary, {
      normalizer: {
        type: "Sequence",
        normalizers: [
          { type: "Lowercase" },
          removed(`(?<!\\S)${this.#head}`),
          removed(`${this.#tail}(?!\\S)`),
        ],
      },
      decoder: { type: "WordPiece", prefix: CONTINUING, cleanup: false },
      model: {
        type: "WordPiece",
        continuing_subword_prefix: CONTINUING,
        max_input_chars_per_word: 100,
      },
    });
  }

  #core(hash: string): string {
    return hash.slice(this.#head.length, hash.length - this.#tail.length);
  }

  /** Longest piece first, from the left; one [UNK] where no piece fits, as Hugging Face does. */
  #encode(core: string): number[] {
    const tokens: number[] = [];
    for (let from = 0; from < core.length;) {
      const found = this.#longestPiece(core, from);
      if (!found) return [UNK];
      tokens.push(found.id);
      from = found.to;
    }
    return tokens;
  }

  #longestPiece(core: string, from: number): { id: number; to: number } | undefined {
    for (let to = core.length; to > from; to--) {
      const text = core.slice(from, to);
      const id = this.#ids.get(from === 0 ? text : CONTINUING + text);
      if (id !== undefined) return { id, to };
    }
    return undefined;
  }
}

/**
 * Restores a tokeniser from its vocabulary; the resolution stands in the pattern of the normaliser that
 * strips the fixed characters in front. Throws "bad-file" where there is none.
 */
export function restoreWordpiece(
  normalizer: TokeniserDocument["normalizer"] | undefined,
  vocabulary: readonly string[],
): Tokeniser {
  const head = /\(\?<!\\+S\)8([0-9a-f])"/.exec(JSON.stringify(normalizer ?? null));
  if (!head) {
    throw new FootfallError(
      "bad-file",
      "tokenizer.json: word pieces without the normaliser that strips the fixed characters of a hash",
    );
  }
  return new Wordpiece(Number.parseInt(head[1]!, 16), vocabulary);
}

/**
 * Trains word pieces on the varying hexadecimal characters of the cells' hashes (8 of 15 at resolution 8).
 * The hexagons' tree does not line up with the characters (3 bits a level, 4 a character), so the pieces
 * are only roughly places. The same cells and counts give the same vocabulary. Throws "stopped".
 */
export async function* trainWordpiece(
  cells: CellTable,
  { counts, vocabularySize = 30_000, signal }: WordpieceOptions = {},
): AsyncGenerator<Progress, Tokeniser> {
  const { head, tail } = fixedEnds(cells.resolution);
  if (vocabularySize < 64) {
    throw new FootfallError("bad-input", `a vocabulary of ${vocabularySize}; expected 64 or more`);
  }
  const words = Array.from(cells.hi, (_, n) =>
    cellHash(cells, n).slice(head.length, 15 - tail.length),
  );
  const corpus = { words, counts: counts ?? new Uint8Array(words.length).fill(1) };
  const maxPieces = vocabularySize - SPECIAL_TOKENS.length;
  const learning = learnPieces(corpus, { maxPieces });
  const pace = createPace(signal);
  for (;;) {
    const next = learning.next();
    if (next.done) {
      return new Wordpiece(cells.resolution, [...SPECIAL_TOKENS, ...next.value]);
    }
    if (!pace.due()) continue;
    yield { phase: "learn word pieces", done: next.value, total: maxPieces, unit: "pieces" };
    await pace.rest();
  }
}
