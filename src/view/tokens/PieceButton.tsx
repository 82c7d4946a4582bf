import type { JSX } from "react";
import type { NumberedPiece } from "./pieces";

interface PieceButtonProps extends Pick<NumberedPiece, "id" | "text"> {
  onFind: (query: string) => void;
}

/** A piece with its token number, which shows all its hexagons. */
export function PieceButton({ text, id, onFind }: PieceButtonProps): JSX.Element {
  return (
    <button
      type="button"
      className="piece"
      aria-label={`Show all hexagons of ${text}, token ${id}`}
      onClick={() => onFind(String(id))}
    >
      {text}
      <sub>{id}</sub>
    </button>
  );
}
