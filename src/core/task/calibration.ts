/** Answers in groups whose mean can be held against what came true (AD-25). */
export interface CalibrationBin {
  /** Ends of the group: of confidences, or of the guesses that fell into it. */
  readonly from: number;
  readonly to: number;
  /** Numbers of the answers. */
  readonly places: readonly number[];
  /** Mean confidence, or mean guess. */
  readonly said: number;
  /** Share that was right, or mean truth. */
  readonly found: number;
}

const BINS = 10;

const meanOver = (places: readonly number[], value: (n: number) => number): number =>
  places.reduce((sum, n) => sum + value(n), 0) / places.length;

/**
 * Answers by their confidence in ten bins of equal width, (0, 0.1] to (0.9, 1], 0 in the first one, as scikit-learn's
 * `calibration_curve` has them; bins without answers are left out. Answers that are no numbers are passed over.
 */
export function calibrateClasses(
  confidence: ArrayLike<number>,
  isRight: (n: number) => boolean,
): CalibrationBin[] {
  const bins = Array.from({ length: BINS }, (): number[] => []);
  for (let n = 0; n < confidence.length; n++) {
    const bin = Math.ceil(confidence[n]! * BINS) - 1;
    bins[Math.max(0, Math.min(BINS - 1, bin))]?.push(n);
  }
  return bins.flatMap((places, i) => {
    if (places.length === 0) return [];
    const said = meanOver(places, (n) => confidence[n]!);
    const found = meanOver(places, (n) => Number(isRight(n)));
    return [{ from: i / BINS, to: (i + 1) / BINS, places, said, found }];
  });
}

/** Expected calibration error: sum of n_b / n |share right - mean confidence| (Naeini et al. 2015; Guo et al. 2017). */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  const count = bins.reduce((sum, { places }) => sum + places.length, 0);
  const gaps = bins.map(({ places, said, found }) => places.length * Math.abs(found - said));
  return gaps.reduce((sum, gap) => sum + gap, 0) / count;
}

/**
 * Guesses in tenths of equal numbers from the least to the largest, each with its mean guess and mean truth; the first
 * tenths have one more where the number does not divide. Guesses and truths that are no numbers are passed over.
 */
export function calibrateNumbers(
  guesses: ArrayLike<number>,
  truths: ArrayLike<number>,
): CalibrationBin[] {
  const known = Array.from(guesses, (_, n) => n).filter(
    (n) => Number.isFinite(guesses[n]) && Number.isFinite(truths[n]),
  );
  const order = known.toSorted((a, b) => guesses[a]! - guesses[b]! || a - b);
  const count = Math.min(BINS, order.length);
  const size = Math.floor(order.length / BINS);
  const more = order.length % BINS;
  return Array.from({ length: count }, (_, i) => {
    const start = i * size + Math.min(i, more);
    const places = order.slice(start, start + size + Number(i < more));
    const ends = [guesses[places[0]!]!, guesses[places.at(-1)!]!] as const;
    const said = meanOver(places, (n) => guesses[n]!);
    return { from: ends[0], to: ends[1], places, said, found: meanOver(places, (n) => truths[n]!) };
  });
}
