import { FootfallError } from "../errors";
import { CLS, SEP, SPECIAL_TOKENS, type TokeniserDocument } from "./tokeniser";

/** A token that no normaliser and no splitting touches, and that decoding may leave out. */
export const addedToken = (content: string, id: number) => ({
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

/** The same value with texts renamed wherever they stand, as values and as keys. */
function rename(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((one) => rename(one, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [names.get(key) ?? key, rename(one, names)]),
  );
}

/**
 * The same document with other names for the five special tokens, in the order of their ids. Throws
 * "bad-input" for a name that is empty, has white space, stands twice or is another token's.
 */
export function renameSpecials(
  document: TokeniserDocument,
  names: readonly string[],
): TokeniserDocument {
  const { vocab } = document.model;
  SPECIAL_TOKENS.forEach((role, id) => {
    const name = names[id] ?? "";
    const other = vocab[name];
    const isTaken = other !== undefined && other >= SPECIAL_TOKENS.length;
    if (/^\S+$/.test(name) && names.indexOf(name) === id && !isTaken) return;
    throw new FootfallError(
      "bad-input",
      `"${name}" cannot stand for ${role}: expected a name without spaces that no other token has`,
    );
  });
  const byRole = new Map<string, string>(SPECIAL_TOKENS.map((role, id) => [role, names[id]!]));
  return rename(document, byRole) as TokeniserDocument;
}
