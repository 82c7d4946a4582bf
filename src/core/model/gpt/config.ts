import type { Box } from "../../data/box";
import { checkBox } from "../../data/box";
import type { ConfigJson } from "../config-fields";
import {
  checkHeads,
  mismatch,
  readChoice,
  readCount,
  readNumber,
  toRecord,
} from "../config-fields";

/** What `config.json` calls the architecture. */
export const GPT_TYPE = "footfall-gpt";

/** The architecture of RAW (arXiv 2311.10471; Rising0321/RAW), and what its coordinates mean. */
export interface GptConfig {
  /** C: width of a hidden state. The point encoder is 2 C wide inside, feed-forward parts and head 4 C. */
  readonly width: number;
  readonly layerCount: number;
  /** H: attention heads; each is C / H wide. */
  readonly headCount: number;
  /** P: longest window that has learned positions. */
  readonly maxPositions: number;
  readonly layerNormEpsilon: number;
  /** False only where somebody turned the mask off to see what it is for. */
  readonly isCausal: boolean;
  /** Degrees that coordinates from -1 to 1 span. */
  readonly box: Box;
  /** Minutes from one point to the next. */
  readonly intervalMin: number;
  /** What the trainer noted: recipe, scores. Empty for models made elsewhere. */
  readonly notes: Readonly<Record<string, unknown>>;
}

const isBox = (value: unknown): value is Box =>
  Array.isArray(value) && value.length === 4 && value.every((degrees) => Number.isFinite(degrees));

function readBox(json: ConfigJson): Box {
  const box = json["box"];
  if (!isBox(box)) {
    throw mismatch(
      `"box" is ${JSON.stringify(box)}, expected south, west, north, east in degrees: without it nobody knows what the coordinates mean`,
    );
  }
  checkBox(box);
  return box;
}

/** Reads the `config.json` of a GPT on points. Throws "weights-mismatch" where it is not one. */
export function readGptConfig(json: ConfigJson): GptConfig {
  readChoice(json, "model_type", [GPT_TYPE]);
  readChoice(json, "hidden_act", ["swish"]);
  const config: GptConfig = {
    width: readCount(json, "hidden_size"),
    layerCount: readCount(json, "num_hidden_layers"),
    headCount: readCount(json, "num_attention_heads"),
    maxPositions: readCount(json, "max_position_embeddings"),
    layerNormEpsilon: readNumber(json, "layer_norm_eps", 1e-5),
    isCausal: json["is_causal"] !== false,
    box: readBox(json),
    intervalMin: readNumber(json, "interval_minutes", 15),
    notes: toRecord(json["footfall"]),
  };
  checkHeads(config);
  return config;
}

/** The inverse of `readGptConfig`. */
export function gptConfigToJson(config: GptConfig): ConfigJson {
  return {
    architectures: ["FootfallGpt"],
    model_type: GPT_TYPE,
    hidden_size: config.width,
    num_hidden_layers: config.layerCount,
    num_attention_heads: config.headCount,
    hidden_act: "swish",
    max_position_embeddings: config.maxPositions,
    layer_norm_eps: config.layerNormEpsilon,
    is_causal: config.isCausal,
    box: config.box,
    interval_minutes: config.intervalMin,
    footfall: config.notes,
  };
}
