import * as tf from "@tensorflow/tfjs-core";
import { readPart } from "../../gpu/banks";
import type { PointRows } from "../../model/gpt/gpt";
import { pointBias } from "../../model/gpt/gpt";
import { POINT_WIDTH } from "../../model/gpt/parameters";
import type { Pace } from "../../pace";
import type { Encoded } from "../encoder";
import type { AttentionShape, Back, Pass, Traced } from "../tape";
import type { GptLayerParts, GptLayout } from "./layout";

/** The point encoder with its positions: [BT, 2] to [BT, C]. */
function embed(pass: Pass, layout: GptLayout, { points, B, T }: PointRows): Traced {
  const C = layout.config.width;
  const { positions } = layout;
  const x = pass.own(tf.tensor2d(points, [B * T, POINT_WIDTH])); // [BT, 2]
  const inner = pass.dense(x, layout.encoderInner); // [BT, 2C]
  const bent = pass.relu(inner.out); // [BT, 2C]
  const outer = pass.dense(bent.out, layout.encoderOuter); // [BT, C]
  const placed = tf.tidy(() => {
    const first = readPart(pass.flat, { start: positions.start, shape: [T, C] }); // [T, C]
    const sum = tf.add(tf.reshape(outer.out, [B, T, C]), first); // [B, T, C]
    return tf.reshape<tf.Rank.R2>(sum, [B * T, C]); // [BT, C]
  });
  const back: Back = (d) => {
    const dPositions = tf.tidy(() => {
      const sum = tf.sum<tf.Tensor2D>(tf.reshape(d, [B, T, C]), 0); // [T, C]
      const rest = positions.shape[0]! - T;
      return tf.pad(sum, [
        [0, rest],
        [0, 0],
      ]); // [P, C]
    });
    pass.sink!.add(positions, dPositions);
    return inner.back(bent.back(outer.back(d))); // [BT, 2]
  };
  return { out: pass.own(placed), back };
}

/** A sum that stands beside its input: x + f(x). Both gradients of x meet. */
function residual(pass: Pass, x: tf.Tensor2D, out: tf.Tensor2D, back: Back): Traced {
  return {
    out: pass.own(tf.add<tf.Tensor2D>(x, out)), // [BT, C]
    back: (d) => {
      const through = back(pass.own(tf.clone(d))); // [BT, C]
      return pass.meet(through, d);
    },
  };
}

/** One pre-norm block: [BT, C] to [BT, C]. */
function runBlock(pass: Pass, x: tf.Tensor2D, parts: GptLayerParts, shape: AttentionShape): Traced {
  const normed = pass.norm(x, undefined, parts.attentionNorm); // [BT, C]
  const projected = pass.dense(normed.out, parts.projection); // [BT, 3C]
  const mixed = pass.attention(projected.out, shape); // [BT, C]
  const attended = pass.dense(mixed.out, parts.attended); // [BT, C]
  const middle = residual(pass, x, attended.out, (d) =>
    normed.back(projected.back(mixed.back(attended.back(d)))),
  );
  const second = pass.norm(middle.out, undefined, parts.denseNorm); // [BT, C]
  const inner = pass.dense(second.out, parts.inner); // [BT, 4C]
  const wide = pass.swish(inner.out); // [BT, 4C]
  const outer = pass.dense(wide.out, parts.outer); // [BT, C]
  const result = residual(pass, middle.out, outer.out, (d) =>
    second.back(inner.back(wide.back(outer.back(d)))),
  );
  return { out: result.out, back: (d) => middle.back(result.back(d)) };
}

/** The head of three layers: [BT, C] to [BT, 2]. */
function runHead(pass: Pass, x: tf.Tensor2D, layout: GptLayout): Traced {
  const inner = pass.dense(x, layout.headInner); // [BT, 4C]
  const wide = pass.relu(inner.out); // [BT, 4C]
  const outer = pass.dense(wide.out, layout.headOuter); // [BT, C]
  const narrow = pass.relu(outer.out); // [BT, C]
  const output = pass.dense(narrow.out, layout.headOutput); // [BT, 2]
  const back: Back = (d) => inner.back(wide.back(outer.back(narrow.back(output.back(d)))));
  return { out: output.out, back };
}

/** A GPT from points to the point that comes after each of them, [BT, 2]. Points are not checked here. */
export async function runDecoder(
  pass: Pass,
  layout: GptLayout,
  rows: PointRows,
  pace: Pace,
): Promise<Encoded> {
  const { B, T } = rows;
  const { headCount, isCausal } = layout.config;
  const bias = pointBias(isCausal, rows); // [B, T]
  if (bias !== undefined) pass.own(bias);
  const start = embed(pass, layout, rows); // [BT, C]
  const backs: Back[] = [start.back];
  let x = start.out;
  for (const parts of layout.layers) {
    const block = runBlock(pass, x, parts, { B, T, headCount, bias, isCausal });
    backs.unshift(block.back);
    x = block.out; // [BT, C]
    if (pace.due()) await pace.rest();
  }
  const final = pass.norm(x, undefined, layout.finalNorm); // [BT, C]
  const head = runHead(pass, final.out, layout);
  const back = async (d: tf.Tensor2D): Promise<void> => {
    let dX = final.back(head.back(d)); // [BT, C]
    for (const blockBack of backs) {
      if (pace.due()) await pace.rest();
      dX = blockBack(dX);
    }
  };
  return { out: head.out, back };
}
