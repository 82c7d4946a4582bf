import { FootfallError } from "../errors";
import { restoreDigits } from "./digits";
import { restoreFlat } from "./flat";
import { SPECIAL_TOKENS, type Tokeniser, type TokeniserDocument } from "./tokeniser";
import { restoreWordpiece } from "./wordpiece";

/** Texts by id; every id from 0 on must have one, and the special tokens must stand in front. */
function readVocabulary(vocab: Record<string, number>): string[] {
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
    if (vocabulary[id] === text) return;
    throw new FootfallError(
      "bad-file",
      `tokenizer.json: token ${id} is "${vocabulary[id]}", expected "${text}"`,
    );
  });
  return vocabulary;
}

/**
 * Restores any kind from the document of a tokenizer.json. Throws "bad-file" where it is not one that
 * Footfall wrote: without the `footfall` key nobody knows which cell a piece means.
 */
export function readTokeniser(json: unknown): Tokeniser {
  const { model, footfall } = (json ?? {}) as Partial<TokeniserDocument>;
  if (!model?.vocab || !footfall) {
    throw new FootfallError(
      "bad-file",
      'tokenizer.json has no "model.vocab" or no "footfall" rule; expected a file written by footfall tokenise',
    );
  }
  const vocabulary = readVocabulary(model.vocab);
  switch (footfall.kind) {
    case "digits": {
      const { resolution, parents, groups } = footfall;
      return restoreDigits({ resolution, parents, groups }, vocabulary);
    }
    case "wordpiece":
      return restoreWordpiece(footfall.resolution, vocabulary);
    case "flat":
      return restoreFlat(footfall.resolution, vocabulary);
    default: {
      footfall satisfies never;
      const { kind } = footfall as { kind: unknown };
      throw new FootfallError(
        "bad-file",
        `tokenizer.json: the footfall rule is of kind "${String(kind)}"; expected digits, wordpiece or flat`,
      );
    }
  }
}
