import type { Progress } from "../pace";
import type { CellTable } from "../geo/cells";
import { createDigits, type DigitsRule } from "../token/digits";
import { createFlat } from "../token/flat";
import type { CellPieces, Tokeniser, TokeniserRule } from "../token/tokeniser";
import { trainWordpiece } from "../token/wordpiece";
import type { Resampled } from "./open-resolution";
import { keep, type Session } from "./session";

/** "5|3" reads: parent at resolution 5, then three digits in one token; for cells of resolution 8. */
export const TOKENISER_CHOICES = [
  "5|3",
  "4|4",
  "4|2|2",
  "one digit a level",
  "wordpiece",
  "flat",
] as const;
export type TokeniserChoice = (typeof TOKENISER_CHOICES)[number];

/** Parent resolution and digit groups of each choice, counted from the cells' resolution r. */
const DIGITS: Partial<Record<TokeniserChoice, (r: number) => Omit<DigitsRule, "resolution">>> = {
  "5|3": (r) => ({ parents: r - 3, groups: [3] }),
  "4|4": (r) => ({ parents: r - 4, groups: [4] }),
  "4|2|2": (r) => ({ parents: r - 4, groups: [2, 2] }),
  "one digit a level": (r) => ({ parents: 0, groups: Array.from({ length: r }, () => 1) }),
};

/** The digit groups that a choice means at a resolution; undefined for wordpiece and flat. */
function digitsRule(choice: TokeniserChoice, resolution: number): DigitsRule | undefined {
  const rule = DIGITS[choice]?.(resolution);
  return rule && { resolution, ...rule };
}

/** True where a tokeniser writes cells the way a choice does at its resolution. */
export function isChoice(rule: TokeniserRule, choice: TokeniserChoice): boolean {
  if (rule.kind !== "digits") return rule.kind === choice;
  const wanted = digitsRule(choice, rule.resolution);
  return wanted?.parents === rule.parents && wanted.groups.join("|") === rule.groups.join("|");
}

/** Cells for each word piece, as in paper 2: about 520,000 cells and 30,000 pieces. */
const CELLS_PER_WORDPIECE = 17;
const MAX_WORDPIECES = 30_000;
const MIN_WORDPIECES = 512;

/** Largest vocabulary of word pieces for as many cells. */
function wordpieceCap(cellCount: number): number {
  const most = Math.round(cellCount / CELLS_PER_WORDPIECE);
  return Math.max(MIN_WORDPIECES, Math.min(MAX_WORDPIECES, most));
}

/** What a vocabulary is made from. */
export interface Corpus {
  /** Cells that digits and word pieces are made from. */
  readonly cells: CellTable;
  /** Cells of the whole area, which flat needs every one of. */
  allCells(): CellTable;
}

/** Makes a tokeniser of a choice. Throws "stopped". */
export async function* makeTokeniser(
  choice: TokeniserChoice,
  { cells, allCells }: Corpus,
  signal: AbortSignal,
): AsyncGenerator<Progress, Tokeniser, void> {
  const rule = digitsRule(choice, cells.resolution);
  if (rule !== undefined) return createDigits(rule, cells);
  if (choice === "flat") return createFlat(allCells());
  return yield* trainWordpiece(cells, {
    vocabularySize: wordpieceCap(cells.hi.length),
    signal,
  });
}

/** A tokeniser and the pieces of every cell that trajectories count in. */
export interface Tokenised {
  readonly tokeniser: Tokeniser;
  readonly pieces: CellPieces;
}

/** The tokeniser of a choice for an area with the pieces of its cells, the last ones kept. */
export function openTokeniser(
  choice: TokeniserChoice,
  resampled: Resampled,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, Tokenised, void> {
  const key = `tokeniser ${choice} of ${resampled.key}`;
  return keep(session, key, async function* () {
    const tokeniser = yield* makeTokeniser(choice, resampled, signal);
    return { tokeniser, pieces: tokeniser.encodeCells(resampled.cells) };
  });
}
