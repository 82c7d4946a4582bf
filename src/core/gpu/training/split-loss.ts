import * as tf from "@tensorflow/tfjs-core";
import type { Banks } from "../banks";
import { cutPart, findPart, tensorLimit } from "../banks";
import type { GradientSink } from "../gradient-sink";
import { findRows } from "../ops";
import type { DenseParts } from "./dense";
import { dense, denseGradient } from "./dense";
import type { MaskedTargets } from "./loss";

/** Scores that are held at a time, in all banks together: 64 MB. */
const SCORES = 16e6;

/** Whether a table [V, C] lies in one bank, with what its kernels read behind it up to whole vectors of rows. */
export function isInOneBank(flat: Banks, { weight }: DenseParts): boolean {
  const [V, C] = weight.shape as [number, number];
  const { bank, start } = findPart(flat, weight);
  return start + 4 * Math.ceil(V / 4) * C <= bank.size;
}

/** Some of the vocabulary: a layer of its own from token `first` on. */
interface Piece extends DenseParts {
  readonly first: number;
  readonly count: number;
}

function cutDecoder(flat: Banks, { weight, bias }: DenseParts): Piece[] {
  let first = 0;
  return cutPart(flat, weight).map((piece) => {
    const count = piece.shape[0]!;
    const place = { start: bias.start + first, shape: [count] };
    const own = { weight: piece, bias: place, first, count };
    first += count;
    return own;
  });
}

/** 1 where a label is a token of the piece, else 0: [M, count]. */
function markLabels(labels: tf.Tensor1D, { first, count }: Piece): tf.Tensor2D {
  return tf.tidy(() => {
    const { places, isThere } = findRows(labels, first, count);
    return tf.mul<tf.Tensor2D>(tf.cast(tf.oneHot(places, count), "float32"), isThere);
  });
}

const addUp = <T extends tf.Tensor>(tensors: readonly T[]): T =>
  tensors.reduce((sum, one) => tf.add<T>(sum, one));

/** Losses of some rows and, with a sink, their gradient; the rest is the sink's. */
function loseRows(
  x: tf.Tensor2D,
  { labels, weights }: MaskedTargets,
  flat: Banks,
  pieces: readonly Piece[],
  sink: GradientSink | undefined,
): tf.Tensor[] {
  const scores = pieces.map((piece) => dense(x, flat, piece)); // [M, count] each
  const marks = pieces.map((piece) => markLabels(labels, piece)); // [M, count] each
  const sums = scores.map((one) => tf.logSumExp(one, 1, true)); // [M, 1] each
  const total = tf.logSumExp(tf.concat(sums, 1), 1, true); // [M, 1]
  const truths = addUp(scores.map((one, k) => tf.sum(tf.mul(one, marks[k]!), 1, true))); // [M, 1]
  const losses = tf.reshape(tf.sub(total, truths), [-1]); // [M]
  if (sink === undefined) return [losses];
  const factors = tf.reshape(weights, [-1, 1]); // [M, 1]
  const d = pieces.map((piece, k) =>
    tf.tidy(() => {
      const excess = tf.sub(tf.exp(tf.sub(scores[k]!, total)), marks[k]!); // [M, count]
      return denseGradient(tf.mul(excess, factors), x, flat, piece, sink); // [M, C]
    }),
  );
  return [losses, addUp(d)];
}

/**
 * `vocabularyLoss` over a table that lies in several banks: a layer for each, and one softmax over all of them. As
 * many rows at a time as have scores that a bank would hold.
 */
export function splitLoss(
  x: tf.Tensor2D,
  { labels, weights }: MaskedTargets,
  flat: Banks,
  decoder: DenseParts,
  sink: GradientSink | undefined,
): tf.Tensor[] {
  const [M, C] = x.shape;
  const pieces = cutDecoder(flat, decoder);
  const most = Math.min(SCORES, tensorLimit()) / decoder.weight.shape[0]!;
  const atOnce = Math.max(4, Math.floor(most) - (Math.floor(most) % 4));
  return tf.tidy(() => {
    const chunks: tf.Tensor[][] = [];
    for (let first = 0; first < M; first += atOnce) {
      const count = Math.min(atOnce, M - first);
      const rows = tf.slice(x, [first, 0], [count, C]); // [count, C]
      const [own, factors] = [labels, weights].map((one) => tf.slice(one, [first], [count])); // [count]
      const targets = { labels: own!, weights: factors! };
      chunks.push(tf.tidy(() => loseRows(rows, targets, flat, pieces, sink)));
    }
    return chunks[0]!.map((_, k) => tf.concat(chunks.map((chunk) => chunk[k]!)));
  });
}
