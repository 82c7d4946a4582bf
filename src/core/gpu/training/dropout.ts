import * as tf from "@tensorflow/tfjs-core";
import { runFused } from "../ops";
import { philox } from "../tokenise/philox";
import { TRAINING } from "../training-names";

/** Where in a run something is dropped: the same place drops the same values, on every engine. */
export interface DropoutPlace {
  /** Share that is dropped, 0 to below 1; kept to 1/65,536. */
  readonly rate: number;
  readonly seed: number;
  readonly step: number;
  /** Of the step's passes. */
  readonly pass: number;
  /** Of the pass's dropouts, in their order. */
  readonly site: number;
}

/** Values that one call of the generator decides: two a word. */
export const DROPOUT_BLOCK = 8;

/** A half word below this is dropped. */
const thresholdOf = (rate: number): number => Math.round(rate * 65_536);

/** What kept values are multiplied by, so that their mean stays. */
const scaleOf = (rate: number): number => 65_536 / (65_536 - thresholdOf(rate));

/** Factors of values: 0, or the scale of those that are kept. */
export function dropoutFactors(count: number, place: DropoutPlace): Float32Array {
  const { rate, seed, step, pass, site } = place;
  const [threshold, scale] = [thresholdOf(rate), scaleOf(rate)];
  const factors = new Float32Array(count);
  const words = new Uint32Array(4);
  for (let from = 0, block = 0; from < count; from += DROPOUT_BLOCK, block++) {
    philox([block, site, pass, 0], [seed >>> 0, step >>> 0], words);
    const end = Math.min(DROPOUT_BLOCK, count - from);
    for (let n = 0; n < end; n++) {
      const half = n % 2 === 0 ? words[n >> 1]! & 0xffff : words[n >> 1]! >>> 16;
      factors[from + n] = half < threshold ? 0 : scale;
    }
  }
  return factors;
}

/** The place as attributes of a kernel. */
export function dropoutNumbers({ rate, seed, step, pass, site }: DropoutPlace) {
  return { threshold: thresholdOf(rate), scale: scaleOf(rate), seed, step, pass, site };
}

/**
 * Drops a share of the values and scales the others up (Srivastava et al. 2014, inverted), by Philox of their
 * place. It is its own gradient. The result is the caller's.
 */
export function dropOut<T extends tf.Tensor>(x: T, place: DropoutPlace): T {
  const fused = runFused(TRAINING.dropout, { x }, dropoutNumbers(place));
  if (fused !== undefined) return fused as T;
  return tf.tidy(() => tf.mul<T>(x, tf.tensor(dropoutFactors(x.size, place), x.shape)));
}
