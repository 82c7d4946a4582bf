import * as tf from "@tensorflow/tfjs-core";
import { HOURS_OF_WEEK } from "../data/hours";
import type { Norm } from "../gpu/ops";
import type { BertConfig } from "./config";
import { TIME_TABLE, hasMaskedHead, layerName } from "./parameters";
import type { HostTensors } from "./safetensors";
import type { Dense } from "./weights";
import { WeightReader } from "./weights";

/** Weights of one layer. */
export interface Layer {
  /** Query, key and value in one product: [C, 3C]. */
  readonly projection: Dense;
  readonly attended: Dense;
  readonly attendedNorm: Norm;
  readonly inner: Dense;
  readonly outer: Dense;
  readonly outerNorm: Norm;
}

/** What guesses hidden tokens. */
interface MaskedHead {
  readonly transform: Dense;
  readonly transformNorm: Norm;
  /** The words transposed once, cut like them: wasm multiplies a transposed matrix 12 times slower. */
  readonly decoder: readonly Dense[]; // [C, rows] each
}

/** All weights of a BERT, each in the layout in which it is multiplied. */
export interface BertWeights {
  /** One below the other, more than one where no buffer holds all words. */
  readonly words: readonly tf.Tensor2D[]; // [rows, C] each
  /** Learned positions plus the embedding of token type 0, the only type in use. */
  readonly positions: tf.Tensor2D; // [P, C]
  /** Hours of the week, and a row of zeros for tokens without one; undefined where the model knows no times. */
  readonly times: tf.Tensor2D | undefined; // [169, C]
  readonly embeddingNorm: Norm;
  readonly layers: readonly Layer[];
  /** Undefined where the weights were adapted to a task: they guess no cells. */
  readonly head: MaskedHead | undefined;
}

function timeTable(tensors: HostTensors, { hasTimes, width: C }: BertConfig) {
  if (!hasTimes) return undefined;
  const values = new Float32Array((HOURS_OF_WEEK + 1) * C);
  values.set(tensors.get(TIME_TABLE)!.values);
  return tf.tensor2d(values, [HOURS_OF_WEEK + 1, C]); // [169, C]
}

function positionsWithType(tensors: HostTensors, config: BertConfig): tf.Tensor2D {
  const { maxPositions: P, width: C } = config;
  const table = tensors.get("bert.embeddings.position_embeddings.weight")!.values;
  const types = tensors.get("bert.embeddings.token_type_embeddings.weight")!.values;
  return tf.tensor2d(
    table.map((value, n) => value + types[n % C]!),
    [P, C],
  );
}

const WORDS = "bert.embeddings.word_embeddings.weight";

function buildHead(read: WeightReader, { isTied }: BertConfig): MaskedHead {
  return {
    transform: read.dense("cls.predictions.transform.dense"),
    transformNorm: read.norm("cls.predictions.transform.LayerNorm"),
    decoder: read.scorers(
      isTied ? WORDS : "cls.predictions.decoder.weight",
      "cls.predictions.bias",
    ),
  };
}

/**
 * Puts the tensors of a checked folder on the current engine; those of an adapted model without a masked-language head.
 * The caller disposes.
 */
export function buildBert(config: BertConfig, tensors: HostTensors): BertWeights {
  const read = new WeightReader(tensors, config.layerNormEpsilon);
  const layer = (n: number): Layer => ({
    projection: read.joined(
      ["query", "key", "value"].map((part) => layerName(n, `attention.self.${part}`)),
    ),
    attended: read.dense(layerName(n, "attention.output.dense")),
    attendedNorm: read.norm(layerName(n, "attention.output.LayerNorm")),
    inner: read.dense(layerName(n, "intermediate.dense")),
    outer: read.dense(layerName(n, "output.dense")),
    outerNorm: read.norm(layerName(n, "output.LayerNorm")),
  });
  return {
    words: read.table(WORDS),
    positions: positionsWithType(tensors, config),
    times: timeTable(tensors, config),
    embeddingNorm: read.norm("bert.embeddings.LayerNorm"),
    layers: Array.from({ length: config.layerCount }, (_, n) => layer(n)),
    head: hasMaskedHead(tensors) ? buildHead(read, config) : undefined,
  };
}
