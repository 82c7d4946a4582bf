import * as tf from "@tensorflow/tfjs-core";
import { cutBanks, tensorLimit } from "../gpu/banks";
import type { Norm } from "../gpu/ops";
import { takesHalves } from "../gpu/ops";
import { floatsToHalves } from "./half";
import type { HostTensors } from "./safetensors";

/** A linear layer as the engine multiplies it fastest, inputs by outputs. */
export interface Dense {
  readonly weight: tf.Tensor2D; // [I, O], or [I, O / 2] of two halves each
  readonly bias: tf.Tensor1D; // [O]
}

/** Row-major [outer, inner] as [inner, outer]. */
export function transpose(values: Float32Array, outer: number, inner: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let i = 0; i < inner; i++) {
    for (let o = 0; o < outer; o++) result[i * outer + o] = values[o * inner + i]!;
  }
  return result;
}

/** A weight [I, O] on the current engine, as halves where it takes them. */
function toWeight(values: Float32Array, [I, O]: readonly [I: number, O: number]): tf.Tensor2D {
  if (!takesHalves(I, O)) return tf.tensor2d(values, [I, O]);
  const pairs = new Int32Array(floatsToHalves(values).buffer); // little-endian, as graphics cards are
  return tf.tensor2d(pairs, [I, O / 2], "int32");
}

/** Rows of a table [R, C] that fit into one tensor of the current engine, from the first to the last: [from, to]. */
function cutRows([R, C]: readonly [R: number, C: number]): [from: number, to: number][] {
  const starts = cutBanks([{ size: R * C, step: 4 * C }], tensorLimit());
  return starts.map((start, n) => [start / C, (starts[n + 1] ?? R * C) / C]);
}

/** Puts named weights, as PyTorch keeps them, on the current engine. All that it makes is the caller's to free. */
export class WeightReader {
  readonly #tensors: HostTensors;
  readonly #epsilon: number;

  /** The tensors must be there, in their shapes: `checkTensors`. */
  constructor(tensors: HostTensors, epsilon: number) {
    this.#tensors = tensors;
    this.#epsilon = epsilon;
  }

  #values(name: string): Float32Array {
    return this.#tensors.get(name)!.values;
  }

  #table(name: string): [values: Float32Array, shape: readonly [R: number, C: number]] {
    const { values, shape } = this.#tensors.get(name)!;
    return [values, shape as unknown as [number, number]];
  }

  vector(name: string): tf.Tensor1D {
    return tf.tensor1d(this.#values(name)); // [C]
  }

  matrix(name: string): tf.Tensor2D {
    const [rows, columns] = this.#tensors.get(name)!.shape as [number, number];
    return tf.tensor2d(this.#values(name), [rows, columns]); // [R, C]
  }

  /** A table of tokens, in as many tensors, one below the other, as the engine's buffers ask for: [R, C] each. */
  table(name: string): tf.Tensor2D[] {
    const [values, shape] = this.#table(name);
    return cutRows(shape).map(([from, to]) => {
      const C = shape[1];
      return tf.tensor2d(values.subarray(from * C, to * C), [to - from, C]);
    });
  }

  /** Layers from states to the tokens of a table, side by side: one for each tensor of `table`. */
  scorers(table: string, bias: string): Dense[] {
    const [values, shape] = this.#table(table);
    return cutRows(shape).map(([from, to]) => {
      const [O, I] = [to - from, shape[1]];
      return {
        weight: tf.tensor2d(transpose(values.subarray(from * I, to * I), O, I), [I, O]),
        bias: tf.tensor1d(this.#values(bias).subarray(from, to)), // [O]
      };
    });
  }

  norm(name: string): Norm {
    const [weight, bias] = [this.vector(`${name}.weight`), this.vector(`${name}.bias`)];
    return { weight, bias, epsilon: this.#epsilon };
  }

  dense(name: string): Dense {
    return this.joined([name]);
  }

  /** Layers of one shape side by side: one product in place of several. */
  joined(names: readonly string[]): Dense {
    const [outer, inner] = this.#tensors.get(`${names[0]}.weight`)!.shape as [number, number];
    const O = names.length * outer;
    const weight = new Float32Array(O * inner);
    const bias = new Float32Array(O);
    names.forEach((name, n) => {
      weight.set(this.#values(`${name}.weight`), n * outer * inner);
      bias.set(this.#values(`${name}.bias`), n * outer);
    });
    return {
      weight: toWeight(transpose(weight, O, inner), [inner, O]),
      bias: tf.tensor1d(bias),
    };
  }
}
