import { cellToChildren, getResolution, isValidCell } from "h3-js";
import { FootfallError } from "../errors";
import type { CellTable } from "../geo/cells";
import { CellTableBuilder } from "../geo/cells";
import type { Tokeniser } from "../token/tokeniser";

/**
 * Every cell that a tokeniser can write: all children of its parents, or its whole vocabulary. Among them
 * is the sea of each coarse parent, so a table of cells that exist is better where there is one. Throws
 * "bad-input" for wordpiece, whose pieces do not name cells.
 */
export function listWritableCells(tokeniser: Tokeniser): CellTable {
  if (tokeniser.kind === "wordpiece") {
    throw new FootfallError(
      "bad-input",
      "the pieces of a wordpiece tokeniser do not tell which cells exist; give a file of cells",
    );
  }
  const builder = new CellTableBuilder(tokeniser.resolution);
  for (const text of tokeniser.vocabulary) {
    if (!isValidCell(text) || getResolution(text) > tokeniser.resolution) continue;
    for (const cell of cellToChildren(text, tokeniser.resolution)) builder.add(cell);
  }
  return builder.build();
}
