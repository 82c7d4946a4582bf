/** Finds the nearest of a set of points in the plane. */
export interface Neighbours {
  /** Numbers (places in the given list) of the k nearest points, nearest first; the lower number wins a tie. */
  find(x: number, y: number, k: number): number[];
}

/** Points in one bucket on average. */
const BUCKET_POINTS = 4;

interface Grid {
  readonly left: number;
  readonly bottom: number;
  readonly size: number;
  readonly columns: number;
  readonly rows: number;
}

const range = (values: Float64Array): [min: number, max: number] => [
  values.reduce((a, b) => Math.min(a, b), Infinity),
  values.reduce((a, b) => Math.max(a, b), -Infinity),
];

function layGrid(x: Float64Array, y: Float64Array): Grid {
  const [left, right] = range(x);
  const [bottom, top] = range(y);
  const side = Math.max(right - left, top - bottom, 1e-9);
  const area = Math.max((right - left) * (top - bottom), side * side * 1e-3);
  const size = Math.sqrt((area * BUCKET_POINTS) / x.length);
  const count = (length: number): number => Math.floor(length / size) + 1;
  return { left, bottom, size, columns: count(right - left), rows: count(top - bottom) };
}

/** The nearest few of the points that come along, nearest first; the lower number wins a tie. */
class Nearest {
  readonly #count: number;
  readonly numbers: number[] = [];
  readonly #squares: number[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  /** Square of the distance beyond which nothing is taken any more. */
  get farthest(): number {
    return this.numbers.length < this.#count ? Infinity : this.#squares[this.#count - 1]!;
  }

  add(number: number, square: number): void {
    if (square > this.farthest) return;
    let at = this.numbers.length;
    const isBefore = (i: number): boolean =>
      square < this.#squares[i]! || (square === this.#squares[i] && number < this.numbers[i]!);
    while (at > 0 && isBefore(at - 1)) at--;
    this.numbers.splice(at, 0, number);
    this.#squares.splice(at, 0, square);
    if (this.numbers.length <= this.#count) return;
    this.numbers.pop();
    this.#squares.pop();
  }
}

/** Sorts points into square buckets once, so that a search looks at a few of them only. */
export function createNeighbours(x: Float64Array, y: Float64Array): Neighbours {
  const { left, bottom, size, columns, rows } = layGrid(x, y);
  const buckets: number[][] = Array.from({ length: columns * rows }, () => []);
  const columnOf = (value: number): number => Math.floor((value - left) / size);
  const rowOf = (value: number): number => Math.floor((value - bottom) / size);
  for (let i = 0; i < x.length; i++) buckets[rowOf(y[i]!) * columns + columnOf(x[i]!)]!.push(i);

  /** Points of the buckets at exactly `ring` steps from one. */
  const collect = (column: number, row: number, ring: number, into: number[]): void => {
    const last = Math.min(rows - 1, row + ring);
    for (let r = Math.max(0, row - ring); r <= last; r++) {
      const isEdge = Math.abs(r - row) === ring;
      for (let c = column - ring; c <= column + ring; c += isEdge ? 1 : Math.max(1, 2 * ring)) {
        if (c >= 0 && c < columns) into.push(...buckets[r * columns + c]!);
      }
    }
  };

  const find = (px: number, py: number, k: number): number[] => {
    const best = new Nearest(Math.min(k, x.length));
    const column = Math.min(columns - 1, Math.max(0, columnOf(px)));
    const row = Math.min(rows - 1, Math.max(0, rowOf(py)));
    for (let ring = 0; ring <= Math.max(columns, rows); ring++) {
      const added: number[] = [];
      collect(column, row, ring, added);
      for (const i of added) best.add(i, (x[i]! - px) ** 2 + (y[i]! - py) ** 2);
      // whatever lies in farther buckets is at least this far along one axis
      const reach = Math.min(
        px - (left + (column - ring) * size),
        left + (column + ring + 1) * size - px,
        py - (bottom + (row - ring) * size),
        bottom + (row + ring + 1) * size - py,
      );
      if (reach >= 0 && best.farthest <= reach * reach) break;
    }
    return best.numbers;
  };
  return { find };
}
