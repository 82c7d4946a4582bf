import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import type { BertConfig } from "../../../core/model/config";
import { initialiseBert, layerName } from "../../../core/model/parameters";
import type { MaskedRows } from "../../../core/train/objectives/masked";
import type { ModelBackend } from "../model/ask";
import { openOwnEngine } from "./footfall";
import type { OpenRunner } from "./model";
import { makeConfig, makeRows, sampleOf } from "./model";

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

/** Rows of a table; on wasm by a product, because tfjs has no gradient of `gather` there. */
function take(table: tf.Tensor2D, numbers: Int32Array): tf.Tensor2D {
  const places = tf.tensor1d(numbers, "int32");
  if (tf.getBackend() === "webgpu") return tf.gather(table, places);
  const where = tf.oneHot(places, table.shape[0]); // [N, R]
  return tf.matMul(tf.cast(where, "float32") as tf.Tensor2D, table); // [N, C]
}

/** Logits of some places [M, V], or of all of them. */
function scoreRows(
  p: Variables,
  rows: MaskedRows,
  config: BertConfig,
  isAll: boolean,
): tf.Tensor2D {
  const { B, T } = rows;
  const { width: C, layerNormEpsilon: epsilon } = config;
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
  const bent = gelu(dense(p, `${head}.transform.dense`, isAll ? x : take(x, rows.places))); // [M, C]
  const hidden = norm(p, `${head}.transform.LayerNorm`, bent, epsilon); // [M, C]
  return tf.add(tf.matMul(hidden, table, false, true), p[`${head}.bias`]!); // [M, V]
}

function lossOf(p: Variables, rows: MaskedRows, config: BertConfig): tf.Scalar {
  const scores = scoreRows(p, rows, config, false); // [M, V]
  const logs = tf.sub(scores, tf.logSumExp(scores, -1, true)); // [M, V]
  const where = tf.oneHot(tf.tensor1d(rows.labels, "int32"), config.vocabularySize); // [M, V]
  return tf.mul(tf.sum(tf.mul(logs, tf.cast(where, "float32"))), -1 / rows.labels.length);
}

/** Opens tfjs as its documentation shows it, with the threads that it chooses by itself on wasm. */
async function openEngine(backend: ModelBackend): Promise<string> {
  if (backend === "webgpu") return (await openOwnEngine(backend)).description;
  const { getThreadsCount, setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths("./tfjs/");
  await tf.setBackend("wasm");
  return `tfjs ${tf.version_core}, ${getThreadsCount()} threads`;
}

function createVariables(config: BertConfig): Variables {
  const variables: Record<string, tf.Variable> = {};
  for (const [name, { shape, values }] of initialiseBert(config)) {
    const tensor = tf.tensor(values, [...shape]);
    const isProduct = shape.length === 2 && !name.includes("embeddings");
    variables[name] = tf.variable(isProduct ? tf.transpose(tensor) : tensor);
  }
  return variables;
}

/** One step of training by variables, the tape, and tfjs' own Adam; the loss, and the norm where it is asked. */
async function stepOnce(
  variables: Variables,
  adam: tf.Optimizer,
  loss: () => tf.Scalar,
  wantsNorm: boolean,
): Promise<number[]> {
  const { value, grads } = tf.variableGrads(loss, Object.values(variables));
  const squares = wantsNorm
    ? tf.tidy(() =>
        Object.values(grads)
          .map((g) => tf.sum(tf.square(g)))
          .reduce((a, b) => tf.add(a, b)),
      )
    : undefined;
  adam.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
  const found = [(await value.data())[0]!];
  if (squares !== undefined) found.push(Math.sqrt((await squares.data())[0]!));
  tf.dispose([value, grads, squares ?? []]);
  return found;
}

/** Rows must be full: padding is not handled. */
export const openPlain: OpenRunner = async (ask) => {
  const description = await openEngine(ask.backend);
  const [config, rows] = [makeConfig(ask), makeRows(ask)];
  const variables = createVariables(config);
  if (ask.task === "forward") {
    const logitsOf = async (): Promise<Float32Array> => {
      const logits = tf.tidy(() => scoreRows(variables, rows, config, true)); // [BT, V]
      const values = await logits.data<"float32">();
      logits.dispose();
      return values;
    };
    const check = async () => sampleOf(await logitsOf());
    return { description, check, run: async () => void (await logitsOf()) };
  }
  const adam = tf.train.adam(1e-3);
  const step = (wantsNorm: boolean) =>
    stepOnce(variables, adam, () => lossOf(variables, rows, config), wantsNorm);
  return { description, check: () => step(true), run: async () => void (await step(false)) };
};
