import { disposeBanks } from "../gpu/banks";
import type { HostTensors } from "../model/safetensors";
import { createPace } from "../pace";
import type { Corpus } from "../token/read-shards";
import type { PretrainConfig } from "./config";
import { toBertConfig } from "./config";
import { createLayout, uploadTensors } from "./layout";
import { chooseValidationRows, validate, type ValidationScores } from "./validation";

interface Validated {
  readonly config: PretrainConfig;
  readonly vocabularySize: number;
  /** The model's parameters by their names. */
  readonly tensors: HostTensors;
  readonly corpus: Corpus;
  /** Rows from the beginning of the corpus at most. */
  readonly rows: number;
}

/** Scores a trained model with the masks that `config.maskRate` and `config.seed` draw. Throws "stopped". */
export async function validateModel(
  { config, vocabularySize: V, tensors, corpus, rows }: Validated,
  signal?: AbortSignal,
): Promise<ValidationScores> {
  const layout = createLayout(toBertConfig(config, V));
  const chosen = chooseValidationRows(corpus, config, V, rows);
  const flat = uploadTensors(layout, tensors); // [P]
  try {
    return await validate(layout, flat, chosen, createPace(signal));
  } finally {
    disposeBanks(flat);
  }
}
