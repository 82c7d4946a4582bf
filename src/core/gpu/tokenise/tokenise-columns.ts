import { growUint32 } from "../../data/growing";
import type { Points } from "../../data/points";
import type { Sliced } from "../../data/slices";
import { cellPath } from "../../geo/cells";
import { TileEncoder } from "../../geo/tile-encoder";
import { piecesEnd } from "../../token/extras";
import { createTokenColumn, UNK, type TokenColumn } from "../../token/tokeniser";
import { planColumns, type ColumnOptions, type ColumnPlan, type TokenisedColumns } from "./columns";
import { maskColumns } from "./mask";
import { orderPoints } from "./order-points";
import { createPieceTables, type PieceTables } from "./pieces";

/** Points whose cells are found at once, so that they are still in the cache when they are compared. */
const ROWS_AT_ONCE = 4096;

type FoundColumns = Pick<TokenisedColumns, "first" | "hi" | "lo">;

/** The rows that begin check-ins and their cells, by the rule of `findWindowStays`, some rows at a time. */
class ColumnFinder {
  readonly #points: Points;
  readonly #windowMs: number;
  readonly #encoder: TileEncoder;
  readonly #hi = new Uint32Array(ROWS_AT_ONCE);
  readonly #lo = new Uint32Array(ROWS_AT_ONCE);
  readonly #first = growUint32();
  readonly #foundHi = growUint32();
  readonly #foundLo = growUint32();

  constructor(points: Points, { resolution, windowMs }: ColumnPlan) {
    this.#points = points;
    this.#windowMs = windowMs;
    this.#encoder = new TileEncoder(resolution);
  }

  /** Rows `from` to `to`, `ROWS_AT_ONCE` at most. */
  add(from: number, to: number): void {
    const { user, timeMs } = this.#points;
    const [hi, lo, windowMs] = [this.#hi, this.#lo, this.#windowMs];
    this.#encoder.encodeRows(this.#points, { from, to }, { hi, lo });
    const isFirst = this.#first.length === 0;
    const last = this.#first.length - 1;
    const open = isFirst ? from : this.#first.get(last);
    let [openUser, openMs] = [isFirst ? -1 : user[open]!, timeMs[open]!];
    let openHi = isFirst ? 0 : this.#foundHi.get(last);
    let openLo = isFirst ? 0 : this.#foundLo.get(last);
    for (let row = from, at = 0; row < to; row++, at++) {
      const isSame = lo[at] === openLo && hi[at] === openHi && user[row] === openUser;
      if (isSame && timeMs[row]! - openMs <= windowMs) continue;
      openUser = user[row]!;
      openHi = hi[at]!;
      openLo = lo[at]!;
      openMs = timeMs[row]!;
      this.#first.push(row);
      this.#foundHi.push(openHi);
      this.#foundLo.push(openLo);
    }
  }

  build(): FoundColumns {
    return {
      first: this.#first.build(),
      hi: this.#foundHi.build(),
      lo: this.#foundLo.build(),
    };
  }
}

function* findColumns(points: Points, plan: ColumnPlan): Sliced<FoundColumns> {
  const finder = new ColumnFinder(points, plan);
  const n = points.user.length;
  for (let from = 0; from < n; from += ROWS_AT_ONCE) {
    const to = Math.min(n, from + ROWS_AT_ONCE);
    finder.add(from, to);
    yield to;
  }
  return finder.build();
}

/** Finds tokens of parents; a check-in's parent is most often that of the one before. */
class ParentFinder {
  readonly #tables: PieceTables;
  /** Bits below the parent's own digits, in each half. */
  readonly #tail: readonly [hi: number, lo: number];
  #hi = 0;
  #lo = 0;
  #token = UNK;

  constructor(tables: PieceTables) {
    this.#tables = tables;
    const bits = 45 - 3 * tables.parentResolution;
    this.#tail = bits >= 32 ? [2 ** (bits - 32) - 1, 0xffffffff] : [0, 2 ** bits - 1];
  }

  find(hi: number, lo: number): number {
    const head = (hi & ~(15 << 20)) | (this.#tables.parentResolution << 20);
    const parentHi = (head | this.#tail[0]) >>> 0;
    const parentLo = (lo | this.#tail[1]) >>> 0;
    if (parentHi === this.#hi && parentLo === this.#lo) return this.#token;
    this.#hi = parentHi;
    this.#lo = parentLo;
    this.#token = this.#search(parentHi, parentLo);
    return this.#token;
  }

  #search(hi: number, lo: number): number {
    const { words, parents } = this.#tables;
    let [low, high] = [0, parents];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const [otherHi, otherLo] = [words[3 * middle]!, words[3 * middle + 1]!];
      if (otherHi < hi || (otherHi === hi && otherLo < lo)) low = middle + 1;
      else high = middle;
    }
    const isFound = low < parents && words[3 * low] === hi && words[3 * low + 1] === lo;
    return isFound ? words[3 * low + 2]! : UNK;
  }
}

/** Levels whose digits all lie in the lower half of an index. */
const LOW_FROM = 6;

/** Tokens of a group by its digits read as one octal number, as they stand in an index. [8 ** digits] */
function tokensByPath(words: Uint32Array, tokensAt: number, digits: number): Uint32Array {
  const byPath = new Uint32Array(8 ** digits);
  for (let code = 0; code < 7 ** digits; code++) {
    byPath[Number.parseInt(code.toString(7), 8)] = words[tokensAt + code]!;
  }
  return byPath;
}

/** The pieces of every check-in, from the tables that the kernel reads: parents, then group after group. */
function writeTokens(found: FoundColumns, tables: PieceTables, tokens: TokenColumn): void {
  const { words, parents, pieces } = tables;
  const { hi, lo } = found;
  const finder = new ParentFinder(tables);
  for (let k = 0; k < hi.length; k++) tokens[k * pieces] = finder.find(hi[k]!, lo[k]!);
  for (let group = 0; group < pieces - 1; group++) {
    const at = 3 * (parents + group);
    const [first, digits, tokensAt] = [words[at]!, words[at + 1]!, words[at + 2]!];
    const byPath = tokensByPath(words, tokensAt, digits);
    const last = first + digits - 1;
    const [shift, all] = [45 - 3 * last, byPath.length - 1];
    for (let k = 0, to = 0; k < hi.length; k++, to += pieces) {
      const path =
        first >= LOW_FROM ? (lo[k]! >>> shift) & all : cellPath(hi[k]!, lo[k]!, first, last);
      tokens[to + 1 + group] = tokens[to] === UNK ? UNK : byPath[path]!;
    }
  }
}

/**
 * Points in any order to check-ins and tokens on the processor, in slices: the twin of `GpuTokeniser`, its
 * reference and what runs where there is no graphics card. Throws "bad-input" for a tokeniser other than
 * digits.
 */
export function* tokeniseColumns(
  points: Points,
  options: ColumnOptions = {},
): Sliced<TokenisedColumns> {
  const plan = planColumns(options);
  const { resolution, tokeniser, masking } = plan;
  const tables = tokeniser && createPieceTables(tokeniser);
  const ordered = orderPoints(points, resolution);
  const found = yield* findColumns(ordered, plan);
  const pieces = tables?.pieces ?? 0;
  const V = tokeniser ? piecesEnd(tokeniser) : 0;
  const tokens = createTokenColumn(V, found.first.length * pieces);
  if (tables) writeTokens(found, tables, tokens);
  const columns = { points: ordered, resolution, ...found, pieces, tokens };
  if (!masking) return columns;
  return { ...columns, masked: maskColumns(tokens, pieces, masking, V) };
}
