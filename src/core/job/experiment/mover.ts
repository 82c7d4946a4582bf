import { indexCells, type CellTable } from "../../geo/cells";
import { CellEncoder } from "../../geo/encode";
import { createTokenColumn, type CellPieces, type Tokeniser } from "../../token/tokeniser";
import type { Places } from "../../task/coordinates";

const METRES_PER_DEGREE = 111_195; // of a sphere of 6,371 km
const RADIANS = Math.PI / 180;

/** Moves cells by metres; cells that the table does not have are appended to it. */
export class CellMover {
  readonly #index: ReturnType<typeof indexCells>;
  readonly #encoder: CellEncoder;
  readonly #centres: Places;
  readonly #known: number;

  constructor(cells: CellTable, centres: Places) {
    this.#index = indexCells(cells);
    this.#encoder = new CellEncoder(cells.resolution);
    this.#centres = centres;
    this.#known = cells.hi.length;
  }

  /** The number of the cell so far from a cell's middle. */
  move(cell: number, eastM: number, northM: number): number {
    const [lat, lng] = [this.#centres.lat[cell]!, this.#centres.lng[cell]!];
    const eastDeg = eastM / (METRES_PER_DEGREE * Math.cos(lat * RADIANS));
    this.#encoder.encode(lat + northM / METRES_PER_DEGREE, lng + eastDeg);
    const [hi, lo] = this.#encoder.halves;
    return this.#index.addHalves(hi!, lo!);
  }

  /** The pieces of all cells, of those that were appended too; a cell that cannot be written is [UNK]. */
  extend(pieces: CellPieces, tokeniser: Tokeniser): CellPieces {
    const from = this.#known;
    const { resolution, hi, lo } = this.#index.build();
    const own = tokeniser.encodeCells({ resolution, hi: hi.slice(from), lo: lo.slice(from) });
    const end = pieces.tokens.length;
    const tokens = createTokenColumn(tokeniser.vocabularySize, end + own.tokens.length);
    tokens.set(pieces.tokens);
    tokens.set(own.tokens, end);
    const offsets = Uint32Array.from({ length: hi.length + 1 }, (_, n) =>
      n < from ? pieces.offsets[n]! : end + own.offsets[n - from]!,
    );
    return { offsets, tokens };
  }
}
