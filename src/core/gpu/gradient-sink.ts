import * as tf from "@tensorflow/tfjs-core";

/** One tensor's place in the flat parameters, and in everything that is laid out like them. */
export interface Part {
  readonly start: number;
  readonly shape: readonly number[];
}

/** Number of values of a part. */
export function sizeOfPart({ shape }: Part): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** A part of a flat tensor as a tensor of its own shape; the caller disposes. */
export function readPart<T extends tf.Tensor = tf.Tensor2D>(flat: tf.Tensor1D, part: Part): T {
  return tf.tidy(() => {
    const values = tf.slice(flat, [part.start], [sizeOfPart(part)]);
    return tf.reshape(values, [...part.shape]) as T;
  });
}

/**
 * Collects the gradients of all parameters as one flat tensor [size], over one or several passes. Fused kernels
 * add to `flat` in place; composed operations hand over tensors. Both may be mixed.
 */
export class GradientSink {
  readonly #size: number;
  #flat: tf.Tensor1D | undefined;
  readonly #parts = new Map<number, tf.Tensor1D>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Where fused kernels add; zeros at first. It belongs to the sink. */
  get flat(): tf.Tensor1D {
    // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a tensor's shape, no array
    this.#flat ??= tf.keep(tf.fill([this.#size], 0)); // [P]; made where it lies, not sent there
    return this.#flat;
  }

  /** Adds the gradient of a part; takes the tensor over. */
  add(part: Part, gradient: tf.Tensor): void {
    const known = this.#parts.get(part.start);
    const sum = tf.tidy(() => {
      const values = tf.reshape(gradient, [-1]);
      return (known === undefined ? tf.clone(values) : tf.add(known, values)) as tf.Tensor1D;
    });
    known?.dispose();
    gradient.dispose();
    this.#parts.set(part.start, tf.keep(sum));
  }

  /** All gradients [size], which the caller disposes; the sink is empty again. */
  take(): tf.Tensor1D {
    const flat = this.#flat;
    if (this.#parts.size === 0) {
      this.#flat = undefined;
      return flat ?? tf.zeros([this.#size]);
    }
    const joined = tf.tidy(() => {
      const composed = this.#join();
      return flat === undefined ? composed : tf.add<tf.Tensor1D>(composed, flat);
    });
    this.dispose();
    return joined;
  }

  /** The parts at their places, zeros between them: [size]. */
  #join(): tf.Tensor1D {
    const pieces: tf.Tensor1D[] = [];
    let end = 0;
    for (const [start, values] of [...this.#parts].sort(([a], [b]) => a - b)) {
      if (start > end) pieces.push(tf.zeros([start - end]));
      pieces.push(values);
      end = start + values.size;
    }
    if (end < this.#size) pieces.push(tf.zeros([this.#size - end]));
    return tf.concat(pieces);
  }

  dispose(): void {
    this.#flat?.dispose();
    this.#flat = undefined;
    for (const values of this.#parts.values()) values.dispose();
    this.#parts.clear();
  }
}
