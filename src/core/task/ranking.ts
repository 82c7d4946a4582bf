/** Scores of ranked guesses, one list for each question; the truth stands in it once or not at all. */

/** Share of the questions whose truth is among the first k guesses (Acc@k). */
export function hitShare(ranks: ArrayLike<number>, k: number): number {
  let hits = 0;
  for (let i = 0; i < ranks.length; i++) if (ranks[i]! >= 0 && ranks[i]! < k) hits++;
  return hits / ranks.length;
}

/** Mean of 1 / place of the truth, the first place being 1; a truth that is not ranked counts 0 (MRR). */
export function meanReciprocalRank(ranks: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < ranks.length; i++) if (ranks[i]! >= 0) sum += 1 / (ranks[i]! + 1);
  return sum / ranks.length;
}

/**
 * Kendall's tau-b of two columns (Kendall 1945): agreeing less disagreeing pairs over the pairs that are not tied,
 * by n (n - 1) / 2 comparisons. NaN where one column is constant.
 */
export function kendallTau(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [agreement, untiedA, untiedB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const signA = Math.sign(a[i]! - a[j]!);
      const signB = Math.sign(b[i]! - b[j]!);
      agreement += signA * signB;
      untiedA += Math.abs(signA);
      untiedB += Math.abs(signB);
    }
  }
  return agreement / Math.sqrt(untiedA * untiedB);
}
