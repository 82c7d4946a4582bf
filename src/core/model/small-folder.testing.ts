import { gridDisk } from "h3-js";
import { CellTableBuilder } from "../geo/cells";
import { createDigits } from "../token/digits";
import { readBertConfig } from "./config";
import { writeModelFolder } from "./folder";
import { initialiseBert } from "./parameters";

/** Hashes of the area, the last of them outside of it. */
export const HASHES = ["882e601a5dfffff", "882e601a57fffff", "8828308281fffff"];

/** A small model folder with digits as tokens, always the same: what test/reference/hugging-face.mjs gave to transformers. */
export function makeSmallFolder() {
  const builder = new CellTableBuilder();
  for (const hash of gridDisk(HASHES[0]!, 12)) builder.add(hash);
  const tokeniser = createDigits({}, builder.build());
  const config = readBertConfig({
    vocab_size: tokeniser.vocabularySize,
    hidden_size: 16,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    intermediate_size: 24,
    max_position_embeddings: 16,
    initializer_range: 0.3, // large enough that differences show
  });
  const tensors = initialiseBert(config, 123);
  return { tokeniser, files: writeModelFolder({ config, tensors, tokeniser, log: [] }) };
}
