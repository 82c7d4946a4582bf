import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  nn,
  numpy as np,
  valueAndGrad,
} from "@jax-js/jax";
import type { BertConfig } from "../../../core/model/config";
import { initialiseBert, layerName } from "../../../core/model/parameters";
import type { HostTensor } from "../../../core/model/safetensors";
import type { OpenRunner, Runner } from "./model";
import { makeConfig, makeRows, sampleOf } from "./model";

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

/** Hidden states of all places [BT, C] from their word embeddings. */
function encode(p: Parameters, words: np.Array, sizes: Sizes): np.Array {
  const { B, T, config } = sizes;
  const { width: C, layerNormEpsilon: epsilon } = config;
  const e = "bert.embeddings";
  const embedded = np.reshape(words, [B, T, C]); // [B, T, C]
  const positions = p[`${e}.position_embeddings.weight`]!.ref.slice([0, T]); // [T, C]
  const type = p[`${e}.token_type_embeddings.weight`]!.ref.slice([0, 1]); // [1, C]
  const sum = np.reshape(embedded.add(positions.add(type)), [B * T, C]); // [BT, C]
  let x = norm(p, `${e}.LayerNorm`, sum, epsilon); // [BT, C]
  for (let layer = 0; layer < config.layerCount; layer++) x = runLayer(p, layer, x, sizes);
  return x;
}

/** Logits [M, V] of hidden states [M, C]. */
function score(p: Parameters, x: np.Array, { config }: Sizes): np.Array {
  const head = "cls.predictions";
  const bent = nn.gelu(dense(p, `${head}.transform.dense`, x), { approximate: false }); // [M, C]
  const hidden = norm(p, `${head}.transform.LayerNorm`, bent, config.layerNormEpsilon); // [M, C]
  const words = p["bert.embeddings.word_embeddings.weight"]!.ref; // [V, C]
  return np.matmul(hidden, np.transpose(words)).add(p[`${head}.bias`]!.ref); // [M, V]
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
  const M = labels.shape[0]!;
  const kept = np.matmul(nn.oneHot(places, B * T), encode(p, words, sizes)); // [M, C]
  const logs = nn.logSoftmax(score(p, kept, sizes), -1); // [M, V]
  return np.sum(logs.mul(nn.oneHot(labels, config.vocabularySize))).mul(-1 / M);
}

/** Weights of products as inputs by outputs, which jax-js multiplies three times faster. */
function toArray(name: string, { shape, values }: HostTensor): np.Array {
  const array = np.array(values, { shape: [...shape] });
  const isProduct = shape.length === 2 && !name.includes("embeddings");
  return isProduct ? np.transpose(array).add(0) : array; // the sum writes it out
}

/** The table of words, and a reference to each array: what is passed to a function is freed by it. */
const lend = (p: Parameters): Parameters =>
  Object.fromEntries(Object.entries(p).map(([name, array]) => [name, array.ref]));

const numbers = (values: Int32Array): np.Array =>
  np.array(Int32Array.from(values), { dtype: np.int32 });

const takeWords = (p: Parameters, tokens: np.Array): np.Array =>
  np.take(p["bert.embeddings.word_embeddings.weight"]!.ref, tokens, 0); // [BT, C]

type Work = Omit<Runner, "description">;

function openForward(parameters: Parameters, tokens: np.Array, sizes: Sizes): Work {
  const forward = jit((p: Parameters, words: np.Array) => score(p, encode(p, words, sizes), sizes));
  const logitsOf = async (): Promise<Float32Array> => {
    const words = takeWords(parameters, tokens.ref); // [BT, C]
    return (await forward(lend(parameters), words).data()) as Float32Array;
  };
  return {
    check: async () => sampleOf(await logitsOf()),
    run: async () => void (await logitsOf()),
  };
}

/**
 * The loss and the gradients of all parameters, compiled once; no step is taken. Of the ways that were tried this
 * is the fastest: everything behind the word embeddings is compiled as one, their `take` and its gradient run
 * outside.
 */
function openStep(parameters: Parameters, rows: Record<Row, np.Array>, sizes: Sizes): Work {
  const inner = jit((p: Parameters, w: np.Array, k: np.Array, l: np.Array) =>
    lossOf(p, w, k, l, sizes),
  );
  const step = valueAndGrad((p: Parameters, w: np.Array, k: np.Array, l: np.Array) =>
    inner(p, takeWords(p, w), k, l),
  );
  const take = async () => {
    const all = step(lend(parameters), rows.tokens.ref, rows.places.ref, rows.labels.ref);
    const [loss, gradients] = await blockUntilReady(all);
    return { loss: (await loss.jsAsync()) as number, gradients: Object.values(gradients) };
  };
  return {
    check: async () => {
      const { loss, gradients } = await take();
      let squares = 0;
      for (const gradient of gradients) {
        squares += (await np.sum(np.square(gradient)).jsAsync()) as number;
      }
      return [loss, Math.sqrt(squares)];
    },
    run: async () => (await take()).gradients.forEach((gradient) => gradient.dispose()),
  };
}

type Row = "tokens" | "places" | "labels";

/** Rows must be full: padding is not handled. */
export const openJax: OpenRunner = async (ask) => {
  await init(ask.backend);
  defaultDevice(ask.backend);
  const [config, rows] = [makeConfig(ask), makeRows(ask)];
  const parameters: Parameters = {};
  for (const [name, tensor] of initialiseBert(config)) parameters[name] = toArray(name, tensor);
  const sizes: Sizes = { B: ask.B, T: ask.T, config };
  const [tokens, places, labels] = [rows.tokens, rows.places, rows.labels].map(numbers);
  const work =
    ask.task === "forward"
      ? openForward(parameters, tokens!, sizes)
      : openStep(parameters, { tokens: tokens!, places: places!, labels: labels! }, sizes);
  return { description: "jax-js 0.1.25", ...work };
};
