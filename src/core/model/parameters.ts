import { FootfallError } from "../errors";
import { exp, log, sinCos } from "../exact";
import type { Random } from "../random";
import { createRandom, DEFAULT_SEED } from "../random";
import { HOURS_OF_WEEK } from "../data/hours";
import type { BertConfig } from "./config";
import type { Pooling } from "./label-model";
import type { HostTensor, HostTensors } from "./safetensors";

const EMBEDDINGS = "bert.embeddings";
const HEAD = "cls.predictions";

/** Every BertForMaskedLM has it, and nothing else has. */
const MASKED_BIAS = `${HEAD}.bias`;

/** Name of the table of hours of the week. */
export const TIME_TABLE = `${EMBEDDINGS}.time_embeddings.weight`;

/** Name of a layer's part, such as `bert.encoder.layer.3.attention.self.query`. */
export function layerName(layer: number, part: string): string {
  return `bert.encoder.layer.${layer}.${part}`;
}

/** Names and shapes of a linear layer's weight, outputs by inputs, and bias. */
export function* linearShapes(
  name: string,
  outer: number,
  inner: number,
): Iterable<[string, number[]]> {
  yield [`${name}.weight`, [outer, inner]];
  yield [`${name}.bias`, [outer]];
}

function* layerShapes(config: BertConfig, layer: number): Iterable<[string, number[]]> {
  const { width: C, innerWidth: F } = config;
  for (const part of ["self.query", "self.key", "self.value", "output.dense"]) {
    yield* linearShapes(layerName(layer, `attention.${part}`), C, C);
  }
  yield [layerName(layer, "attention.output.LayerNorm.weight"), [C]];
  yield [layerName(layer, "attention.output.LayerNorm.bias"), [C]];
  yield* linearShapes(layerName(layer, "intermediate.dense"), F, C);
  yield* linearShapes(layerName(layer, "output.dense"), C, F);
  yield [layerName(layer, "output.LayerNorm.weight"), [C]];
  yield [layerName(layer, "output.LayerNorm.bias"), [C]];
}

/** Names and shapes of every tensor of BERT below its heads, in Hugging Face's words. */
export function* encoderShapes(config: BertConfig): Shapes {
  const { vocabularySize: V, width: C } = config;
  yield [`${EMBEDDINGS}.word_embeddings.weight`, [V, C]];
  yield [`${EMBEDDINGS}.position_embeddings.weight`, [config.maxPositions, C]];
  yield [`${EMBEDDINGS}.token_type_embeddings.weight`, [config.typeCount, C]];
  if (config.hasTimes) yield [TIME_TABLE, [HOURS_OF_WEEK, C]];
  yield [`${EMBEDDINGS}.LayerNorm.weight`, [C]];
  yield [`${EMBEDDINGS}.LayerNorm.bias`, [C]];
  for (let layer = 0; layer < config.layerCount; layer++) yield* layerShapes(config, layer);
}

/** Those of a BertForMaskedLM. */
export function* bertShapes(config: BertConfig): Shapes {
  const { vocabularySize: V, width: C } = config;
  yield* encoderShapes(config);
  yield* linearShapes(`${HEAD}.transform.dense`, C, C);
  yield [`${HEAD}.transform.LayerNorm.weight`, [C]];
  yield [`${HEAD}.transform.LayerNorm.bias`, [C]];
  if (!config.isTied) yield [`${HEAD}.decoder.weight`, [V, C]];
  yield [MASKED_BIAS, [V]];
}

/**
 * What a BertForSequenceClassification has above the encoder: the pooler over [CLS], and K answers. A head over pairs
 * has no pooler, and is three times as wide.
 */
export function* labelHeadShapes({ width: C }: BertConfig, K: number, pooling: Pooling): Shapes {
  yield* linearShapes("classifier", K, pooling === "pair" ? 3 * C : C);
  if (pooling !== "pair") yield* linearShapes("bert.pooler.dense", C, C);
}

/** Names and shapes of the tensors of a model. */
export type Shapes = Iterable<[name: string, shape: number[]]>;

/**
 * Keeps the tensors that a configuration asks for. Throws "weights-mismatch" where one is missing or has
 * another shape; tensors of other parts (a pooler, say) are dropped.
 */
