import { init, defaultDevice, jit, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import type { BertConfig } from "../../../core/model/config";
import { layerName } from "../../../core/model/parameters";
import type { HostTensor, HostTensors } from "../../../core/model/safetensors";
import type { MaskedRows } from "../../../core/train/objectives/masked";

type Parameters = Record<string, np.Array>;

/** x W + b, weights as inputs by outputs; `ref` keeps what jax-js would free after its first use. */
function dense(p: Parameters, name: string, x: np.Array): np.Array {
  return np.matmul(x, p[`${name}.weight`]!.ref).add(p[`${name}.bias`]!.ref);
}

function norm(p: Parameters, name: string, x: np.Array, epsilon: number): np.Array {
  const centred = x.ref.sub(np.mean(x, -1, { keepdims: true })); // [N, C]
  const variance = np.mean(np.square(centred.ref), -1, { keepdims: true }); // [N, 1]
  const normal = centred.div(np.sqrt(variance.add(epsilon))); // [N, C]
  return normal.mul(p[`${name}.weight`]!.ref).add(p[`${name}.bias`]!.ref);
}

interface Sizes {
  readonly B: number;
  readonly T: number;
  readonly config: BertConfig;
}

function attend(p: Parameters, layer: number, x: np.Array, { B, T, config }: Sizes): np.Array {
  const { headCount: H, width: C } = config;
  const D = C / H;
  const heads = (part: string, order: number[]): np.Array => {
    const projected = dense(p, layerName(layer, `attention.self.${part}`), x.ref); // [BT, C]
    return np.transpose(np.reshape(projected, [B, T, H, D]), order);
  };
  const query = heads("query", [0, 2, 1, 3]); // [B, H, T, D]
  const key = heads("key", [0, 2, 3, 1]); // [B, H, D, T]
  const value = heads("value", [0, 2, 1, 3]); // [B, H, T, D]
  x.dispose();
  const shares = nn.softmax(np.matmul(query, key).mul(D ** -0.5), -1); // [B, H, T, T]
  const mixed = np.matmul(shares, value); // [B, H, T, D]
  return np.reshape(np.transpose(mixed, [0, 2, 1, 3]), [B * T, C]);
}

function runLayer(p: Parameters, layer: number, x: np.Array, sizes: Sizes): np.Array {
  const { layerNormEpsilon: epsilon } = sizes.config;
  const name = (part: string): string => layerName(layer, part);
  const summary = dense(p, name("attention.output.dense"), attend(p, layer, x.ref, sizes)); // [BT, C]
  const middle = norm(p, name("attention.output.LayerNorm"), summary.add(x), epsilon); // [BT, C]
  const inner = dense(p, name("intermediate.dense"), middle.ref); // [BT, F]
  const wide = nn.gelu(inner, { approximate: false }); // [BT, F]
  const outer = dense(p, name("output.dense"), wide); // [BT, C]
  return norm(p, name("output.LayerNorm"), outer.add(middle), epsilon);
}

/**
 * The mean masked-LM loss of word embeddings [BT, C]. Masked places are taken by a product with their one-hot
 * rows: under `jit` jax-js 0.1.25 has no gradient of `take`.
 */
function lossOf(
  p: Parameters,
  words: np.Array,
  places: np.Array,
  labels: np.Array,
  sizes: Sizes,
): np.Array {
  const { B, T, config } = sizes;
  const { width: C, layerNormEpsilon: epsilon, vocabularySize: V } = config;
  const e = "bert.embeddings";
  const embedded = np.reshape(words, [B, T, C]); // [B, T, C]
  const positions = p[`${e}.position_embeddings.weight`]!.ref.slice([0, T]); // [T, C]
  const type = p[`${e}.token_type_embeddings.weight`]!.ref.slice([0, 1]); // [1, C]
  const sum = np.reshape(embedded.add(positions.add(type)), [B * T, C]); // [BT, C]
  let x = norm(p, `${e}.LayerNorm`, sum, epsilon); // [BT, C]
  for (let layer = 0; layer < config.layerCount; layer++) x = runLayer(p, layer, x, sizes);
  const kept = np.matmul(nn.oneHot(places, B * T), x); // [M, C]
  const head = "cls.predictions";
  const bent = nn.gelu(dense(p, `${head}.transform.dense`, kept), { approximate: false }); // [M, C]
  const hidden = norm(p, `${head}.transform.LayerNorm`, bent, epsilon); // [M, C]
  const scores = np
    .matmul(hidden, np.transpose(p[`${e}.word_embeddings.weight`]!.ref))
    .add(p[`${head}.bias`]!.ref); // [M, V]
  const logs = nn.logSoftmax(scores, -1); // [M, V]
  const M = labels.shape[0]!;
  return np.sum(logs.mul(nn.oneHot(labels, V))).mul(-1 / M);
}

/** One pass on jax-js' wasm device: the mean loss and the gradients of all parameters, compiled once. */
export interface JaxBert {
  run(): Promise<{ loss: number; norm: number }>;
}

/** Weights of products as inputs by outputs, which jax-js multiplies three times faster. */
function toArray(name: string, { shape, values }: HostTensor): np.Array {
  const array = np.array(values, { shape: [...shape] });
  const isProduct = shape.length === 2 && !name.includes("embeddings");
  return isProduct ? np.transpose(array).add(0) : array; // the sum writes it out
}

/**
 * Opens jax-js and compiles. Of the ways that were tried this is the fastest: everything behind the word
 * embeddings is compiled as one, their `take` and its gradient run outside. Padding is not handled.
 */
export async function openJaxBert(
  config: BertConfig,
  tensors: HostTensors,
  rows: MaskedRows,
): Promise<JaxBert> {
  await init("wasm");
  defaultDevice("wasm");
  const parameters: Parameters = {};
  for (const [name, tensor] of tensors) parameters[name] = toArray(name, tensor);
  const [words, places, labels] = [rows.tokens, rows.places, rows.labels].map((values) =>
    np.array(values as Int32Array<ArrayBuffer>, { dtype: np.int32 }),
  );
  const sizes: Sizes = { B: rows.B, T: rows.T, config };
  const inner = jit((p: Parameters, w: np.Array, k: np.Array, l: np.Array) =>
    lossOf(p, w, k, l, sizes),
  );
  const step = valueAndGrad((p: Parameters, w: np.Array, k: np.Array, l: np.Array) => {
    const table = p["bert.embeddings.word_embeddings.weight"]!.ref;
    return inner(p, np.take(table, w, 0), k, l);
  });
  const run = async (): Promise<{ loss: number; norm: number }> => {
    const kept: Parameters = {};
    for (const [name, array] of Object.entries(parameters)) kept[name] = array.ref;
    const [loss, gradients] = step(kept, words!.ref, places!.ref, labels!.ref);
    let squares = 0;
    for (const gradient of Object.values(gradients)) {
      squares += (await np.sum(np.square(gradient)).jsAsync()) as number;
    }
    return { loss: (await loss.jsAsync()) as number, norm: Math.sqrt(squares) };
  };
  return { run };
}
