import * as tf from "@tensorflow/tfjs-core";
import type { Banks } from "../banks";
import { cutPart, findPart, tensorLimit } from "../banks";
import type { GradientSink } from "../gradient-sink";
import { findRows } from "../sections";
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

/** What scores some of the vocabulary: a layer of its own from token `first` on. */
interface Scorer extends DenseParts {
  readonly first: number;
  readonly count: number;
}

function cutDecoder(flat: Banks, { weight, bias }: DenseParts): Scorer[] {
  let first = 0;
  return cutPart(flat, weight).map((section) => {
    const count = section.shape[0]!;
    const place = { start: bias.start + first, shape: [count] };
    const own = { weight: section, bias: place, first, count };
    first += count;
    return own;
  });
}

/** 1 where a label is a token of the scorer, else 0: [M, count]. */
function markLabels(labels: tf.Tensor1D, { first, count }: Scorer): tf.Tensor2D {
  return tf.tidy(() => {
    const { places, isThere } = findRows(labels, first, count);
    return tf.mul<tf.Tensor2D>(tf.cast(tf.oneHot(places, count), "float32"), isThere);
  });
}

const addUp = <T extends tf.Tensor>(tensors: readonly T[]): T =>
  tensors.reduce((sum, one) => tf.add<T>(sum, one));

/** Rows at a time whose scores are not too many in all, and of each scorer fit into one tensor. */
function countRows(scorers: readonly Scorer[]): number {
  const counts = scorers.map(({ count }) => count);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const most = Math.floor(Math.min(SCORES / all, tensorLimit() / Math.max(...counts)));
  return Math.max(4, most - (most % 4));
}

/** Losses of some rows and, with a sink, their gradient; the rest is the sink's. */
function loseRows(
  x: tf.Tensor2D,
  { labels, weights }: MaskedTargets,
  flat: Banks,
  scorers: readonly Scorer[],
  sink: GradientSink | undefined,
): tf.Tensor[] {
  const scores = scorers.map((scorer) => dense(x, flat, scorer)); // [M, count] each
  const marks = scorers.map((scorer) => markLabels(labels, scorer)); // [M, count] each
  const sums = scores.map((one) => tf.logSumExp(one, 1, true)); // [M, 1] each
  const total = tf.logSumExp(tf.concat(sums, 1), 1, true); // [M, 1]
  const truths = addUp(scores.map((one, k) => tf.sum(tf.mul(one, marks[k]!), 1, true))); // [M, 1]
  const losses = tf.reshape(tf.sub(total, truths), [-1]); // [M]
  if (sink === undefined) return [losses];
  const factors = tf.reshape(weights, [-1, 1]); // [M, 1]
  const d = scorers.map((scorer, k) =>
    tf.tidy(() => {
      const excess = tf.sub(tf.exp(tf.sub(scores[k]!, total)), marks[k]!); // [M, count]
      return denseGradient(tf.mul(excess, factors), x, flat, scorer, sink); // [M, C]
    }),
  );
  return [losses, addUp(d)];
}

/**
 * `vocabularyLoss` over a table that lies in several banks: a layer for each, and one softmax over all of them.
 */
export function splitLoss(
  x: tf.Tensor2D,
  { labels, weights }: MaskedTargets,
  flat: Banks,
  decoder: DenseParts,
  sink: GradientSink | undefined,
): tf.Tensor[] {
  const [M, C] = x.shape;
  const scorers = cutDecoder(flat, decoder);
  const atOnce = countRows(scorers);
  return tf.tidy(() => {
    const chunks: tf.Tensor[][] = [];
    for (let first = 0; first < M; first += atOnce) {
      const count = Math.min(atOnce, M - first);
      const rows = tf.slice(x, [first, 0], [count, C]); // [count, C]
      const [own, factors] = [labels, weights].map((one) => tf.slice(one, [first], [count])); // [count]
      const targets = { labels: own!, weights: factors! };
      chunks.push(tf.tidy(() => loseRows(rows, targets, flat, scorers, sink)));
    }
    return chunks[0]!.map((_, k) => tf.concat(chunks.map((chunk) => chunk[k]!)));
  });
}