export function checkTensors(shapes: Shapes, tensors: HostTensors): HostTensors {
  const kept = new Map<string, HostTensor>();
  for (const [name, shape] of shapes) {
    const tensor = tensors.get(name);
    const expected = `[${shape.join(", ")}]`;
    if (tensor === undefined) {
      throw new FootfallError(
        "weights-mismatch",
        `model.safetensors: "${name}" ${expected} is missing`,
      );
    }
    const found = `[${tensor.shape.join(", ")}]`;
    if (found !== expected) {
      throw new FootfallError(
        "weights-mismatch",
        `model.safetensors: "${name}" is ${found}, config.json asks for ${expected}`,
      );
    }
    kept.set(name, tensor);
  }
  return kept;
}

/** True of a BertForMaskedLM's tensors, false of those of a model that was adapted to a task. */
export const hasMaskedHead = (tensors: HostTensors): boolean => tensors.has(MASKED_BIAS);

/** The tensors of a BERT. Throws as `checkTensors`. */
export function checkBertTensors(config: BertConfig, tensors: HostTensors): HostTensors {
  return checkTensors(bertShapes(config), tensors);
}

/** Number of values of all tensors. */
export function countValues(shapes: Shapes): number {
  let count = 0;
  for (const [, shape] of shapes) count += shape.reduce((n, size) => n * size, 1);
  return count;
}

/** Number of values of a model, the tied decoder counted once. */
export function countParameters(config: BertConfig): number {
  return countValues(bertShapes(config));
}

/**
 * Sines and cosines of geometrically spaced wavelengths, [positions, width] (Vaswani et al. 2017, 3.5),
 * each value times `scale`.
 */
function sinusoids(positions: number, width: number, scale: number): Float32Array {
  const table = new Float32Array(positions * width);
  for (let c = 0; c < width; c++) {
    const rate = exp((-log(10000) * (c - (c % 2))) / width);
    for (let p = 0; p < positions; p++) {
      table[p * width + c] = scale * sinCos(p * rate)[c % 2]!;
    }
  }
  return table;
}

function initialValues(name: string, count: number, config: BertConfig, random: Random) {
  if (name.endsWith("LayerNorm.weight")) return new Float32Array(count).fill(1);
  if (name.endsWith("bias")) return new Float32Array(count);
  return Float32Array.from({ length: count }, () => random.normal() * config.initializerRange);
}

function initialiseShapes(shapes: Shapes, config: BertConfig, seed: number) {
  const tensors = new Map<string, HostTensor>();
  for (const [name, shape] of shapes) {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = initialValues(name, count, config, createRandom(seed, "bert", name));
    tensors.set(name, { shape, values });
  }
  return tensors;
}

/** A pooler and classifier that have learnt nothing, as Hugging Face starts them over a pre-trained encoder. */
export function initialiseLabelHead(
  config: BertConfig,
  K: number,
  pooling: Pooling,
  seed: number,
): HostTensors {
  const ranges = {
    cls: config.initializerRange,
    mean: 1 / Math.sqrt(config.width),
    pair: 1 / Math.sqrt(3 * config.width),
  };
  const shapes = labelHeadShapes(config, K, pooling);
  return initialiseShapes(shapes, { ...config, initializerRange: ranges[pooling] }, seed);
}

/**
 * Weights that have learnt nothing: matrices from N(0, initializerRange), biases 0, LayerNorm 1 and 0.
 * Positions start sinusoidal at the same root mean square (N(0, 0.02) stays on a plateau for masked
 * trajectories, docs/model.md) unless the configuration says "normal". With the same configuration this
 * is the randomly initialised twin that every result is compared to.
 */
export function initialiseBert(config: BertConfig, seed: number = DEFAULT_SEED): HostTensors {
  const tensors = initialiseShapes(bertShapes(config), config, seed);
  if (config.positions === "sinusoidal") {
    const { maxPositions: P, width: C } = config;
    const values = sinusoids(P, C, config.initializerRange * Math.SQRT2);
    tensors.set(`${EMBEDDINGS}.position_embeddings.weight`, { shape: [P, C], values });
  }
  return tensors;
}
