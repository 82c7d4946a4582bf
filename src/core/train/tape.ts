import * as tf from "@tensorflow/tfjs-core";
import type { Banks } from "../gpu/banks";
import type { GradientSink } from "../gpu/gradient-sink";
import { attention, gelu, swish, takeRows } from "../gpu/ops";
import {
  geluGradient,
  reluGradient,
  swishGradient,
  tanhGradient,
} from "../gpu/training/activations";
import { attentionGradient, droppedAttention } from "../gpu/training/attention";
import type { DenseParts } from "../gpu/training/dense";
import { dense, denseGradient } from "../gpu/training/dense";
import type { KeptNorm, NormParts } from "../gpu/training/norm";
import type { DropoutPlace } from "../gpu/training/dropout";
import { dropOut } from "../gpu/training/dropout";
import { keepNorm, normGradient } from "../gpu/training/norm";
import { putRows } from "../gpu/training/rows";

/** From the gradient of a result to that of what it was made of; takes the gradient over. */
export type Back = (d: tf.Tensor2D) => tf.Tensor2D;

/** A result and the way back from it; both belong to the pass. */
export interface Traced {
  readonly out: tf.Tensor2D;
  readonly back: Back;
}

/** What is dropped in one pass, and where the pass stands in its run. */
export type PassDropout = Omit<DropoutPlace, "site">;

/** What the attention of all layers shares during one pass. */
export interface AttentionShape {
  readonly B: number;
  readonly T: number;
  readonly headCount: number;
  /** Added to the scores of each key; undefined where nothing is padded. */
  readonly bias: tf.Tensor2D | undefined; // [B, T]
  /** No token sees a later one. */
  readonly isCausal?: boolean;
}

/**
 * One pass through a model, written out by hand: every operation notes its own way back, so that no tape of
 * small operations is kept. All tensors of the pass belong to it and are freed by `end`.
 */
export class Pass {
  readonly #owned = new Set<tf.Tensor>();
  readonly #flat: Banks;
  readonly #sink: GradientSink | undefined;
  readonly #dropout: PassDropout | undefined;
  #sites = 0;

  /** Without a sink there is no way back. */
  constructor(flat: Banks, sink?: GradientSink, dropout?: PassDropout) {
    this.#flat = flat;
    this.#sink = sink;
    this.#dropout = dropout !== undefined && dropout.rate > 0 ? dropout : undefined;
  }

  own<T extends tf.Tensor>(tensor: T): T {
    this.#owned.add(tensor);
    return tensor;
  }

  /** Frees what is needed no more before the pass ends. */
  free(...tensors: tf.Tensor[]): void {
    for (const tensor of tensors) {
      this.#owned.delete(tensor);
      tensor.dispose();
    }
  }

