/** Quantile of values sorted upwards, linear between neighbours (NumPy's default); NaN when empty. */
export function sortedQuantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
  return low + (high - low) * (position - below);
}

/** The nine edges between the ten tenths of the values (NaN left out), over all cells of the study area. */
export function decileEdges(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  sorted.sort();
  return Float64Array.from({ length: 9 }, (_, k) => sortedQuantile(sorted, (k + 1) / 10));
}

/** The decile, 0 to 9, of each value: how many edges lie at or below it. */
export function valuesToDeciles(values: ArrayLike<number>, edges: Float64Array): Uint8Array {
  return Uint8Array.from(values, (value) => {
    let decile = 0;
    while (decile < edges.length && edges[decile]! <= value) decile++;
    return decile;
  });
}
