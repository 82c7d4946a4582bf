import * as tf from "@tensorflow/tfjs-core";
import type { Banks, Part } from "./banks";
import { disposeBanks } from "./banks";

/** Parts at their places among `size` values from `begin` on, zeros between them. */
function composeParts(
  parts: readonly (readonly [start: number, values: tf.Tensor1D])[],
  begin: number,
  size: number,
): tf.Tensor1D {
  const pieces: tf.Tensor1D[] = [];
  let end = begin;
  for (const [start, values] of parts.toSorted(([a], [b]) => a - b)) {
    if (start > end) pieces.push(tf.zeros([start - end]));
    pieces.push(values);
    end = start + values.size;
  }
  if (end < begin + size) pieces.push(tf.zeros([begin + size - end]));
  return tf.concat(pieces);
}

/**
 * Collects the gradients of all parameters, laid out in banks like them, over one or several passes. Fused kernels
 * add to `flat` in place; composed operations hand over tensors. Both may be mixed.
 */
export class GradientSink {
  /** Where each bank begins. */
  readonly starts: readonly number[];
  readonly #sizes: readonly number[];
  #flat: Banks | undefined;
  readonly #parts = new Map<number, tf.Tensor1D>();

  constructor(parameters: Banks) {
    this.starts = parameters.starts;
    this.#sizes = parameters.tensors.map(({ size }) => size);
  }

  /** Where fused kernels add; zeros at first. It belongs to the sink. */
  get flat(): Banks {
    this.#flat ??= {
      starts: this.starts,
      // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a tensor's shape, no array
      tensors: this.#sizes.map((size) => tf.keep(tf.fill([size], 0))), // made where they lie, not sent there
    };
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

  /** All gradients, which the caller disposes; the sink is empty again. */
  take(): Banks {
    const tensors = this.starts.map((_, n) => this.#joinBank(n));
    this.dispose();
    return { starts: this.starts, tensors };
  }

  /** The gradients of one bank. */
  #joinBank(n: number): tf.Tensor1D {
    const flat = this.#flat?.tensors[n];
    const [begin, size] = [this.starts[n]!, this.#sizes[n]!];
    const parts = [...this.#parts].filter(([start]) => start >= begin && start < begin + size);
    if (parts.length === 0) return flat === undefined ? tf.zeros([size]) : tf.clone(flat);
    return tf.tidy(() => {
      const composed = composeParts(parts, begin, size);
      return flat === undefined ? composed : tf.add<tf.Tensor1D>(composed, flat);
    });
  }

  dispose(): void {
    if (this.#flat !== undefined) disposeBanks(this.#flat);
    this.#flat = undefined;
    for (const values of this.#parts.values()) values.dispose();
    this.#parts.clear();
  }
}
