import type { Banks, Part, Span } from "../gpu/banks";
import { sizeOfPart, uploadBanks } from "../gpu/banks";
import type { DenseParts } from "../gpu/training/dense";
import type { EmbeddingParts } from "../gpu/training/embed";
import type { NormParts } from "../gpu/training/norm";
import type { BertConfig } from "../model/config";
import type { Pooling } from "../model/label-model";
import type { Shapes } from "../model/parameters";
import {
  TIME_TABLE,
  bertShapes,
  encoderShapes,
  labelHeadShapes,
  layerName,
} from "../model/parameters";
import type { HostTensor, HostTensors } from "../model/safetensors";

/** The parts of one encoder layer. */
export interface LayerParts {
  /** Query, key and value one after the other: [3C, C]. */
  readonly projection: DenseParts;
  readonly attended: DenseParts;
  readonly attendedNorm: NormParts;
  readonly inner: DenseParts;
  readonly outer: DenseParts;
  readonly outerNorm: NormParts;
}

/**
 * Where each parameter of a model lies in one flat array, the same for gradients and moments. On an engine whose
 * buffers are too small for it the array is cut into banks.
 */
export interface FlatLayout {
  /** Values in all, filled up to a multiple of 4. */
  readonly size: number;
  /** The first so many values are of matrices and decay; biases and layer norms do not. */
  readonly decayed: number;
  /** By the names of Hugging Face, in the order of the array. */
  readonly parts: ReadonlyMap<string, Part>;
  /** What lies in one bank, in the order of the array. */
  readonly spans: readonly Span[];
}

/** The parts of BERT from its embeddings to its last layer. */
export interface EncoderLayout extends FlatLayout {
  readonly config: BertConfig;
  readonly embedding: EmbeddingParts;
  /** Hours of the week [168, C]; undefined where the model knows no times. */
  readonly times: Part | undefined;
  readonly embeddingNorm: NormParts;
  readonly layers: readonly LayerParts[];
}

/** All parts of a BERT with its masked-language head. */
export interface Layout extends EncoderLayout {
  readonly transform: DenseParts;
  readonly transformNorm: NormParts;
  /** The vocabulary projection; its weight is that of the words where they are tied. */
  readonly decoder: DenseParts;
}

/** A BERT with a pooler over [CLS] and a layer of answers (Hugging Face's BertForSequenceClassification). */
export interface LabelLayout extends EncoderLayout {
  readonly pooling: Pooling;
  /** Undefined for a head over pairs. */
  readonly pooler: DenseParts | undefined;
  /** Scores of classes, or standardised targets: its weight is [K, C], of pairs [K, 3C]. */
  readonly classifier: DenseParts;
  /** The same with rows of zeros behind it, up to a multiple of 4 for the kernels; they have no gradient and stay. */
  readonly padded: DenseParts;
}

/**
 * Matrices first, then vectors, both in the order in which they are given, but biases of query, key and value
 * side by side. Behind the words, or the classifier's weight, stand at least three more rows, and its bias comes
 * last, so that kernels may read them in whole vectors.
 */
export function placeParts(given: Shapes): FlatLayout {
  const shapes = [...given];
  const matrices = shapes.filter(([, shape]) => shape.length > 1);
  const vectors = shapes.filter(([, shape]) => shape.length === 1);
  const isJoined = (name: string): boolean => /attention\.self\.\w+\.bias$/.test(name);
  const joined = vectors.filter(([name]) => isJoined(name));
  const others = vectors.filter(([name]) => !isJoined(name));
  const parts = new Map<string, Part>();
  let end = 0;
  const place = ([name, shape]: [string, number[]]): void => {
    parts.set(name, { start: end, shape });
    end += sizeOfPart({ start: end, shape });
  };
  matrices.forEach(place);
  const decayed = end;
  [...joined, ...others].forEach(place);
  const size = Math.ceil(end / 4) * 4;
  return { parts, decayed, size, spans: [...findSpans(matrices), oneSpan(size - decayed)] };
}

const oneSpan = (size: number): Span => ({ size, step: size });

/**
 * Spans of matrices: one each, but query, key and value together. Tables of tokens may be cut behind every fourth
 * row.
 */
function findSpans(matrices: readonly (readonly [string, readonly number[]])[]): Span[] {
  const spans: Span[] = [];
  for (const [name, [rows, columns]] of matrices) {
    const size = rows! * columns!;
    const isTable = /(word_embeddings|predictions\.decoder)\.weight$/.test(name);
    const isJoined = /attention\.self\.(key|value)\.weight$/.test(name);
    const before = isJoined ? spans.pop()!.size : 0;
    spans.push(isTable ? { size, step: 4 * columns! } : oneSpan(before + size));
  }
  return spans;
}

