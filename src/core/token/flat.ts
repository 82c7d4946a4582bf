import {
  cellHash,
  CellTableBuilder,
  checkCell,
  indexCells,
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
  readonly resolution: number;
  readonly #table: CellTable;
  readonly #cells: CellTableBuilder;
  #vocabulary: readonly string[] | undefined;

  /** Token 5 + n is cell n of the table. */
  constructor(table: CellTable) {
    this.resolution = table.resolution;
    this.#table = table;
    this.#cells = indexCells(table);
  }

  get vocabularySize(): number {
    return SPECIAL_TOKENS.length + this.#table.hi.length;
  }

  /** Made when first asked for: the hashes of a country's four million cells fill 200 MB. */
  get vocabulary(): readonly string[] {
    this.#vocabulary ??= Array.from({ length: this.vocabularySize }, (_, id) => this.textOf(id)!);
    return this.#vocabulary;
  }

  textOf(id: number): string | undefined {
    if (id < SPECIAL_TOKENS.length) return SPECIAL_TOKENS[id];
    return id < this.vocabularySize ? cellHash(this.#table, id - SPECIAL_TOKENS.length) : undefined;
  }

  get rule(): TokeniserRule {
    return { kind: "flat", resolution: this.resolution };
  }

  encodeCells(table: CellTable): CellPieces {
    const N = table.hi.length;
    const tokens = createTokenColumn(this.vocabularySize, N);
    for (let n = 0; n < N; n++) {
      const known = this.#cells.find(table.hi[n]!, table.lo[n]!);
      tokens[n] = known < 0 ? UNK : SPECIAL_TOKENS.length + known;
    }
    return { offsets: Uint32Array.from({ length: N + 1 }, (_, n) => n), tokens };
  }

  decode(pieces: ArrayLike<number>): CellId | undefined {
    const id = pieces[0] ?? 0;
    const isCell = id >= SPECIAL_TOKENS.length && id < this.vocabularySize;
    return pieces.length === 1 && isCell
      ? cellHash(this.#table, id - SPECIAL_TOKENS.length)
      : undefined;
  }

  toJson() {
    return toTokeniserDocument(this.vocabulary);
  }
}

/** The same cells in the order of their hashes. */
function sortCells({ resolution, hi, lo }: CellTable): CellTable {
  const words = new Uint32Array(2 * hi.length); // the lower half first: every engine is little-endian
  for (let n = 0; n < hi.length; n++) {
    words[2 * n] = lo[n]!;
    words[2 * n + 1] = hi[n]!;
  }
  new BigUint64Array(words.buffer).sort();
  return {
    resolution,
    hi: hi.map((_, n) => words[2 * n + 1]!),
    lo: lo.map((_, n) => words[2 * n]!),
  };
}

/** One token a cell, the control without any sub-hash; ids in the order of the hashes. */
export function createFlat(cells: CellTable): Tokeniser {
  return new Flat(sortCells(cells));
}

/** Restores a tokeniser from its vocabulary. */
export function restoreFlat(vocabulary: readonly string[]): Tokeniser {
  const cells = new CellTableBuilder();
  for (const hash of vocabulary.slice(SPECIAL_TOKENS.length)) cells.add(checkCell(hash));
  return new Flat(cells.build());
}
