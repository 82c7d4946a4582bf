import { isValidCell } from "h3-js";
import { FootfallError } from "../errors";
import { restoreDigits } from "./digits";
import { findExtras, withExtras } from "./extras";
import { restoreFlat } from "./flat";
import { SPECIAL_TOKENS, type Tokeniser, type TokeniserDocument } from "./tokeniser";
import { restoreWordpiece } from "./wordpiece";

interface AddedToken {
  id?: unknown;
  content?: unknown;
  special?: unknown;
}

/** True where the file itself says that a token is special, whatever its name: the id is what counts. */
function isSpecial(added: readonly AddedToken[], id: number, text: string | undefined): boolean {
  return added.some((token) => token.id === id && token.content === text && token.special === true);
}

/**
 * Texts by id; every id from 0 on must have one, and the special tokens must stand in front, under their
 * usual names or marked as special. They are read as their usual names.
 */
function readVocabulary(
  vocab: Record<string, number>,
  added: readonly AddedToken[] = [],
): string[] {
  const entries = Object.entries(vocab);
  const vocabulary: string[] = Array.from({ length: entries.length });
  for (const [text, id] of entries) vocabulary[id] = text;
  const gap = vocabulary.findIndex((text) => text === undefined);
  if (gap >= 0 || vocabulary.length !== entries.length) {
    throw new FootfallError(
      "bad-file",
      "tokenizer.json: the ids of the vocabulary are not 0 to V - 1",
    );
  }
  SPECIAL_TOKENS.forEach((text, id) => {
    if (vocabulary[id] !== text && isSpecial(added, id, vocabulary[id])) vocabulary[id] = text;
    if (vocabulary[id] === text) return;
    throw new FootfallError(
      "bad-file",
      `tokenizer.json: token ${id} is "${vocabulary[id]}", expected "${text}"`,
    );
  });
  return vocabulary;
}

/**
 * Restores any kind from the document of a tokenizer.json that Footfall wrote, also after Hugging Face has
 * saved it again. Throws "bad-file" where the vocabulary is of another making.
 */
export function readTokeniser(json: unknown): Tokeniser {
  const { model, normalizer, added_tokens } = (json ?? {}) as Partial<TokeniserDocument>;
  if (!model?.vocab) {
    throw new FootfallError("bad-file", 'tokenizer.json has no "model.vocab"');
  }
  const all = readVocabulary(model.vocab, added_tokens);
  const extras = findExtras(all);
  return withExtras(restore(all.slice(0, extras.first), { model, normalizer }), extras);
}

/** A tokeniser from the texts of its special tokens and pieces. */
function restore(
  vocabulary: readonly string[],
  {
    model,
    normalizer,
  }: { model: TokeniserDocument["model"]; normalizer: object | null | undefined },
): Tokeniser {
  if (model.type === "WordPiece") return restoreWordpiece(normalizer, vocabulary);
  const first = vocabulary[SPECIAL_TOKENS.length] ?? "";
  if (!isValidCell(first)) {
    throw new FootfallError(
      "bad-file",
      `tokenizer.json: token ${SPECIAL_TOKENS.length} is "${first}", expected the hash of a cell`,
    );
  }
  return vocabulary.at(-1)!.includes("/") ? restoreDigits(vocabulary) : restoreFlat(vocabulary);
}
