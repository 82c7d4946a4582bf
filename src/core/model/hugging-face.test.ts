import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CellTableBuilder } from "../geo/cells";
import { openEngine } from "../gpu/engine";
import { finish } from "../pace";
import { CLS, SEP } from "../token/tokeniser";
import { createBert } from "./bert";
import { openModelFolder } from "./folder";
import { runForward } from "./forward";
import { HASHES, makeSmallFolder } from "./small-folder.testing";

interface Reference {
  ids: number[];
  logits: number[][];
}

// made by test/reference/hugging-face.mjs with transformers 5.18.0: AutoTokenizer and AutoModelForMaskedLM
const path = new URL("../../../test/reference/hugging-face-folder.json", import.meta.url);
const { ids, logits } = JSON.parse(readFileSync(path, "utf8")) as Reference;

test("from_pretrained reads our tokens and our weights as we do", async () => {
  const { tokeniser, files } = makeSmallFolder();
  const builder = new CellTableBuilder();
  for (const hash of HASHES) builder.add(hash);
  const { tokens } = tokeniser.encodeCells(builder.build());
  expect([CLS, ...tokens, SEP]).toEqual(ids);

  const engine = await openEngine({ backend: "cpu" });
  const read = await openModelFolder({ name: "small", read: async (name) => files.get(name) });
  const bert = createBert(read.config, read.tensors);
  const found = await finish(runForward(bert, [ids]));
  logits.flat().forEach((wanted, n) => expect(found.logits[n]).toBeCloseTo(wanted, 4));
  bert.dispose();
  engine.dispose();
});

test("a folder says that its tokens are to be taken as they stand: BERT's own class cuts them at the slash", () => {
  const bytes = makeSmallFolder().files.get("tokenizer_config.json");
  expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({
    tokenizer_class: "PreTrainedTokenizerFast",
    pad_token: "[PAD]",
    unk_token: "[UNK]",
    cls_token: "[CLS]",
    sep_token: "[SEP]",
    mask_token: "[MASK]",
  });
});
