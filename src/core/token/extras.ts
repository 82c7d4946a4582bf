import { HOURS_OF_WEEK, NO_HOUR } from "../data/hours";
import { FootfallError } from "../errors";
import type { CellId, CellTable } from "../geo/cells";
import { addedToken } from "./hugging-face";
import type { CellPieces, Tokeniser, TokeniserDocument } from "./tokeniser";

/** Which tokens a vocabulary has behind its pieces (TK-07); none unless somebody asks. */
export interface ExtraChoice {
  /** People with a token of their own, those with the most check-ins to learn from; 0 for no user tokens. */
  readonly users: number;
  /** Whether each check-in is announced by its local hour of the week. */
  readonly times: "none" | "week";
}

export const NO_EXTRAS: ExtraChoice = { users: 0, times: "none" };

/** More people than this are not told apart. */
export const MAX_USER_TOKENS = 10_000;

/** The extra tokens of a vocabulary. They stand behind its pieces, so that all other ids are as without them. */
export interface ExtraTokens extends ExtraChoice {
  /** Id of the first. */
  readonly first: number;
}

/** The person who has no number, or whose number nobody gave. */
const SOMEBODY = "[USER]";
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

const hourText = (hour: number): string =>
  `[TIME:${DAYS[Math.floor(hour / 24)]}${String(hour % 24).padStart(2, "0")}]`;

/** How many tokens stand for people: the numbered ones, and the one for all others. */
const countUserTokens = ({ users }: ExtraChoice): number => (users === 0 ? 0 : users + 1);

/** Texts of the extra tokens in the order of their ids; no text has a blank. */
export function extraTexts(choice: ExtraChoice): string[] {
  const people = Array.from({ length: countUserTokens(choice) }, (_, n) =>
    n === 0 ? SOMEBODY : `[USER:${n}]`,
  );
  const hours = choice.times === "week" ? HOURS_OF_WEEK : 0;
  return [...people, ...Array.from({ length: hours }, (_, hour) => hourText(hour))];
}

/** Id of the token of person `user`, 0 for anybody; undefined where there are no user tokens. */
export function userTokenOf(extras: ExtraTokens, user: number): number | undefined {
  return extras.users === 0 ? undefined : extras.first + user;
}

/** Id of the token of an hour of the week; undefined for no hour, and where there are no time tokens. */
export function timeTokenOf(extras: ExtraTokens, hour: number): number | undefined {
  if (extras.times === "none" || hour === NO_HOUR) return undefined;
  return extras.first + countUserTokens(extras) + hour;
}

/** Where the pieces of a vocabulary end: what stands behind is no part of a place. */
export function piecesEnd({
  extras,
  vocabularySize,
}: {
  readonly extras?: ExtraTokens | undefined;
  readonly vocabularySize: number;
}): number {
  return extras?.first ?? vocabularySize;
}

/** Where the pieces end in a vocabulary that was read, and what stands behind them. Throws "bad-file". */
export function findExtras(vocabulary: readonly string[]): ExtraTokens {
  const starts = new Set([SOMEBODY, hourText(0)]);
  const found = vocabulary.findIndex((text) => starts.has(text));
  const first = found < 0 ? vocabulary.length : found;
  const texts = vocabulary.slice(first);
  const people = texts.filter((text) => text.startsWith("[USER")).length;
  const times = texts.includes(hourText(0)) ? "week" : "none";
  const extras: ExtraTokens = { users: Math.max(0, people - 1), times, first };
  const expected = extraTexts(extras);
  const wrong = texts.findIndex((text, n) => text !== expected[n]);
  if (wrong < 0 && texts.length === expected.length) return extras;
  const at = wrong < 0 ? texts.length : wrong;
  throw new FootfallError(
    "bad-file",
    `tokenizer.json: token ${first + at} is "${texts[at] ?? "missing"}", expected "${expected[at] ?? "no more"}"`,
  );
}

/** A tokeniser with extra tokens behind its own. */
class ExtendedTokeniser implements Tokeniser {
  readonly extras: ExtraTokens;
  readonly #base: Tokeniser;
  readonly #texts: readonly string[];
  #vocabulary: readonly string[] | undefined;

  constructor(base: Tokeniser, choice: ExtraChoice) {
    this.#base = base;
    this.#texts = extraTexts(choice);
    this.extras = { ...choice, first: base.vocabularySize };
  }

  get kind(): Tokeniser["kind"] {
    return this.#base.kind;
  }

  get rule(): Tokeniser["rule"] {
    return this.#base.rule;
  }

  get resolution(): number {
    return this.#base.resolution;
  }

  get vocabularySize(): number {
    return this.#base.vocabularySize + this.#texts.length;
  }

  get vocabulary(): readonly string[] {
    this.#vocabulary ??= [...this.#base.vocabulary, ...this.#texts];
    return this.#vocabulary;
  }

  textOf(id: number): string | undefined {
    return this.#base.textOf(id) ?? this.#texts[id - this.extras.first];
  }

  encodeCells(table: CellTable): CellPieces {
    return { ...this.#base.encodeCells(table), extras: this.extras };
  }

  decode(pieces: ArrayLike<number>): CellId | undefined {
    return this.#base.decode(pieces);
  }

  toJson(): TokeniserDocument {
    const document = this.#base.toJson();
    const { first } = this.extras;
    const own = this.#texts.map((text, n) => [text, first + n] as const);
    return {
      ...document,
      added_tokens: [...document.added_tokens, ...own.map(([text, id]) => addedToken(text, id))],
      model: {
        ...document.model,
        vocab: { ...document.model.vocab, ...Object.fromEntries(own) },
      },
    };
  }
}

/** The tokeniser with the tokens of a choice behind its own; itself where the choice is none. Throws "bad-input". */
export function withExtras(base: Tokeniser, { users, times }: ExtraChoice): Tokeniser {
  if (!Number.isInteger(users) || users < 0 || users > MAX_USER_TOKENS) {
    throw new FootfallError(
      "bad-input",
      `${users} user tokens: expected a whole number from 0 to ${MAX_USER_TOKENS}`,
    );
  }
  return users === 0 && times === "none" ? base : new ExtendedTokeniser(base, { users, times });
}
