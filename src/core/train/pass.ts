import * as tf from "@tensorflow/tfjs-core";
import type { GradientSink } from "../gpu/gradient-sink";
import { PADDING_BIAS, attention, gelu, takeRows } from "../gpu/ops";
import type { DenseParts, KeptNorm, NormParts } from "../gpu/training-ops";
import {
  attentionGradient,
  dense,
  denseGradient,
  embed,
  embedGradient,
  geluGradient,
  keepNorm,
  normGradient,
  putRows,
  vocabularyLoss,
} from "../gpu/training-ops";
import type { Pace } from "../pace";
import type { Layout, LayerParts } from "./layout";

/** Rows of tokens of which some are masked; what the loss of one pass is about. */
export interface MaskedRows {
  /** What the model sees; 0 is [PAD]. */
  readonly tokens: Int32Array; // [B, T]
  readonly B: number;
  readonly T: number;
  /** Flat positions (row * T + position) of masked places; filled up with any. */
  readonly places: Int32Array; // [M]
  /** True tokens. */
  readonly labels: Int32Array; // [M]
  /** How much each place counts; 0 for those that fill up. */
  readonly weights: Float32Array; // [M]
}

/** From the gradient of a result to that of what it was made of. */
type Back = (d: tf.Tensor2D) => tf.Tensor2D;

/**
 * One pass through a model, written out by hand: every operation notes its own way back, so that no tape of
 * small operations is kept. All tensors of the pass belong to it and are freed by `end`.
 */
class Pass {
  readonly #owned = new Set<tf.Tensor>();
  readonly #flat: tf.Tensor1D;
  readonly #sink: GradientSink | undefined;

