import * as tf from "@tensorflow/tfjs-core";
import type { Pass, Traced } from "../tape";

/**
 * From the means of both parts of pairs, one behind the other, [2N, C], to what a layer can tell them apart by: u, v
 * and |u - v| side by side, [N, 3C] (Reimers & Gurevych 2019, section 3).
 */
export function comparePairs(pass: Pass, x: tf.Tensor2D): Traced {
  const [N, C] = [x.shape[0] / 2, x.shape[1]];
  const [out, signs] = tf.tidy(() => {
    const both = tf.reshape<tf.Rank.R2>(x, [N, 2 * C]); // [N, 2C]
    const apart = tf.sub<tf.Tensor2D>(...(tf.split(both, 2, 1) as [tf.Tensor2D, tf.Tensor2D])); // [N, C]
    return [tf.concat([both, tf.abs(apart)], 1), tf.sign(apart)]; // [N, 3C], [N, C]
  }) as [tf.Tensor2D, tf.Tensor2D];
  pass.own(signs);
  const back = (d: tf.Tensor2D): tf.Tensor2D => {
    const dX = tf.tidy(() => {
      const [direct, dApart] = tf.split(d, [2 * C, C], 1) as [tf.Tensor2D, tf.Tensor2D];
      const dFirst = tf.mul<tf.Tensor2D>(dApart, signs); // [N, C]
      const dBoth = tf.add(direct, tf.concat([dFirst, tf.neg(dFirst)], 1)); // [N, 2C]
      return tf.reshape<tf.Rank.R2>(dBoth, [2 * N, C]); // [2N, C]
    });
    pass.free(d);
    return pass.own(dX);
  };
  return { out: pass.own(out), back };
}
