import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import type { BertConfig } from "../../../core/model/config";
import { layerName } from "../../../core/model/parameters";
import type { HostTensors } from "../../../core/model/safetensors";
import type { MaskedRows } from "../../../core/train/objectives/masked";
import { ROOT } from "../../root";

type Variables = Readonly<Record<string, tf.Variable>>;

const matrix = (p: Variables, name: string): tf.Tensor2D => p[name] as unknown as tf.Tensor2D;

/** x W + b, weights as inputs by outputs. */
function dense(p: Variables, name: string, x: tf.Tensor2D): tf.Tensor2D {
  return tf.add(tf.matMul(x, matrix(p, `${name}.weight`)), p[`${name}.bias`]!);
}

function norm(p: Variables, name: string, x: tf.Tensor2D, epsilon: number): tf.Tensor2D {
  const centred = tf.sub(x, tf.mean(x, -1, true)); // [N, C]
  const variance = tf.mean(tf.square(centred), -1, true); // [N, 1]
  const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))); // [N, C]
  return tf.add(tf.mul(normal, p[`${name}.weight`]!), p[`${name}.bias`]!);
}

function gelu(x: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)); // [N, F]
}

interface Sizes {
  readonly B: number;
  readonly T: number;
  readonly config: BertConfig;
}

function attend(p: Variables, layer: number, x: tf.Tensor2D, { B, T, config }: Sizes): tf.Tensor2D {
  const { headCount: H, width: C } = config;
  const heads = (part: string): tf.Tensor4D => {
    const projected = dense(p, layerName(layer, `attention.self.${part}`), x); // [BT, C]
    return tf.transpose(tf.reshape(projected, [B, T, H, C / H]), [0, 2, 1, 3]); // [B, H, T, D]
  };
  const products = tf.matMul(heads("query"), heads("key"), false, true); // [B, H, T, T]
  const shares = tf.softmax(tf.mul(products, (C / H) ** -0.5)); // [B, H, T, T]
  const mixed = tf.matMul(shares, heads("value")); // [B, H, T, D]
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [B * T, C]);
}

function runLayer(p: Variables, layer: number, x: tf.Tensor2D, sizes: Sizes): tf.Tensor2D {
  const { layerNormEpsilon: epsilon } = sizes.config;
  const name = (part: string): string => layerName(layer, part);
  const summary = dense(p, name("attention.output.dense"), attend(p, layer, x, sizes)); // [BT, C]
  const middle = norm(p, name("attention.output.LayerNorm"), tf.add(summary, x), epsilon); // [BT, C]
  const wide = gelu(dense(p, name("intermediate.dense"), middle)); // [BT, F]
  const outer = dense(p, name("output.dense"), wide); // [BT, C]
  return norm(p, name("output.LayerNorm"), tf.add(outer, middle), epsilon);
}

/** Rows of a table by a product: tfjs' wasm has no gradient of `gather`. */
function take(table: tf.Tensor2D, numbers: Int32Array): tf.Tensor2D {
  const where = tf.oneHot(tf.tensor1d(numbers, "int32"), table.shape[0]); // [N, R]
  return tf.matMul(tf.cast(where, "float32") as tf.Tensor2D, table); // [N, C]
}

function lossOf(p: Variables, rows: MaskedRows, config: BertConfig): tf.Scalar {
  const { B, T } = rows;
  const { width: C, layerNormEpsilon: epsilon, vocabularySize: V } = config;
  const e = "bert.embeddings";
  const table = matrix(p, `${e}.word_embeddings.weight`); // [V, C]
  const words = tf.reshape(take(table, rows.tokens), [B, T, C]); // [B, T, C]
  const positions = tf.slice(matrix(p, `${e}.position_embeddings.weight`), [0, 0], [T, C]); // [T, C]
  const type = tf.slice(matrix(p, `${e}.token_type_embeddings.weight`), [0, 0], [1, C]); // [1, C]
  const sum = tf.reshape<tf.Rank.R2>(tf.add(words, tf.add(positions, type)), [B * T, C]); // [BT, C]
  let x = norm(p, `${e}.LayerNorm`, sum, epsilon); // [BT, C]
  for (let layer = 0; layer < config.layerCount; layer++)
    x = runLayer(p, layer, x, { B, T, config });
  const head = "cls.predictions";
  const bent = gelu(dense(p, `${head}.transform.dense`, take(x, rows.places))); // [M, C]
  const hidden = norm(p, `${head}.transform.LayerNorm`, bent, epsilon); // [M, C]
  const scores = tf.add(tf.matMul(hidden, table, false, true), p[`${head}.bias`]!); // [M, V]
  const logs = tf.sub(scores, tf.logSumExp(scores, -1, true)); // [M, V]
  const where = tf.oneHot(tf.tensor1d(rows.labels, "int32"), V); // [M, V]
  return tf.mul(tf.sum(tf.mul(logs, tf.cast(where, "float32"))), -1 / rows.labels.length);
}

/** tfjs-core alone knows no gradients, and Node cannot load the module that registers them: it is bundled first. */
async function registerGradients(): Promise<void> {
  const { build } = await import("esbuild");
  const outfile = join(ROOT, "build", "bench", "tfjs-gradients.mjs");
  const contents = 'import "@tensorflow/tfjs-core/dist/register_all_gradients";';
  const stdin = { contents, resolveDir: ROOT };
  await build({ stdin, outfile, bundle: true, format: "esm", platform: "node", logLevel: "error" });
  await import(pathToFileURL(outfile).href);
}

/** Training as tfjs' documentation shows it: variables, the tape, and its own Adam. */
export interface PlainBert {
  run(): Promise<{ loss: number; norm: number }>;
  dispose(): void;
}

/** On the current engine. Padding is not handled, rows must be full. */
export async function openPlainBert(
  config: BertConfig,
  tensors: HostTensors,
  rows: MaskedRows,
): Promise<PlainBert> {
  await registerGradients();
  const variables: Record<string, tf.Variable> = {};
  for (const [name, { shape, values }] of tensors) {
    const tensor = tf.tensor(values, [...shape]);
    const isProduct = shape.length === 2 && !name.includes("embeddings");
    variables[name] = tf.variable(isProduct ? tf.transpose(tensor) : tensor);
  }
  const adam = tf.train.adam(1e-3);
  const run = async (): Promise<{ loss: number; norm: number }> => {
    const { value, grads } = tf.variableGrads(
      () => lossOf(variables, rows, config),
      Object.values(variables),
    );
    const squares = tf.tidy(() => tf.addN(Object.values(grads).map((g) => tf.sum(tf.square(g)))));
    adam.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
    const [loss, total] = [(await value.data())[0]!, (await squares.data())[0]!];
    tf.dispose([value, squares, grads]);
    return { loss, norm: Math.sqrt(total) };
  };
  return { run, dispose: () => (adam.dispose(), tf.dispose(variables)) };
}
