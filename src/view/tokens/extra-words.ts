import { HOURS_OF_WEEK } from "../../core/data/hours";
import type { StagesResult } from "../../core/job/stages";
import { extraTexts, NO_EXTRAS, type ExtraChoice } from "../../core/token/extras";
import { tokensAround, tokensBefore } from "../../core/token/rows";
import { formatCount, formatCounted } from "../words";

/** Rows of the table for the tokens behind the pieces, people and hours in one row each. */
export function extraRows(extras: ExtraChoice, first: number): string[][] {
  const texts = extraTexts(extras);
  const row = (from: number, to: number, role: string): string[] => {
    const [start, end] = [texts[from]!, texts[to]!];
    const isOne = from === to;
    const ids = isOne ? String(first + from) : `${first + from} to ${first + to}`;
    return [ids, isOne ? start : `${start} to ${end}`, role, "the same"];
  };
  const { users, times } = extras;
  const hours = texts.length - HOURS_OF_WEEK;
  return [
    ...(users > 0
      ? [
          row(0, 0, "behind [CLS]: anybody without a number"),
          row(1, users, "behind [CLS]: one person each, the most active first"),
        ]
      : []),
    ...(times === "week"
      ? [row(hours, texts.length - 1, "before a check-in: the local hour of the week it begins in")]
      : []),
  ];
}

/** What the tokens cost on the trajectory that is shown. */
export function costOf({ checkIns, vocabularySize }: StagesResult, extras: ExtraChoice): string {
  const pieces = checkIns.reduce((sum, checkIn) => sum + checkIn.pieces.length, 0);
  const first = vocabularySize;
  const lengthWith = (choice: ExtraChoice): number => {
    const asked = { ...choice, first };
    return pieces + tokensAround(asked) + checkIns.length * tokensBefore(asked);
  };
  const [plain, full] = [lengthWith(NO_EXTRAS), lengthWith(extras)];
  const size = vocabularySize + extraTexts(extras).length;
  if (plain === full) {
    return `The trajectory shown takes ${formatCounted(plain, "token")} in a row, [CLS] and [SEP] counted.`;
  }
  return `The trajectory shown takes ${formatCounted(full, "token")} in a row instead of ${formatCount(plain)}; the vocabulary has ${formatCount(size)} instead of ${formatCount(vocabularySize)}.`;
}
