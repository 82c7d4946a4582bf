import * as tf from "@tensorflow/tfjs-core";
import { FootfallError } from "../errors";
import { tensorLimit } from "../gpu/banks";
import {
  PADDING_BIAS,
  addAndNorm,
  attention,
  geluTanh,
  layerNorm,
  linear,
  linearGelu,
  takeRows,
} from "../gpu/ops";
import { takeRowsOf } from "../gpu/sections";
import { buildBert, type BertWeights, type Layer } from "./bert-weights";
import type { BertConfig } from "./config";
import { guessesNoCells } from "./label-answers";
import { bertShapes, checkTensors, encoderShapes, hasMaskedHead } from "./parameters";
import type { HostTensors } from "./safetensors";
import type { Dense } from "./weights";

/** Weights of one BERT on the current engine. `dispose` frees them all. */
export interface Bert extends BertWeights {
  readonly config: BertConfig;
  dispose(): void;
}

/** Rows of token ids, all of one length; 0 is [PAD] and is not attended to. */
export interface TokenRows {
  readonly tokens: Int32Array | Uint16Array | Uint32Array; // [B, T]
  readonly B: number;
  readonly T: number;
  /** Hours of the week, `NO_HOUR` for none; a model that knows times takes a row without them as none. */
  readonly hours?: Int32Array | undefined; // [B, T]
}

/**
 * Puts weights on the current engine, in the layout that it multiplies fastest; those of an adapted model without a
 * masked-language head. The caller disposes.
 * Throws "weights-mismatch" where a tensor is missing or has another shape than the configuration says.
 */
export function createBert(config: BertConfig, tensors: HostTensors): Bert {
  const shapes = hasMaskedHead(tensors) ? bertShapes(config) : encoderShapes(config);
  const checked = checkTensors(shapes, tensors);
  const parts = buildBert(config, checked);
  return { config, ...parts, dispose: () => tf.dispose(parts as unknown as tf.TensorContainer) };
}

/**
 * Checks ids on the CPU: tfjs reads a row outside the table as zeros without a word. Throws
 * "token-out-of-range" for an id outside the vocabulary, "bad-input" for a sequence without positions.
 */
export function checkTokens(config: BertConfig, { tokens, B, T }: TokenRows): void {
  const { vocabularySize: V, maxPositions: P } = config;
  if (tokens.length !== B * T) {
    throw new FootfallError("bad-input", `${tokens.length} tokens cannot be ${B} rows of ${T}`);
  }
  if (T > P) {
    throw new FootfallError(
      "bad-input",
      `a sequence of ${T} tokens is longer than the model's ${P} positions`,
    );
  }
  const wrong = tokens.findIndex((token) => token < 0 || token >= V);
  if (wrong < 0) return;
  throw new FootfallError(
    "token-out-of-range",
    `row ${Math.floor(wrong / T)}, position ${wrong % T}: token ${tokens[wrong]} is outside the vocabulary (0 to ${V - 1})`,
  );
}

const toInt32 = (numbers: TokenRows["tokens"]): Int32Array =>
  numbers instanceof Int32Array ? numbers : Int32Array.from(numbers);

/** [B, T] to be added to the scores of each key, undefined where no token is [PAD]. */
function paddingBias({ tokens, B, T }: TokenRows): tf.Tensor2D | undefined {
  if (!tokens.includes(0)) return undefined;
  return tf.tensor2d(
    Float32Array.from(tokens, (token) => (token === 0 ? PADDING_BIAS : 0)),
    [B, T],
  ); // [B, T]
}

function embed(bert: Bert, { tokens, T, hours }: TokenRows): tf.Tensor2D {
  const { words, positions, times, embeddingNorm, config } = bert;
  const sections = words.map((table) => ({ rows: table.shape[0], read: () => table }));
  const alone = takeRowsOf(sections, tf.tensor1d(toInt32(tokens), "int32")); // [BT, C]
  const isTimed = times !== undefined && hours !== undefined;
  const embedded = isTimed
    ? tf.add<tf.Tensor2D>(alone, takeRows(times, tf.tensor1d(hours, "int32")))
    : alone; // [BT, C]
  const first = tf.slice(positions, [0, 0], [T, config.width]); // [T, C]
  return addAndNorm(embedded, first, embeddingNorm); // [BT, C]
}

const ACTIVATIONS = { gelu_new: geluTanh, relu: (x: tf.Tensor2D) => tf.relu(x) };

