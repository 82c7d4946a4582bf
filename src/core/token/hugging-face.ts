import { CLS, SEP, SPECIAL_TOKENS, type TokeniserDocument } from "./tokeniser";

const addedToken = (content: string, id: number) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

const special = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });

/** [CLS] A [SEP], and [CLS] A [SEP] B [SEP] for a pair, as BERT wants it. */
const postProcessor = {
  type: "TemplateProcessing",
  single: [special("[CLS]", 0), sequence("A", 0), special("[SEP]", 0)],
  pair: [
    special("[CLS]", 0),
    sequence("A", 0),
    special("[SEP]", 0),
    sequence("B", 1),
    special("[SEP]", 1),
  ],
  special_tokens: {
    "[CLS]": { id: "[CLS]", ids: [CLS], tokens: ["[CLS]"] },
    "[SEP]": { id: "[SEP]", ids: [SEP], tokens: ["[SEP]"] },
  },
};

/** The envelope that all kinds share: one piece or hash a word, split at white space. */
export function toTokeniserDocument(
  vocabulary: readonly string[],
  parts: Partial<Pick<TokeniserDocument, "normalizer" | "decoder">> & { model?: object } = {},
): TokeniserDocument {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: SPECIAL_TOKENS.map(addedToken),
    normalizer: parts.normalizer ?? null,
    pre_tokenizer: { type: "WhitespaceSplit" },
    post_processor: postProcessor,
    decoder: parts.decoder ?? null,
    model: {
      type: "WordLevel",
      unk_token: "[UNK]",
      ...parts.model,
      vocab: Object.fromEntries(vocabulary.map((text, id) => [text, id])),
    },
  };
}
