import {
  cellHash,
  cellResolution,
  hashToHi,
  CellTableBuilder,
  checkCell,
  type CellId,
  type CellTable,
} from "../geo/cells";
import { toTokeniserDocument } from "./hugging-face";
import {
  createTokenColumn,
  SPECIAL_TOKENS,
  UNK,
  type CellPieces,
  type Tokeniser,
  type TokeniserRule,
} from "./tokeniser";

class Flat implements Tokeniser {
  readonly kind = "flat";
  readonly vocabulary: readonly string[];
  readonly resolution: number;
  readonly #cells: CellTableBuilder;

  constructor(resolution: number, vocabulary: readonly string[]) {
    this.resolution = resolution;
    this.vocabulary = vocabulary;
    this.#cells = new CellTableBuilder(resolution);
    for (const hash of vocabulary.slice(SPECIAL_TOKENS.length)) this.#cells.add(hash);
  }

  get rule(): TokeniserRule {
    return { kind: "flat", resolution: this.resolution };
  }

  encodeCells(table: CellTable): CellPieces {
    const N = table.hi.length;
    const tokens = createTokenColumn(this.vocabulary.length, N);
    for (let n = 0; n < N; n++) {
      const known = this.#cells.find(table.hi[n]!, table.lo[n]!);
      tokens[n] = known < 0 ? UNK : SPECIAL_TOKENS.length + known;
    }
    return { offsets: Uint32Array.from({ length: N + 1 }, (_, n) => n), tokens };
  }

  decode(pieces: ArrayLike<number>): CellId | undefined {
    const id = pieces[0] ?? 0;
    if (pieces.length !== 1 || id < SPECIAL_TOKENS.length) return undefined;
    const hash = this.vocabulary[id];
    return hash === undefined ? undefined : checkCell(hash);
  }

  toJson() {
    return toTokeniserDocument(this.vocabulary);
  }
}

/** One token a cell, the control without any sub-hash; ids in the order of the hashes. */
export function createFlat(cells: CellTable): Tokeniser {
  const hashes = Array.from(cells.hi, (_, n) => cellHash(cells, n) as string).sort();
  return new Flat(cells.resolution, [...SPECIAL_TOKENS, ...hashes]);
}

/** Restores a tokeniser from its vocabulary. */
export function restoreFlat(vocabulary: readonly string[]): Tokeniser {
  const first = checkCell(vocabulary[SPECIAL_TOKENS.length] ?? "");
  return new Flat(cellResolution(hashToHi(first)), vocabulary);
}
