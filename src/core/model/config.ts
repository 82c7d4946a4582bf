import type { ConfigJson } from "./config-fields";
import {
  checkHeads,
  readChoice,
  readCount,
  readNumber,
  readShare,
  toRecord,
} from "./config-fields";

/** The architecture of a BERT, as `config.json` states it; the values that make a forward pass. */
export interface BertConfig {
  /** V: rows of the word embeddings. */
  readonly vocabularySize: number;
  /** C: width of a hidden state. */
  readonly width: number;
  readonly layerCount: number;
  /** H: attention heads; each is C / H wide. */
  readonly headCount: number;
  /** F: width between the two layers of the feed-forward part. */
  readonly innerWidth: number;
  /** P: longest sequence that has learned positions. */
  readonly maxPositions: number;
  readonly typeCount: number;
  readonly layerNormEpsilon: number;
  /** Standard deviation of the initial weights; default 0.02. */
  readonly initializerRange: number;
  readonly activation: "gelu" | "gelu_new" | "relu";
  /** False where the file holds a decoder of its own. */
  readonly isTied: boolean;
  /** Whether a token's hour of the week is added at the input (PT-22); default not, as in Hugging Face's BERT. */
  readonly hasTimes?: boolean;
  /** Share of hidden states and attention that was dropped in training, default 0; the forward pass drops nothing. */
  readonly dropout?: number;
  /** How the learned positions start (docs/model.md); matters to the random twin only. */
  readonly positions: "sinusoidal" | "normal";
  /** What Footfall's trainer noted: data, seed, perplexities. Empty for models made elsewhere. */
  readonly notes: Readonly<Record<string, unknown>>;
}

/** `config.json` as written: every key may be missing. */
export type BertConfigJson = ConfigJson;

/** Reads Hugging Face's `config.json` of a BertForMaskedLM. Throws "weights-mismatch" where it is not one. */
export function readBertConfig(json: BertConfigJson): BertConfig {
  readChoice(json, "model_type", ["bert"]);
  readChoice(json, "position_embedding_type", ["absolute"]);
  const notes = toRecord(json["footfall"]);
  const recipe = toRecord(notes["recipe"]); // where scale/ writes it
  const config: BertConfig = {
    vocabularySize: readCount(json, "vocab_size"),
    width: readCount(json, "hidden_size"),
    layerCount: readCount(json, "num_hidden_layers"),
    headCount: readCount(json, "num_attention_heads"),
    innerWidth: readCount(json, "intermediate_size"),
    maxPositions: readCount(json, "max_position_embeddings"),
    typeCount: readCount(json, "type_vocab_size", 2),
    layerNormEpsilon: readNumber(json, "layer_norm_eps", 1e-12),
    initializerRange: readNumber(json, "initializer_range", 0.02),
    activation: readChoice(json, "hidden_act", ["gelu", "gelu_new", "relu"]),
    isTied: json["tie_word_embeddings"] !== false,
    hasTimes: notes["times"] === true,
    dropout: readShare(json, "hidden_dropout_prob", 0.1),
    positions: readChoice({ ...recipe, ...notes }, "positions", ["sinusoidal", "normal"]),
    notes,
  };
  checkHeads(config);
  return config;
}

/** The config as Hugging Face reads it, with our notes under "footfall". */
export function bertConfigToJson(config: BertConfig): BertConfigJson {
  return {
    architectures: ["BertForMaskedLM"],
    model_type: "bert",
    vocab_size: config.vocabularySize,
    hidden_size: config.width,
    num_hidden_layers: config.layerCount,
    num_attention_heads: config.headCount,
    intermediate_size: config.innerWidth,
    hidden_act: config.activation,
    max_position_embeddings: config.maxPositions,
    type_vocab_size: config.typeCount,
    layer_norm_eps: config.layerNormEpsilon,
    initializer_range: config.initializerRange,
    pad_token_id: 0,
    hidden_dropout_prob: config.dropout ?? 0,
    attention_probs_dropout_prob: config.dropout ?? 0,
    position_embedding_type: "absolute",
    tie_word_embeddings: config.isTied,
    footfall: {
      ...config.notes,
      positions: config.positions,
      ...(config.hasTimes === true ? { times: true } : {}),
    },
  };
}
