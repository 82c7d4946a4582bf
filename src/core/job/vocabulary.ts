import { NO_EXTRAS, withExtras, type ExtraChoice } from "../token/extras";
import { renameSpecials } from "../token/hugging-face";
import type { DatasetSpec } from "./dataset";
import { openTokeniser, type TokeniserChoice } from "./make-tokeniser";
import { openDataset } from "./open-dataset";
import { openResolution } from "./open-resolution";
import type { Report, Session } from "./session";

export interface VocabularyJob {
  kind: "vocabulary";
  dataset: DatasetSpec;
  tokeniser: TokeniserChoice;
  /** Default the data's own. */
  resolution?: number;
  /** Names of the five special tokens in the order of their ids; default BERT's. */
  specials?: readonly string[];
  /** Tokens behind the pieces; default none. */
  extras?: ExtraChoice;
}

/** A Hugging Face tokenizer.json as bytes, and how many tokens it has. */
export interface VocabularyResult {
  json: Uint8Array;
  vocabularySize: number;
}

/** Writes a tokeniser's file (TK-07). Throws "bad-input" for names that cannot be special tokens. */
export async function* runVocabulary(
  { dataset: spec, tokeniser: choice, resolution, specials, extras = NO_EXTRAS }: VocabularyJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, VocabularyResult, void> {
  const dataset = yield* openDataset(spec, session, signal);
  const resampled = yield* openResolution(dataset, spec, { resolution }, session, signal);
  const { tokeniser: pieces } = yield* openTokeniser(choice, resampled, session, signal);
  const tokeniser = withExtras(pieces, extras);
  yield { phase: "write the vocabulary", done: 0, total: 1, unit: "files" };
  const document = tokeniser.toJson();
  const named = specials === undefined ? document : renameSpecials(document, specials);
  return {
    json: new TextEncoder().encode(JSON.stringify(named)),
    vocabularySize: tokeniser.vocabularySize,
  };
}
