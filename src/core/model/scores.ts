/** log of the sum of e^x, without overflow; -Infinity for none. */
export function logSumExp(values: Float32Array): number {
  let top = -Infinity;
  for (let n = 0; n < values.length; n++) if (values[n]! > top) top = values[n]!;
  if (top === -Infinity) return -Infinity;
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += Math.exp(values[n]! - top);
  return top + Math.log(sum);
}

/** Places of the `count` largest values, largest first; the earlier place wins a tie. */
export function takeBest(values: Float32Array, count: number): number[] {
  const best: number[] = [];
  if (count === 0) return best;
  let least = -Infinity;
  for (let n = 0; n < values.length; n++) {
    const value = values[n]!;
    if (best.length === count && value <= least) continue;
    let place = best.length === count ? count - 1 : best.length;
    while (place > 0 && values[best[place - 1]!]! < value) {
      best[place] = best[place - 1]!;
      place--;
    }
    best[place] = n;
    least = values[best.at(-1)!]!;
  }
  return best;
}

/** Perplexities of masked cells: e to the mean negative log likelihood of a piece, and of a whole cell. */
export interface Perplexities {
  readonly perToken: number;
  /** Over the whole vocabulary, as the training log counts. */
  readonly perCell: number;
  /** Among the cells that exist. */
  readonly perExistingCell: number;
}

/** Summarises decoded targets; cells outside the table make `perExistingCell` infinite. */
export function measurePerplexities(
  decoded: readonly { pieceNats: readonly number[]; nats: number }[],
): Perplexities {
  const pieces = decoded.flatMap(({ pieceNats }) => pieceNats);
  const sum = pieces.reduce((total, nats) => total + nats, 0);
  const existing = decoded.reduce((total, { nats }) => total + nats, 0);
  return {
    perToken: Math.exp(sum / pieces.length),
    perCell: Math.exp(sum / decoded.length),
    perExistingCell: Math.exp(existing / decoded.length),
  };
}
