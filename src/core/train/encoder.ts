import * as tf from "@tensorflow/tfjs-core";
import { PADDING_BIAS } from "../gpu/ops";
import {
  addLookUp,
  addLookUpGradient,
  addTypes,
  addTypesGradient,
  embed,
  embedGradient,
} from "../gpu/training/embed";
import type { Pace } from "../pace";
import type { EncoderLayout, LayerParts } from "./layout";
import type { AttentionShape, Back, Pass, Traced } from "./tape";

/** Rows of tokens side by side. Tokens are not checked here. */
export interface EncoderRows {
  /** What the model sees; 0 is [PAD]. */
  readonly tokens: Int32Array; // [B, T]
  /** 1 for tokens of the second of two parts; undefined where there is one part. */
  readonly types?: Int32Array | undefined; // [B, T]
  /** Hours of the week, `NO_HOUR` for none; a model that knows no times does not look at them. */
  readonly hours?: Int32Array | undefined; // [B, T]
  readonly B: number;
  readonly T: number;
}

/** Hidden states and the way back from them to all parameters. */
export interface Encoded {
  readonly out: tf.Tensor2D; // [K, C]
  /** Takes the gradient [K, C] over; rests as the pace says. */
  back(d: tf.Tensor2D): Promise<void>;
}

/** The dense half of a layer, from the attention's result and the layer's input, each [N, C], to [N, C]. */
function runDensePart(pass: Pass, mixed: tf.Tensor2D, x: tf.Tensor2D, parts: LayerParts) {
  const summary = pass.dense(mixed, parts.attended); // [N, C]
  const left = pass.drop(summary.out); // [N, C]
  const middle = pass.norm(left.out, x, parts.attendedNorm); // [N, C]
  const inner = pass.dense(middle.out, parts.inner); // [N, F]
  const wide = pass.gelu(inner.out); // [N, F]
  const outer = pass.dense(wide.out, parts.outer); // [N, C]
  const rest = pass.drop(outer.out); // [N, C]
  const result = pass.norm(rest.out, middle.out, parts.outerNorm); // [N, C]
  /** Gradients of the attention's result and of the layer's input. */
  const back = (d: tf.Tensor2D): { dMixed: tf.Tensor2D; dX: tf.Tensor2D } => {
    const dOuter = result.back(d); // [N, C]
    const dRest = rest.back(pass.own(tf.clone(dOuter))); // [N, C]
    const through = inner.back(wide.back(outer.back(dRest))); // [N, C]
    const dX = middle.back(pass.meet(through, dOuter)); // [N, C]
    return { dMixed: summary.back(left.back(pass.own(tf.clone(dX)))), dX };
  };
  return { out: result.out, back };
}

/** One post-norm layer: [BT, C] to [BT, C], or to [K, C] where only the rows `kept` are wanted. */
function runLayer(
  pass: Pass,
  x: tf.Tensor2D,
  parts: LayerParts,
  shape: AttentionShape,
  kept: tf.Tensor1D | undefined,
): Traced {
  const projected = pass.dense(x, parts.projection); // [BT, 3C]
  const attended = pass.attention(projected.out, shape); // [BT, C]
  const mixed = pass.take(attended.out, kept); // [K, C]
  const before = pass.take(x, kept); // [K, C]
  const rest = runDensePart(pass, mixed.out, before.out, parts);
  const back: Back = (d) => {
    const { dMixed, dX } = rest.back(d);
    const through = projected.back(attended.back(mixed.back(dMixed))); // [BT, C]
    return pass.meet(through, before.back(dX)); // [BT, C]
  };
  return { out: rest.out, back };
}

/** [B, T] to be added to the scores of each key, undefined where no token is [PAD]. */
function paddingBias({ tokens, B, T }: EncoderRows): tf.Tensor2D | undefined {
  if (!tokens.includes(0)) return undefined;
  const bias = Float32Array.from(tokens, (token) => (token === 0 ? PADDING_BIAS : 0));
  return tf.tensor2d(bias, [B, T]);
}

/** The sum of a token's embeddings, [BT, C], and the way back into their tables. */
function runEmbeddings(pass: Pass, layout: EncoderLayout, rows: EncoderRows) {
  const { embedding } = layout;
  const toTensor = (numbers: Int32Array): tf.Tensor1D => pass.own(tf.tensor1d(numbers, "int32")); // [BT]
  const places = { tokens: toTensor(rows.tokens), T: rows.T };
  let out = pass.own(embed(places, pass.flat, embedding)); // [BT, C]
  const types = rows.types && toTensor(rows.types);
  if (types !== undefined) out = pass.own(addTypes(out, types, pass.flat, embedding.types));
  const times = layout.times && rows.hours && { table: layout.times, hours: toTensor(rows.hours) };
  if (times) out = pass.own(addLookUp(out, times.hours, pass.flat, times.table));
  const back = (d: tf.Tensor2D): void => {
    const sink = pass.sink!;
    embedGradient(d, places, embedding, sink);
    if (types !== undefined) addTypesGradient(d, types, embedding.types, sink);
    if (times) addLookUpGradient(d, times.hours, times.table, sink);
  };
  return { out, back };
}

/**
 * BERT from token ids to the hidden states of the last layer.
 * @param kept flat positions (row * T + position) wanted, undefined for all; the last layer's dense part runs for these
 *   alone
 */
export async function runEncoder(
  pass: Pass,
  layout: EncoderLayout,
  rows: EncoderRows,
  kept: Int32Array | undefined,
  pace: Pace,
): Promise<Encoded> {
  const { B, T } = rows;
  const bias = paddingBias(rows);
  if (bias !== undefined) pass.own(bias);
  const wanted = kept && pass.own(tf.tensor1d(kept, "int32")); // [K]
  const embedded = runEmbeddings(pass, layout, rows); // [BT, C]
  const start = pass.norm(embedded.out, undefined, layout.embeddingNorm); // [BT, C]
  const first = pass.drop(start.out); // [BT, C]
  const shape: AttentionShape = { B, T, headCount: layout.config.headCount, bias };
  const backs: Back[] = [];
  let x = first.out;
  for (const [n, parts] of layout.layers.entries()) {
    const isLast = n === layout.layers.length - 1;
    const from = x;
    const layer = pass.brief(() => runLayer(pass, from, parts, shape, isLast ? wanted : undefined));
    if (pass.sink === undefined) pass.free(from);
    backs.unshift(layer.back);
    x = layer.out; // [BT, C], the last [K, C]
    if (pace.due()) await pace.rest();
  }
  const back = async (d: tf.Tensor2D): Promise<void> => {
    let dX = d; // [K, C]
    for (const layerBack of backs) {
      if (pace.due()) await pace.rest();
      dX = layerBack(dX); // [BT, C]
    }
    embedded.back(start.back(first.back(dX)));
  };
  return { out: x, back };
}
