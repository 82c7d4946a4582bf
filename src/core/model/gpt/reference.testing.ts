import type { ConfigJson } from "../config-fields";
import type { HostTensors } from "../safetensors";
import { readSafetensors } from "../safetensors";
import type { GptConfig } from "./config";
import { readGptConfig } from "./config";
import type { PointRows } from "./gpt";

/** What PyTorch computed for one tiny model (test/reference/make_gpt_reference.py). */
export interface GptReference {
  readonly model: string;
  readonly windows: number[][][]; // [B, T + 1, 2]
  /** Points of each window. */
  readonly lengths: number[]; // [B]
  /** After the embeddings, after each block, after the final norm. */
  readonly hidden: number[][][][]; // [L + 2, B, T, C]
  readonly predictions: number[][][]; // [B, T, 2]
  readonly loss: number;
  readonly gradients: Readonly<Record<string, string>>;
  readonly adamw: Readonly<
    Record<"learningRate" | "beta1" | "beta2" | "epsilon" | "weightDecay" | "clip", number>
  >;
  readonly losses: number[];
  readonly norms: number[];
  readonly parameters: Readonly<Record<string, string>>;
}

interface Glob {
  glob<T>(pattern: string, options: Record<string, unknown>): Record<string, T>;
}

const references = (import.meta as unknown as Glob).glob<GptReference>(
  "../../../../test/reference/gpt-*.json",
  { eager: true, import: "default" },
);
const configs = (import.meta as unknown as Glob).glob<ConfigJson>(
  "../../../../test/reference/gpt-*/config.json",
  { eager: true, import: "default" },
);
const weights = (import.meta as unknown as Glob).glob<string>(
  "../../../../test/reference/gpt-*/model.safetensors",
  { eager: true, import: "default", query: "?url&inline" },
);

/** All stored models. */
export const GPT_REFERENCES: readonly GptReference[] = Object.values(references);

const find = <T>(files: Record<string, T>, end: string): T =>
  Object.entries(files).find(([path]) => path.endsWith(end))![1];

/** The configuration and weights of one stored model; works in Node and in the browser. */
export async function loadGpt({
  model,
}: GptReference): Promise<{ config: GptConfig; tensors: HostTensors }> {
  const response = await fetch(find(weights, `/${model}/model.safetensors`));
  return {
    config: readGptConfig(find(configs, `/${model}/config.json`)),
    tensors: readSafetensors(new Uint8Array(await response.arrayBuffer())),
  };
}

/** The stored windows without their last points, as the model sees them. */
export function rowsOf({ windows, lengths }: GptReference): PointRows {
  const inputs = windows.map((window) => window.slice(0, -1));
  const [B, T] = [inputs.length, inputs[0]!.length];
  const points = Float32Array.from(inputs.flat(2));
  return { points, lengths: lengths.map((length) => length - 1), B, T };
}
