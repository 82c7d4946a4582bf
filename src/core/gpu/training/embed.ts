import * as tf from "@tensorflow/tfjs-core";
import type { Banks, Part } from "../banks";
import { cutPart, findPart, readPart } from "../banks";
import type { GradientSink } from "../gradient-sink";
import { areVectors, runFused, takeRows } from "../ops";
import { findRows, takeRowsOf } from "../sections";
import { TRAINING } from "../training-names";
import { putRows } from "./rows";

/** The three tables of BERT's embeddings. */
export interface EmbeddingParts {
  readonly words: Part; // [V, C]
  readonly positions: Part; // [P, C]
  readonly types: Part; // [2, C]
}

/** The place of a token modulo T is its position. */
export interface TokenPlaces {
  readonly tokens: tf.Tensor1D; // [BT]
  readonly T: number;
}

/** Where the tables begin, and in which banks, for kernels; they take words that lie in one bank. */
function findTables(banks: Banks, { words, positions, types }: EmbeddingParts, T: number) {
  const [w, p, t] = [words, positions, types].map((part) => findPart(banks, part));
  const [V, C] = words.shape as [number, number];
  return {
    inputs: { words: w!.bank, positions: p!.bank, types: t!.bank },
    attributes: { words: w!.start, positions: p!.start, types: t!.start, V, C, T },
  };
}

/** Rows of the words, which may lie in several banks: [N, C]. */
function takeWords(numbers: tf.Tensor1D, flat: Banks, words: Part): tf.Tensor2D {
  const sections = cutPart(flat, words).map((section) => ({
    rows: section.shape[0]!,
    read: () => readPart(flat, section), // [rows, C]
  }));
  return takeRowsOf(sections, numbers); // [N, C]
}

/** The sum of word, position and first type embeddings: [BT, C]. */
export function embed({ tokens, T }: TokenPlaces, flat: Banks, parts: EmbeddingParts): tf.Tensor2D {
  const C = parts.words.shape[1]!;
  if (areVectors(C) && cutPart(flat, parts.words).length === 1) {
    const { inputs, attributes } = findTables(flat, parts, T);
    const fused = runFused(TRAINING.embed, { tokens, ...inputs }, attributes);
    if (fused !== undefined) return fused as tf.Tensor2D;
  }
  return tf.tidy(() => {
    const rows = takeWords(tokens, flat, parts.words); // [BT, C]
    const positions = tf.slice(readPart(flat, parts.positions), [0, 0], [T, C]); // [T, C]
    const type = tf.slice(readPart(flat, parts.types), [0, 0], [1, C]); // [1, C]
    const sum = tf.add(tf.reshape(rows, [-1, T, C]), tf.add(positions, type)); // [B, T, C]
    return tf.reshape<tf.Rank.R2>(sum, [tokens.size, C]); // [BT, C]
  });
}

/** Adds the gradient of the embeddings [BT, C] to that of the words, which may lie in several banks. */
function addWords(d: tf.Tensor2D, tokens: tf.Tensor1D, words: Part, sink: GradientSink): void {
  let first = 0;
  for (const section of cutPart(sink, words)) {
    const rows = section.shape[0]!;
    const sums = tf.tidy(() => {
      const { places, isThere } = findRows(tokens, first, rows);
      return putRows(tf.mul(d, isThere), places, rows);
    }); // [rows, C]
    sink.add(section, sums);
    first += rows;
  }
}

/** From the gradient of the embeddings [BT, C] to those of the three tables. */
export function embedGradient(
  d: tf.Tensor2D,
  { tokens, T }: TokenPlaces,
  parts: EmbeddingParts,
  sink: GradientSink,
): void {
  const C = d.shape[1];
  if (areVectors(C) && cutPart(sink, parts.words).length === 1) {
    const { inputs, attributes } = findTables(sink.flat, parts, T);
    const given = { d, tokens, ...inputs };
    if (runFused<tf.Tensor[]>(TRAINING.embedGradient, given, attributes) !== undefined) return;
  }
  addWords(d, tokens, parts.words, sink);
  const [positions, types] = tf.tidy(() => {
    const pad = (rows: tf.Tensor2D, count: number): tf.Tensor2D =>
      tf.pad(rows, [
        [0, count - rows.shape[0]],
        [0, 0],
      ]);
    const perPosition = tf.sum<tf.Tensor2D>(tf.reshape(d, [-1, T, C]), 0); // [T, C]
    const all = tf.sum<tf.Tensor2D>(perPosition, 0, true); // [1, C]
    return [
      pad(perPosition, parts.positions.shape[0]!), // [P, C]
      pad(all, parts.types.shape[0]!), // [2, C]
    ];
  });
  sink.add(parts.positions, positions);
  sink.add(parts.types, types);
}

/** Rows of a table and a row of zeros behind them, for numbers that mean none. */
const withNone = (table: tf.Tensor2D): tf.Tensor2D =>
  tf.pad(table, [
    [0, 1],
    [0, 0],
  ]); // [R + 1, C]

/** x [N, C] with the rows of a table [R, C] added; number R adds nothing. */
export function addLookUp(
  x: tf.Tensor2D,
  numbers: tf.Tensor1D,
  flat: Banks,
  table: Part,
): tf.Tensor2D {
  return tf.tidy(() => tf.add<tf.Tensor2D>(x, takeRows(withNone(readPart(flat, table)), numbers))); // [N, C]
}

/** From the gradient of what `addLookUp` gave [N, C] to that of the table. */
export function addLookUpGradient(
  d: tf.Tensor2D,
  numbers: tf.Tensor1D,
  table: Part,
  sink: GradientSink,
): void {
  const R = table.shape[0]!;
  sink.add(
    table,
    tf.tidy(() => tf.slice(putRows(d, numbers, R + 1), [0, 0], [R, -1])),
  ); // [R, C]
}

/**
 * Embeddings made with type 0 [N, C], with the difference to type 1 added where a token is of that type: pairs
 * are few, so the embedding kernels know one type.
 */
export function addTypes(x: tf.Tensor2D, types: tf.Tensor1D, flat: Banks, part: Part): tf.Tensor2D {
  return tf.tidy(() => {
    const [first, second] = tf.split(tf.slice(readPart(flat, part), [0, 0], [2, -1]), 2); // [1, C] each
    const step = tf.concat<tf.Tensor2D>([
      tf.zerosLike(first!),
      tf.sub(second!, first!),
    ] as tf.Tensor2D[]); // [2, C]
    return tf.add<tf.Tensor2D>(x, takeRows(step, types)); // [N, C]
  });
}

/** From the gradient of what `addTypes` gave, besides that of embeddings of type 0, to those of the types. */
export function addTypesGradient(
  d: tf.Tensor2D,
  types: tf.Tensor1D,
  part: Part,
  sink: GradientSink,
): void {
  const moved = tf.tidy(() => {
    const ofSecond = tf.slice(putRows(d, types, 2), [1, 0], [1, -1]); // [1, C]
    const both = tf.concat([tf.neg(ofSecond), ofSecond]); // [2, C]
    const more = part.shape[0]! - 2;
    return tf.pad<tf.Tensor2D>(both, [
      [0, more],
      [0, 0],
    ]); // [types, C]
  });
  sink.add(part, moved);
}