/** A layer and what bends its result: [N, I] to [N, O]. */
function bend(bert: Bert, x: tf.Tensor2D, { weight, bias }: Dense): tf.Tensor2D {
  const { activation } = bert.config;
  if (activation === "gelu") return linearGelu(x, weight, bias); // [N, O]
  return tf.tidy(() => ACTIVATIONS[activation](linear(x, weight, bias))); // [N, O]
}

/** What the layers share during one pass. */
interface Pass {
  readonly rows: TokenRows;
  readonly bias: tf.Tensor2D | undefined;
  /** Positions kept after the last attention; undefined keeps all. */
  readonly kept: tf.Tensor1D | undefined;
}

/** One post-norm encoder layer: [BT, C] to [BT, C], or to [M, C] where only some positions are kept. */
function runLayer(bert: Bert, layer: Layer, x: tf.Tensor2D, pass: Pass): tf.Tensor2D {
  const { B, T } = pass.rows;
  const { width: C, headCount } = bert.config;
  const { projection, attended, inner, outer } = layer;
  const projected = linear(x, projection.weight, projection.bias); // [BT, 3C]
  const mixed = attention(tf.reshape(projected, [B, T, 3 * C]), pass.bias, headCount); // [B, T, C]
  const flat: tf.Tensor2D = tf.reshape(mixed, [B * T, C]); // [BT, C]
  const here = pass.kept === undefined ? flat : takeRows(flat, pass.kept); // [M, C]
  const before = pass.kept === undefined ? x : takeRows(x, pass.kept); // [M, C]
  const summary = linear(here, attended.weight, attended.bias); // [M, C]
  const middle = addAndNorm(summary, before, layer.attendedNorm); // [M, C]
  const wide = bend(bert, middle, inner); // [M, F]
  return addAndNorm(linear(wide, outer.weight, outer.bias), middle, layer.outerNorm); // [M, C]
}

/**
 * Hidden states of the last layer.
 * @param kept flat positions (row * T + position) wanted; default all. The last layer's dense part runs for
 *   these alone
 * @returns [B * T, C], or [M, C] in the order of `kept`; the caller disposes. Throws as `checkTokens`
 */
export function encode(bert: Bert, rows: TokenRows, kept?: Int32Array): tf.Tensor2D {
  checkTokens(bert.config, rows);
  return tf.tidy(() => {
    const bias = paddingBias(rows); // [B, T]
    const numbers = kept === undefined ? undefined : tf.tensor1d(kept, "int32"); // [M]
    let x = embed(bert, rows); // [BT, C]
    bert.layers.forEach((layer, n) => {
      const isLast = n === bert.layers.length - 1;
      const next = runLayerTidily(bert, layer, x, {
        rows,
        bias,
        kept: isLast ? numbers : undefined,
      });
      x.dispose();
      x = next; // [BT, C], the last [M, C]
    });
    return x;
  });
}

function runLayerTidily(bert: Bert, layer: Layer, x: tf.Tensor2D, pass: Pass): tf.Tensor2D {
  return tf.tidy(() => runLayer(bert, layer, x, pass)); // [BT, C] or [M, C]
}

/**
 * The masked-language head: hidden states [M, C] to vocabulary scores [M, V]; the caller disposes. Throws
 * "weights-mismatch" where the weights have none.
 */
export function scoreTokens(bert: Bert, hidden: tf.Tensor2D): tf.Tensor2D {
  if (bert.head === undefined) throw guessesNoCells();
  const { transform, transformNorm, decoder } = bert.head;
  return tf.tidy(() => {
    const bent = bend(bert, hidden, transform); // [M, C]
    const normed = layerNorm(bent, transformNorm); // [M, C]
    const scores = decoder.map(({ weight, bias }) => linear(normed, weight, bias)); // [M, rows] each
    return tf.concat(scores, 1); // [M, V]
  });
}

/** The scores of hidden states [M, C], row-major [M, V]: as many rows at a time as have scores that fit a buffer. */
export async function readScores(bert: Bert, hidden: tf.Tensor2D): Promise<Float32Array> {
  const { vocabularySize: V, width: C } = bert.config;
  const M = hidden.shape[0];
  const atOnce = Math.max(1, Math.min(M, Math.floor(tensorLimit() / V)));
  const values = new Float32Array(M * V);
  for (let from = 0; from < M; from += atOnce) {
    const count = Math.min(atOnce, M - from);
    const scores = tf.tidy(() => {
      const rows = count === M ? hidden : tf.slice(hidden, [from, 0], [count, C]); // [count, C]
      return scoreTokens(bert, rows); // [count, V]
    });
    values.set(await scores.data<"float32">(), from * V);
    scores.dispose();
  }
  return values;
}
