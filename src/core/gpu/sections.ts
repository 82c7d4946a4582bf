import * as tf from "@tensorflow/tfjs-core";
import { takeRows } from "./ops";

/**
 * Which of some numbers [N] are of the `count` rows from `first` on: 1 or 0 [N, 1], and where among them [N]; 0 for
 * the others. Both are the caller's.
 */
export function findRows(numbers: tf.Tensor1D, first: number, count: number) {
  return tf.tidy(() => {
    const places = tf.sub(numbers, tf.scalar(first, "int32")); // [N]
    const isAbove = tf.greaterEqual(places, tf.scalar(0, "int32")); // [N]
    const isThere = tf.logicalAnd(isAbove, tf.less(places, tf.scalar(count, "int32"))); // [N]
    return {
      places: tf.mul<tf.Tensor1D>(places, tf.cast(isThere, "int32")), // [N]
      isThere: tf.reshape<tf.Rank.R2>(tf.cast(isThere, "float32"), [-1, 1]), // [N, 1]
    };
  });
}

/** Rows of a table that is too large for one tensor: how many, and what gives them, [rows, C]. */
export interface Section {
  readonly rows: number;
  readonly read: () => tf.Tensor2D;
}

/**
 * `takeRows` of a table in sections, one below the other: [N, C], with the same bits. Sections that are made to be
 * read are freed one after the other.
 */
export function takeRowsOf(sections: readonly Section[], numbers: tf.Tensor1D): tf.Tensor2D {
  let first = 0;
  const takeFrom = ({ rows, read }: Section): tf.Tensor2D => {
    const { places, isThere } = findRows(numbers, first, rows);
    first += rows;
    return tf.mul(takeRows(read(), places), isThere); // [N, C]
  };
  const [only, ...others] = sections;
  return tf.tidy(() => {
    if (others.length === 0) return takeRows(only!.read(), numbers); // [N, C]
    const taken = sections.map((section) => tf.tidy(() => takeFrom(section))); // [N, C] each
    return taken.reduce((sum, rows) => tf.add<tf.Tensor2D>(sum, rows)); // [N, C]
  });
}
