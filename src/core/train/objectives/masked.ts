import * as tf from "@tensorflow/tfjs-core";
import { vocabularyLoss } from "../../gpu/training/loss";
import type { EncoderRows } from "../encoder";
import { runEncoder } from "../encoder";
import type { Layout } from "../layout";
import type { Pass, Traced } from "../tape";
import type { Objective, WeightedRows } from "./objective";

/** Rows of tokens of which some are masked; what the loss of one pass is about. */
export interface MaskedRows extends EncoderRows, WeightedRows {
  /** Flat positions (row * T + position) of masked places; filled up with any. */
  readonly places: Int32Array; // [M]
  /** True tokens. */
  readonly labels: Int32Array; // [M]
}

/** The transform before the vocabulary: [M, C] to [M, C]. */
function runHead(pass: Pass, x: tf.Tensor2D, layout: Layout): Traced {
  const bent = pass.dense(x, layout.transform); // [M, C]
  const active = pass.gelu(bent.out); // [M, C]
  const normed = pass.norm(active.out, undefined, layout.transformNorm); // [M, C]
  return { out: normed.out, back: (d) => bent.back(active.back(normed.back(d))) };
}

/** The masked-language loss of BERT: the cross-entropy of each masked place, [M]. Labels are not checked here. */
export const maskedObjective: Objective<Layout, MaskedRows> = async (pass, layout, rows, pace) => {
  const encoded = await runEncoder(pass, layout, rows, rows.places, pace); // [M, C]
  const head = runHead(pass, encoded.out, layout);
  const targets = {
    labels: pass.own(tf.tensor1d(rows.labels, "int32")),
    weights: pass.own(tf.tensor1d(rows.weights)),
  };
  const { losses, d } = vocabularyLoss(head.out, targets, pass.flat, layout.decoder, pass.sink);
  pass.own(losses);
  if (d !== undefined) await encoded.back(head.back(pass.own(d)));
  return losses;
};
