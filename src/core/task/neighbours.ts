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
    const square = (i: number): number => (x[i]! - px) ** 2 + (y[i]! - py) ** 2;
    const wanted = Math.min(k, x.length);
    const column = Math.min(columns - 1, Math.max(0, columnOf(px)));
    const row = Math.min(rows - 1, Math.max(0, rowOf(py)));
    const found: number[] = [];
    for (let ring = 0; ring <= Math.max(columns, rows); ring++) {
      collect(column, row, ring, found);
      if (found.length < wanted) continue;
      found.sort((a, b) => square(a) - square(b) || a - b);
      // whatever lies in farther buckets is at least this far along one axis
      const reach = Math.min(
        px - (left + (column - ring) * size),
        left + (column + ring + 1) * size - px,
        py - (bottom + (row - ring) * size),
        bottom + (row + ring + 1) * size - py,
      );
      if (reach >= 0 && square(found[wanted - 1]!) <= reach * reach) break;
    }
    return found.sort((a, b) => square(a) - square(b) || a - b).slice(0, wanted);
  };
  return { find };
}
