import type { Random } from "../../random";
import { createRandom, DEFAULT_SEED } from "../../random";
import { countValues, linearShapes } from "../parameters";
import type { HostTensor, HostTensors } from "../safetensors";
import type { GptConfig } from "./config";

/** Values of a point: longitude and latitude, normalised. */
export const POINT_WIDTH = 2;

const ENCODER = "gpt.embeddings.point_encoder";
const POSITIONS = "gpt.embeddings.position_embeddings.weight";
const HEAD = "point_head";

/** Names of the parts that are not of a layer. */
export const GPT_NAMES = {
  encoderInner: `${ENCODER}.inner`,
  encoderOuter: `${ENCODER}.outer`,
  positions: POSITIONS,
  finalNorm: "gpt.decoder.LayerNorm",
  headInner: `${HEAD}.inner`,
  headOuter: `${HEAD}.outer`,
  headOutput: `${HEAD}.output`,
} as const;

/** Name of a layer's part, such as `gpt.decoder.layer.3.attention.self.query`. */
export function gptLayerName(layer: number, part: string): string {
  return `gpt.decoder.layer.${layer}.${part}`;
}

function* normShapes(name: string, C: number): Iterable<[string, number[]]> {
  yield [`${name}.weight`, [C]];
  yield [`${name}.bias`, [C]];
}

function* layerShapes(C: number, layer: number): Iterable<[string, number[]]> {
  const name = (part: string): string => gptLayerName(layer, part);
  yield* normShapes(name("attention.LayerNorm"), C);
  for (const part of ["self.query", "self.key", "self.value", "output.dense"]) {
    yield* linearShapes(name(`attention.${part}`), C, C);
  }
  yield* normShapes(name("intermediate.LayerNorm"), C);
  yield* linearShapes(name("intermediate.dense"), 4 * C, C);
  yield* linearShapes(name("output.dense"), C, 4 * C);
}

/**
 * Names and shapes of every tensor of a GPT on points, in the manner of Hugging Face (docs/model.md). They come
 * to the 91.7, 120.1 and 162.6 million parameters that RAW's scripts have.
 */
export function* gptShapes(config: GptConfig): Iterable<[name: string, shape: number[]]> {
  const { width: C, layerCount, maxPositions: P } = config;
  yield* linearShapes(GPT_NAMES.encoderInner, 2 * C, POINT_WIDTH);
  yield* linearShapes(GPT_NAMES.encoderOuter, C, 2 * C);
  yield [POSITIONS, [P, C]];
  for (let layer = 0; layer < layerCount; layer++) yield* layerShapes(C, layer);
  yield* normShapes(GPT_NAMES.finalNorm, C);
  yield* linearShapes(GPT_NAMES.headInner, 4 * C, C);
  yield* linearShapes(GPT_NAMES.headOuter, C, 4 * C);
  yield* linearShapes(GPT_NAMES.headOutput, POINT_WIDTH, C);
}

/** Number of values of a GPT. */
export function countGptParameters(config: GptConfig): number {
  return countValues(gptShapes(config));
}

/** Standard deviation of the positions at the start (RAW's code). */
const POSITION_DEVIATION = 0.02;

/** Uniform in -reach to reach. */
const within = (random: Random, reach: number): number => reach * (2 * random.uniform() - 1);

function initialValues(name: string, [outer, inner]: number[], reach: number, random: Random) {
  const count = outer! * (inner ?? 1);
  if (name === POSITIONS) {
    return Float32Array.from({ length: count }, () => POSITION_DEVIATION * random.normal());
  }
  if (name.endsWith("LayerNorm.weight")) return new Float32Array(count).fill(1);
  if (name.endsWith("LayerNorm.bias")) return new Float32Array(count);
  return Float32Array.from({ length: count }, () => within(random, reach));
}

/**
 * A GPT that has learnt nothing: positions from N(0, 0.02), weights and biases of linear layers uniform within
 * one over the root of their inputs, as PyTorch's Linear starts (RAW's code says nothing else), norms 1 and 0.
 */
export function initialiseGpt(config: GptConfig, seed: number = DEFAULT_SEED): HostTensors {
  const tensors = new Map<string, HostTensor>();
  let inputs = POINT_WIDTH; // of the linear layer whose weight came last: its bias follows
  for (const [name, shape] of gptShapes(config)) {
    inputs = shape[1] ?? inputs;
    const random = createRandom(seed, "gpt", name);
    tensors.set(name, { shape, values: initialValues(name, shape, inputs ** -0.5, random) });
  }
  return tensors;
}
