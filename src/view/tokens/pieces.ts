import { getResolution, isValidCell } from "h3-js";
import type { TokeniserChoice } from "../../core/job/make-tokeniser";
import type { Piece } from "../map/token-figure";

/** A piece with its token number. */
export interface NumberedPiece extends Piece {
  readonly id: number;
}

/**
 * Pieces with the resolution of the hexagon that they name so far: the parent's, then one level more for
 * each digit; the cell's own where a piece is the whole of it. WordPiece pieces and [UNK] name no hexagon.
 */
export function numberedPieces(
  pieces: readonly { text: string; id: number }[],
  tokeniser: TokeniserChoice,
  resolution: number,
): NumberedPiece[] {
  const first = pieces[0]?.text ?? "";
  if (tokeniser === "wordpiece" || !isValidCell(first))
    return pieces.map((piece) => ({ ...piece }));
  if (tokeniser === "flat") return pieces.map((piece) => ({ ...piece, resolution }));
  let level = getResolution(first);
  return pieces.map(({ text, id }, i) => {
    if (i > 0) level += text.slice(text.indexOf("/") + 1).length;
    return { text, id, resolution: level };
  });
}