  /** Without a sink there is no way back. */
  constructor(flat: tf.Tensor1D, sink: GradientSink | undefined) {
    this.#flat = flat;
    this.#sink = sink;
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

  get flat(): tf.Tensor1D {
    return this.#flat;
  }

  get sink(): GradientSink {
    return this.#sink!;
  }

  dense(x: tf.Tensor2D, parts: DenseParts): { out: tf.Tensor2D; back: Back } {
    const back: Back = (d) => {
      const dX = this.own(denseGradient(d, x, this.#flat, parts, this.sink)); // [N, I]
      this.free(d);
      return dX;
    };
    return { out: this.own(dense(x, this.#flat, parts)), back };
  }

  gelu(x: tf.Tensor2D): { out: tf.Tensor2D; back: Back } {
    const back: Back = (d) => {
      const dX = this.own(geluGradient(d, x)); // [N, F]
      this.free(d);
      return dX;
    };
    return { out: this.own(gelu(x)), back };
  }

  /** The gradient is that of x, and of y alike. */
  norm(
    x: tf.Tensor2D,
    y: tf.Tensor2D | undefined,
    parts: NormParts,
  ): { out: tf.Tensor2D; back: Back } {
    const kept: KeptNorm = keepNorm(x, y, this.#flat, parts);
    for (const tensor of [kept.out, kept.normal, kept.scales]) this.own(tensor);
    const back: Back = (d) => {
      const dX = this.own(normGradient(d, kept, this.#flat, parts, this.sink)); // [N, C]
      this.free(d);
      return dX;
    };
    return { out: kept.out, back };
  }

  /** Adds two gradients that meet; frees both. */
  meet(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
    const sum = this.own(tf.add<tf.Tensor2D>(a, b));
    this.free(a, b);
    return sum;
  }
}

/** What the layers share during one pass. */
interface Shared {
  readonly B: number;
  readonly T: number;
  readonly headCount: number;
  readonly bias: tf.Tensor2D | undefined; // [B, T]
}

function attend(pass: Pass, x: tf.Tensor2D, parts: DenseParts, shared: Shared) {
  const { B, T, headCount, bias } = shared;
  const { out, back } = pass.dense(x, parts); // [BT, 3C]
  const C = x.shape[1];
  const projected = pass.own(tf.reshape<tf.Rank.R3>(out, [B, T, 3 * C])); // [B, T, 3C]
  const mixed = pass.own(attention(projected, bias, headCount)); // [B, T, C]
  const attendBack: Back = (d) => {
    const asRows = pass.own(tf.reshape<tf.Rank.R3>(d, [B, T, C])); // [B, T, C]
    const dProjected = pass.own(attentionGradient(asRows, { projected, bias, headCount })); // [B, T, 3C]
    pass.free(d, asRows);
    const flat = pass.own(tf.reshape<tf.Rank.R2>(dProjected, [B * T, 3 * C])); // [BT, 3C]
    pass.free(dProjected);
    return back(flat);
  };
  return { out: pass.own(tf.reshape<tf.Rank.R2>(mixed, [B * T, C])), back: attendBack };
}

/** The dense half of a layer, from the attention's result and the layer's input, each [N, C], to [N, C]. */
function runDensePart(pass: Pass, mixed: tf.Tensor2D, x: tf.Tensor2D, parts: LayerParts) {
  const summary = pass.dense(mixed, parts.attended); // [N, C]
  const middle = pass.norm(summary.out, x, parts.attendedNorm); // [N, C]
  const inner = pass.dense(middle.out, parts.inner); // [N, F]
  const wide = pass.gelu(inner.out); // [N, F]
  const outer = pass.dense(wide.out, parts.outer); // [N, C]
  const result = pass.norm(outer.out, middle.out, parts.outerNorm); // [N, C]
  /** Gradients of the attention's result and of the layer's input. */
  const back = (d: tf.Tensor2D): { dMixed: tf.Tensor2D; dX: tf.Tensor2D } => {
    const dOuter = result.back(d); // [N, C]
    const through = inner.back(wide.back(outer.back(pass.own(tf.clone(dOuter))))); // [N, C]
    const dX = middle.back(pass.meet(through, dOuter)); // [N, C]
    return { dMixed: summary.back(pass.own(tf.clone(dX))), dX };
  };
  return { out: result.out, back };
}

/** One post-norm layer: [BT, C] to [BT, C], or to [M, C] where only the rows `kept` are wanted. */
function runLayer(
  pass: Pass,
  x: tf.Tensor2D,
  parts: LayerParts,
  shared: Shared,
  kept: tf.Tensor1D | undefined,
): { out: tf.Tensor2D; back: Back } {
  const attended = attend(pass, x, parts.projection, shared); // [BT, C]
  const take = (rows: tf.Tensor2D): tf.Tensor2D =>
    kept === undefined ? rows : pass.own(takeRows(rows, kept)); // [M, C]
  const put = (d: tf.Tensor2D): tf.Tensor2D => {
    if (kept === undefined) return d;
    const rows = pass.own(putRows(d, kept, x.shape[0])); // [BT, C]
    pass.free(d);
    return rows;
  };
  const rest = runDensePart(pass, take(attended.out), take(x), parts);
  const back: Back = (d) => {
    const { dMixed, dX } = rest.back(d);
    return pass.meet(attended.back(put(dMixed)), put(dX)); // [BT, C]
  };
  return { out: rest.out, back };
}

/** [B, T] to be added to the scores of each key, undefined where no token is [PAD]. */
function paddingBias({ tokens, B, T }: MaskedRows): tf.Tensor2D | undefined {
  if (!tokens.includes(0)) return undefined;
  const bias = Float32Array.from(tokens, (token) => (token === 0 ? PADDING_BIAS : 0));
  return tf.tensor2d(bias, [B, T]);
}

/**
 * The masked-language loss of some rows: every place's loss [M], unweighted. Adds the gradients of their weighted
 * sum to the sink, if there is one. Rests between layers as `pace` says; throws "stopped". Tokens and labels are
 * not checked here.
 */
export async function runMaskedLoss(
  layout: Layout,
  flat: tf.Tensor1D,
  rows: MaskedRows,
  pace: Pace,
  sink?: GradientSink,
): Promise<Float32Array> {
  const pass = new Pass(flat, sink);
  try {
    const losses = await runPass(pass, layout, rows, pace, sink);
    return await losses.data<"float32">();
  } finally {
    pass.end();
  }
}

async function runPass(
  pass: Pass,
  layout: Layout,
  rows: MaskedRows,
  pace: Pace,
  sink: GradientSink | undefined,
): Promise<tf.Tensor1D> {
  const { B, T } = rows;
  const bias = paddingBias(rows);
  if (bias !== undefined) pass.own(bias);
  const kept = pass.own(tf.tensor1d(rows.places, "int32")); // [M]
  const places = { tokens: pass.own(tf.tensor1d(rows.tokens, "int32")), T };
  const embedded = pass.own(embed(places, pass.flat, layout.embedding)); // [BT, C]
  const start = pass.norm(embedded, undefined, layout.embeddingNorm); // [BT, C]
  const shared: Shared = { B, T, headCount: layout.config.headCount, bias };
  const backs: Back[] = [];
  let x = start.out;
  for (const [n, parts] of layout.layers.entries()) {
    const isLast = n === layout.layers.length - 1;
    const layer = runLayer(pass, x, parts, shared, isLast ? kept : undefined);
    backs.unshift(layer.back);
    x = layer.out; // [BT, C], the last [M, C]
    if (pace.due()) await pace.rest();
  }
  const head = runHead(pass, x, layout);
  const targets = {
    labels: pass.own(tf.tensor1d(rows.labels, "int32")),
    weights: pass.own(tf.tensor1d(rows.weights)),
  };
  const { losses, d } = vocabularyLoss(head.out, targets, pass.flat, layout.decoder, sink);
  pass.own(losses);
  if (sink === undefined || d === undefined) return losses;
  let dX = head.back(pass.own(d)); // [M, C]
  for (const back of backs) {
    if (pace.due()) await pace.rest();
    dX = back(dX); // [BT, C]
  }
  embedGradient(start.back(dX), places, layout.embedding, sink);
  return losses;
}

/** The transform before the vocabulary: [M, C] to [M, C]. */
function runHead(pass: Pass, x: tf.Tensor2D, layout: Layout): { out: tf.Tensor2D; back: Back } {
  const bent = pass.dense(x, layout.transform); // [M, C]
  const active = pass.gelu(bent.out); // [M, C]
  const normed = pass.norm(active.out, undefined, layout.transformNorm); // [M, C]
  return { out: normed.out, back: (d) => bent.back(active.back(normed.back(d))) };
}
