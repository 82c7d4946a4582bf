import type { TokeniserChoice } from "../../core/job/make-tokeniser";

/** What the page calls each tokeniser. */
export const TOKENISER_NAMES: Record<TokeniserChoice, string> = {
  "5|3": "coarse parent, then three digits",
  "4|4": "coarser parent, then four digits",
  "4|2|2": "coarser parent, then two digits twice",
  "one digit a level": "one digit a level",
  wordpiece: "WordPiece, trained on the hashes",
  flat: "flat: a whole cell is one token",
};

/** The same in a word or two, for charts and tables. */
export const SHORT_NAMES: Record<TokeniserChoice, string> = {
  "5|3": "parent + 3 digits",
  "4|4": "parent + 4 digits",
  "4|2|2": "parent + 2 + 2 digits",
  "one digit a level": "one digit a level",
  wordpiece: "WordPiece",
  flat: "flat",
};
