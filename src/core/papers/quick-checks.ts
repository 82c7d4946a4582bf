import { cellToChildren, cellToParent } from "h3-js";
import { CellTableBuilder } from "../geo/cells";
import { createDigits } from "../token/digits";
import type { StepLink } from "./facts";
import checks from "./quick-checks.json";
import type { PaperNumber, Source } from "./sources";

/** A question that a summary of paper 2 or 3 asks its readers, answered (SD-10 to SD-15). */
export interface QuickCheck {
  readonly id: string;
  readonly paper: PaperNumber;
  readonly question: string;
  readonly source: Source;
  readonly answer: string;
  readonly link?: StepLink;
  /** The other half of the answer, where it is shown somewhere else. */
  readonly also?: StepLink;
}

/** A cell of paper 1 (3.3); its 49 cousins stand two levels below one parent. */
const EXAMPLE = "882e601a5dfffff";

/** Different pieces that our digit tokeniser writes for the cells two levels below one parent. */
export function countPieces(): { cells: number; pieces: number } {
  const table = new CellTableBuilder(8);
  for (const hash of cellToChildren(cellToParent(EXAMPLE, 6), 8)) table.add(hash);
  const cells = table.build();
  const { tokens } = createDigits({ parents: 6, groups: [1, 1] }, cells).encodeCells(cells);
  return { cells: cells.hi.length, pieces: new Set(tokens).size };
}

/** The questions with their answers; one of them counts while it answers. */
export function answerChecks(): QuickCheck[] {
  const { cells, pieces } = countPieces();
  const counted = ` Counted just now: the ${cells} cells two levels below one parent are written with ${pieces} pieces.`;
  return (checks as readonly QuickCheck[]).map((check) =>
    check.id === "hierarchy" ? { ...check, answer: check.answer + counted } : check,
  );
}
