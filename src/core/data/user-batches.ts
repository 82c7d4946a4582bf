import { release } from "./growing";
import { mapColumns, type LocatedPoints } from "./points";
import { startsOfUsers } from "./sort-points";

/** Rows of one batch; one person with more of them is a batch of their own. */
const ROWS_PER_BATCH = 500_000;

/**
 * Sorted points as batches of whole users, of which each can be looked at again: columns of a batch are views.
 * There is always one batch. Owned points give their column of users back, which each batch has of its own.
 */
export class UserBatches implements Iterable<LocatedPoints> {
  readonly #points: LocatedPoints;
  readonly #starts: Uint32Array;
  /** Number of the first user of each batch, and that behind the last one. */
  readonly #firsts: number[];

  constructor(points: LocatedPoints, isOwned: boolean, rows: number = ROWS_PER_BATCH) {
    this.#points = points;
    this.#starts = startsOfUsers(points);
    this.#firsts = firstUsers(this.#starts, rows);
    if (isOwned && this.count > 1) release(points.user);
  }

  get count(): number {
    return this.#firsts.length - 1;
  }

  *[Symbol.iterator](): Generator<LocatedPoints, void, void> {
    if (this.count === 1) yield this.#points;
    else for (let b = 0; b < this.count; b++) yield this.#batch(b);
  }

  #batch(b: number): LocatedPoints {
    const [first, end] = [this.#firsts[b]!, this.#firsts[b + 1]!];
    const [from, to] = [this.#starts[first]!, this.#starts[end]!];
    const user = new Uint32Array(to - from);
    for (let u = first; u < end; u++) {
      user.fill(u, this.#starts[u]! - from, this.#starts[u + 1]! - from);
    }
    return { ...mapColumns(this.#points, (column) => column.subarray(from, to)), user };
  }
}

function firstUsers(starts: Uint32Array, rows: number): number[] {
  const users = starts.length - 1;
  const firsts = [0];
  for (let u = 1; u < users; u++) {
    if (starts[u + 1]! - starts[firsts.at(-1)!]! > rows) firsts.push(u);
  }
  return [...firsts, users];
}
