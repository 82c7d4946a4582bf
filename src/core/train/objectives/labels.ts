import * as tf from "@tensorflow/tfjs-core";
import { squaredLoss, vocabularyLoss } from "../../gpu/training/loss";
import type { Pace } from "../../pace";
import { SPECIAL_TOKENS } from "../../token/tokeniser";
import type { Encoded, EncoderRows } from "../encoder";
import { runEncoder } from "../encoder";
import type { LabelLayout } from "../layout";
import type { Pass, Traced } from "../tape";
import { comparePairs } from "./compare";
import type { Objective, WeightedRows } from "./objective";

/** Rows of tokens, each with the class or the targets that it shall tell. */
export interface LabelRows extends EncoderRows, WeightedRows {
  readonly labels:
    | { readonly kind: "classes"; readonly values: Int32Array } // [B]
    | { readonly kind: "targets"; readonly values: Float32Array }; // [B, D], standardised
}

/** What each token counts in the mean over its row's pieces. */
function pieceShares({ tokens, B, T }: EncoderRows): tf.Tensor3D {
  const shares = new Float32Array(B * T);
  for (let b = 0; b < B; b++) {
    const row = tokens.subarray(b * T, (b + 1) * T);
    const isPiece = (token: number): boolean => token >= SPECIAL_TOKENS.length;
    const count = row.filter(isPiece).length;
    row.forEach((token, t) => (shares[b * T + t] = isPiece(token) ? 1 / count : 0));
  }
  return tf.tensor3d(shares, [B, 1, T]);
}

/** The states that the head looks at, one of each row, [B, C], of pairs [B / 2, 3C], and the way back from them. */
async function pool(
  pass: Pass,
  layout: LabelLayout,
  rows: EncoderRows,
  pace: Pace,
): Promise<Encoded> {
  if (layout.pooling === "cls") {
    const starts = Int32Array.from({ length: rows.B }, (_, b) => b * rows.T); // [CLS] comes first
    return await runEncoder(pass, layout, rows, starts, pace); // [B, C]
  }
  const encoded = await runEncoder(pass, layout, rows, undefined, pace); // [BT, C]
  const mean = pass.weigh(encoded.out, pass.own(pieceShares(rows))); // [B, C]
  if (layout.pooling === "mean") {
    return { out: mean.out, back: (d) => encoded.back(mean.back(d)) };
  }
  const compared = comparePairs(pass, mean.out); // [B / 2, 3C]
  return { out: compared.out, back: (d) => encoded.back(mean.back(compared.back(d))) };
}

/** The pooled states through the pooler, [B, C], and the way back; those of pairs, [B / 2, 3C], have none. */
async function runPooler(pass: Pass, layout: LabelLayout, rows: EncoderRows, pace: Pace) {
  const encoded = await pool(pass, layout, rows, pace); // [B, C]
  if (layout.pooler === undefined) {
    const left = pass.drop(encoded.out); // [B / 2, 3C]
    return { out: left.out, back: (d: tf.Tensor2D) => encoded.back(left.back(d)) };
  }
  const pooled = pass.dense(encoded.out, layout.pooler); // [B, C]
  const bent = pass.tanh(pooled.out); // [B, C]
  const left = pass.drop(bent.out); // [B, C]
  const back = (d: tf.Tensor2D): Promise<void> =>
    encoded.back(pooled.back(bent.back(left.back(d))));
  return { out: left.out, back };
}

/**
 * Scores of classes, or standardised targets, [B, O]: the first K of each row, zeros behind them up to a multiple of
 * 4. They belong to the pass. Throws "stopped".
 */
export async function runAnswers(
  pass: Pass,
  layout: LabelLayout,
  rows: EncoderRows,
  pace: Pace,
): Promise<tf.Tensor2D> {
  const pooled = await runPooler(pass, layout, rows, pace); // [B, C]
  return pass.dense(pooled.out, layout.padded).out; // [B, O]
}

/** Losses [B] of pooled states, and the way back to them. */
function runLoss(pass: Pass, x: tf.Tensor2D, layout: LabelLayout, { labels, weights }: LabelRows) {
  const { classifier } = layout;
  const counted = pass.own(tf.tensor1d(weights)); // [B]
  if (labels.kind === "classes") {
    const targets = { labels: pass.own(tf.tensor1d(labels.values, "int32")), weights: counted };
    return vocabularyLoss(x, targets, pass.flat, classifier, pass.sink);
  }
  const answers: Traced = pass.dense(x, layout.padded); // [B, O]
  const [D, O] = [classifier.bias.shape[0]!, answers.out.shape[1]];
  const targets = tf.tidy(() =>
    tf.pad(tf.tensor2d(labels.values, [x.shape[0], D]), [
      [0, 0],
      [0, O - D],
    ]),
  ); // [B, O]
  const { losses, d } = squaredLoss(answers.out, pass.own(targets), counted, D);
  if (pass.sink !== undefined) return { losses, d: answers.back(pass.own(d)) };
  d.dispose();
  return { losses, d: undefined };
}

/**
 * What Hugging Face's BertForSequenceClassification is trained for: softmax cross-entropy of each row's class, or
 * the mean squared error of its targets, [B]. Labels are not checked here.
 */
export const labelObjective: Objective<LabelLayout, LabelRows> = async (
  pass,
  layout,
  rows,
  pace,
) => {
  const pooled = await runPooler(pass, layout, rows, pace); // [B, C]
  const { losses, d } = runLoss(pass, pooled.out, layout, rows);
  pass.own(losses);
  if (d !== undefined) await pooled.back(pass.own(d));
  return losses;
};