function layerParts(find: (name: string) => Part, config: BertConfig, layer: number): LayerParts {
  const { width: C, layerNormEpsilon: epsilon } = config;
  const name = (part: string): string => layerName(layer, part);
  const denseOf = (part: string): DenseParts => ({
    weight: find(name(`${part}.weight`)),
    bias: find(name(`${part}.bias`)),
  });
  const normOf = (part: string): NormParts => ({ ...denseOf(part), epsilon });
  const query = denseOf("attention.self.query");
  return {
    projection: {
      weight: { start: query.weight.start, shape: [3 * C, C] },
      bias: { start: query.bias.start, shape: [3 * C] },
    },
    attended: denseOf("attention.output.dense"),
    attendedNorm: normOf("attention.output.LayerNorm"),
    inner: denseOf("intermediate.dense"),
    outer: denseOf("output.dense"),
    outerNorm: normOf("output.LayerNorm"),
  };
}

function denseOf({ parts }: FlatLayout, name: string): DenseParts {
  return { weight: parts.get(`${name}.weight`)!, bias: parts.get(`${name}.bias`)! };
}

function encoderLayout(config: BertConfig, flat: FlatLayout): EncoderLayout {
  const find = (name: string): Part => flat.parts.get(name)!;
  const embeddings = "bert.embeddings";
  return {
    ...flat,
    config,
    embedding: {
      words: find(`${embeddings}.word_embeddings.weight`),
      positions: find(`${embeddings}.position_embeddings.weight`),
      types: find(`${embeddings}.token_type_embeddings.weight`),
    },
    times: flat.parts.get(TIME_TABLE),
    embeddingNorm: {
      ...denseOf(flat, `${embeddings}.LayerNorm`),
      epsilon: config.layerNormEpsilon,
    },
    layers: Array.from({ length: config.layerCount }, (_, n) => layerParts(find, config, n)),
  };
}

/** The layout of a BERT that is trained for masked places. */
export function createLayout(config: BertConfig): Layout {
  const encoder = encoderLayout(config, placeParts(bertShapes(config)));
  const head = "cls.predictions";
  const norm = denseOf(encoder, `${head}.transform.LayerNorm`);
  const own = encoder.parts.get(`${head}.decoder.weight`);
  return {
    ...encoder,
    transform: denseOf(encoder, `${head}.transform.dense`),
    transformNorm: { ...norm, epsilon: config.layerNormEpsilon },
    decoder: {
      weight: config.isTied ? encoder.embedding.words : own!,
      bias: encoder.parts.get(`${head}.bias`)!,
    },
  };
}

/** The layout of a BERT that is trained for K classes or targets. */
export function createLabelLayout(config: BertConfig, K: number, pooling: Pooling): LabelLayout {
  const [weight, bias, ...pooler] = labelHeadShapes(config, 4 * Math.ceil(K / 4), pooling);
  const shapes = [weight!, ...pooler, ...encoderShapes(config), bias!];
  const encoder = encoderLayout(config, placeParts(shapes));
  const padded = denseOf(encoder, "classifier");
  const cut = ({ start, shape }: Part): Part => ({ start, shape: [K, ...shape.slice(1)] });
  const classifier = { weight: cut(padded.weight), bias: cut(padded.bias) };
  const own = Object.entries(classifier).map(
    ([name, part]) => [`classifier.${name}`, part] as const,
  );
  return {
    ...encoder,
    parts: new Map([...encoder.parts, ...own]),
    pooling,
    pooler: pooling === "pair" ? undefined : denseOf(encoder, "bert.pooler.dense"),
    classifier,
    padded,
  };
}

/** Bytes of the longest stretch of parameters that one buffer must hold. */
export function spanBytes({ spans }: FlatLayout): number {
  return spans.reduce((most, { step }) => Math.max(most, 4 * step), 0);
}

/** Named tensors as one flat array, [size]. */
export function flattenTensors({ size, parts }: FlatLayout, tensors: HostTensors): Float32Array {
  const flat = new Float32Array(size);
  for (const [name, { start }] of parts) flat.set(tensors.get(name)!.values, start);
  return flat;
}

/** Named tensors on the current engine; the caller disposes. */
export function uploadTensors(layout: FlatLayout, tensors: HostTensors): Banks {
  return uploadBanks(flattenTensors(layout, tensors), layout.spans);
}

/** The inverse of `flattenTensors`; copies. */
export function unflattenTensors({ parts }: FlatLayout, flat: Float32Array): HostTensors {
  const tensors = new Map<string, HostTensor>();
  for (const [name, part] of parts) {
    const values = flat.slice(part.start, part.start + sizeOfPart(part));
    tensors.set(name, { shape: part.shape, values });
  }
  return tensors;
}