  end(): void {
    this.free(...this.#owned);
  }

  /** All parameters, [P]. */
  get flat(): Banks {
    return this.#flat;
  }

  /** Where the gradients of parameters go; undefined where only the losses are wanted. */
  get sink(): GradientSink | undefined {
    return this.#sink;
  }

  /** x W^T + b: [N, I] to [N, O]. */
  dense(x: tf.Tensor2D, parts: DenseParts): Traced {
    const back: Back = (d) => {
      const dX = this.own(denseGradient(d, x, this.#flat, parts, this.#sink!)); // [N, I]
      this.free(d);
      return dX;
    };
    return { out: this.own(dense(x, this.#flat, parts)), back };
  }

  /** Something that bends each value by itself, with its gradient: [N, F] to [N, F]. */
  #bend(
    x: tf.Tensor2D,
    out: tf.Tensor2D,
    gradient: (d: tf.Tensor2D, x: tf.Tensor2D) => tf.Tensor2D,
  ): Traced {
    const back: Back = (d) => {
      const dX = this.own(gradient(d, x)); // [N, F]
      this.free(d);
      return dX;
    };
    return { out: this.own(out), back };
  }

  /** [N, F] to [N, F]. */
  gelu(x: tf.Tensor2D): Traced {
    return this.#bend(x, gelu(x), geluGradient);
  }

  /** [N, F] to [N, F]. */
  swish(x: tf.Tensor2D): Traced {
    return this.#bend(x, swish(x), swishGradient);
  }

  /** [N, F] to [N, F]. */
  relu(x: tf.Tensor2D): Traced {
    return this.#bend(x, tf.relu(x), reluGradient);
  }

  /** Layer normalisation of x, or of x + y. The gradient is that of x, and of y alike. */
  norm(x: tf.Tensor2D, y: tf.Tensor2D | undefined, parts: NormParts): Traced {
    const kept: KeptNorm = keepNorm(x, y, this.#flat, parts);
    for (const tensor of [kept.out, kept.normal, kept.scales]) this.own(tensor);
    const back: Back = (d) => {
      const dX = this.own(normGradient(d, kept, this.#flat, parts, this.#sink!)); // [N, C]
      this.free(d);
      return dX;
    };
    return { out: kept.out, back };
  }

  /** Attention of projected queries, keys and values: [BT, 3C] to [BT, C]. */
  attention(x: tf.Tensor2D, { B, T, headCount, bias, isCausal = false }: AttentionShape): Traced {
    const C = x.shape[1] / 3;
    const projected = this.own(tf.reshape<tf.Rank.R3>(x, [B, T, 3 * C])); // [B, T, 3C]
    const given = { projected, bias, headCount, isCausal };
    const place = this.#nextPlace();
    const mixed = this.own(
      place === undefined
        ? attention(projected, bias, headCount, isCausal)
        : droppedAttention(given, place),
    ); // [B, T, C]
    const back: Back = (d) => {
      const asRows = this.own(tf.reshape<tf.Rank.R3>(d, [B, T, C])); // [B, T, C]
      const dProjected = this.own(attentionGradient(asRows, given, place)); // [B, T, 3C]
      this.free(d, asRows);
      const flat = this.own(tf.reshape<tf.Rank.R2>(dProjected, [B * T, 3 * C])); // [BT, 3C]
      this.free(dProjected);
      return flat;
    };
    return { out: this.own(tf.reshape<tf.Rank.R2>(mixed, [B * T, C])), back };
  }

  /** The place of the next dropout of the pass; undefined where nothing is dropped. */
  #nextPlace(): DropoutPlace | undefined {
    return this.#dropout && { ...this.#dropout, site: this.#sites++ };
  }

  /** Drops a share of the values, where the pass drops any: [N, C] to [N, C]. */
  drop(x: tf.Tensor2D): Traced {
    const place = this.#nextPlace();
    if (place === undefined) return { out: x, back: (d) => d };
    const back: Back = (d) => {
      const dX = this.own(dropOut(d, place)); // [N, C]
      this.free(d);
      return dX;
    };
    return { out: this.own(dropOut(x, place)), back };
  }

  /** The rows of these numbers, [N, C] to [M, C]; all of them, as they are, without numbers. */
  take(x: tf.Tensor2D, numbers: tf.Tensor1D | undefined): Traced {
    if (numbers === undefined) return { out: x, back: (d) => d };
    const back: Back = (d) => {
      const rows = this.own(putRows(d, numbers, x.shape[0])); // [N, C]
      this.free(d);
      return rows;
    };
    return { out: this.own(takeRows(x, numbers)), back };
  }

  /** The sum of each row's states, weighed by `shares` [B, 1, T]: [BT, C] to [B, C]. */
  weigh(x: tf.Tensor2D, shares: tf.Tensor3D): Traced {
    const [B, , T] = shares.shape;
    const C = x.shape[1];
    const out = tf.tidy(() => {
      const states = tf.reshape<tf.Rank.R3>(x, [B, T, C]); // [B, T, C]
      return tf.reshape<tf.Rank.R2>(tf.matMul(shares, states), [B, C]); // [B, C]
    });
    const back: Back = (d) => {
      const dX = tf.tidy(() => {
        const rows = tf.reshape<tf.Rank.R3>(d, [B, 1, C]); // [B, 1, C]
        return tf.reshape<tf.Rank.R2>(tf.matMul(shares, rows, true), [B * T, C]); // [BT, C]
      });
      this.free(d);
      return this.own(dX);
    };
    return { out: this.own(out), back };
  }

  /** The hyperbolic tangent: [N, C] to [N, C]. */
  tanh(x: tf.Tensor2D): Traced {
    return this.#bend(x, tf.tanh(x), tanhGradient);
  }

  /**
   * What `make` makes. Without a way back all of it but the result is freed at once, so that a pass that only
   * answers needs the room of one layer.
   */
  brief(make: () => Traced): Traced {
    const before = new Set(this.#owned);
    const made = make();
    if (this.#sink !== undefined) return made;
    const rest = [...this.#owned].filter((tensor) => !before.has(tensor) && tensor !== made.out);
    this.free(...rest);
    return made;
  }

  /** Adds two gradients that meet; frees both. */
  meet(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
    const sum = this.own(tf.add<tf.Tensor2D>(a, b));
    this.free(a, b);
    return sum;
  }
}
