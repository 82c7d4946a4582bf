import { readBertConfig } from "./config";
import type { BertConfig, BertConfigJson } from "./config";
import type { HostTensors } from "./safetensors";
import { readSafetensors } from "./safetensors";

/** What PyTorch computed for one tiny model (test/reference/make_bert_reference.py). */
export interface BertReference {
  readonly model: string;
  readonly ids: number[][];
  readonly labels: number[][];
  readonly loss: number;
  /** After the embeddings and after each layer: [L + 1, B, T, C]. */
  readonly hidden: number[][][][];
  readonly logits: number[][][]; // [B, T, V]
}

interface Glob {
  glob<T>(pattern: string, options: Record<string, unknown>): Record<string, T>;
}

const references = (import.meta as unknown as Glob).glob<BertReference>(
  "../../../test/reference/bert-*.json",
  { eager: true, import: "default" },
);
const configs = (import.meta as unknown as Glob).glob<BertConfigJson>(
  "../../../test/reference/bert-*/config.json",
  { eager: true, import: "default" },
);
const weights = (import.meta as unknown as Glob).glob<string>(
  "../../../test/reference/bert-*/model.safetensors",
  { eager: true, import: "default", query: "?url&inline" },
);

const find = <T>(files: Record<string, T>, end: string): T => {
  const path = Object.keys(files).find((name) => name.endsWith(end));
  if (path === undefined) throw new Error(`${end} is not in test/reference`);
  return files[path]!;
};

/** The names of all stored models. */
export const REFERENCE_NAMES = Object.values(references).map((reference) => reference.model);

/** Loads one stored model and what it must compute; works in Node and in the browser. */
export async function loadReference(
  name: string,
): Promise<{ reference: BertReference; config: BertConfig; tensors: HostTensors }> {
  const response = await fetch(find(weights, `/${name}/model.safetensors`));
  return {
    reference: find(references, `/${name}.json`),
    config: readBertConfig(find(configs, `/${name}/config.json`)),
    tensors: readSafetensors(new Uint8Array(await response.arrayBuffer())),
  };
}
