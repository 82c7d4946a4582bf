import { cellToLatLng, cellToParent, getBaseCellNumber, getResolution } from "h3-js";
import type { JSX } from "react";
import { cellDigit, hashToHi, hashToLo } from "../../core/geo/cells";
import { formatPlace } from "../map/format";
import { Table } from "../ui/Table";
import { HashButton } from "./HashButton";
import { PieceButton } from "./PieceButton";
import type { NumberedPiece } from "./pieces";

interface HashAnatomyProps {
  hash: string;
  pieces: readonly NumberedPiece[];
  /** The reader asks for a hexagon or a token. */
  onFind: (query: string) => void;
}

/** The piece that a level's digit is written by, at the last level of each piece. */
function pieceAt(pieces: readonly NumberedPiece[], resolution: number): NumberedPiece | undefined {
  return pieces.find((piece) => piece.resolution === resolution);
}

/** A hash taken apart: its digits and parents, level by level, and the pieces that say them. */
export function HashAnatomy({ hash, pieces, onFind }: HashAnatomyProps): JSX.Element {
  const finest = getResolution(hash);
  const [hi, lo] = [hashToHi(hash), hashToLo(hash)];
  const [lat, lng] = cellToLatLng(hash);
  const rows = Array.from({ length: finest + 1 }, (_, resolution) => {
    const parent = cellToParent(hash, resolution);
    const piece = pieceAt(pieces, resolution);
    return [
      String(resolution),
      resolution === 0 ? `base ${getBaseCellNumber(hash)}` : String(cellDigit(hi, lo, resolution)),
      <HashButton key="cell" hash={parent} onFind={onFind} />,
      piece && <PieceButton key="piece" {...piece} onFind={onFind} />,
    ];
  });
  const unplaced = pieces.filter(({ resolution }) => resolution === undefined);
  return (
    <div data-table="anatomy">
      <p className="note">
        <code>{hash}</code>, resolution {finest}, {formatPlace(lat, lng)}
        {unplaced.length > 0 && (
          <>
            {" "}
            is written as{" "}
            {unplaced.map((piece, i) => (
              <PieceButton key={i} {...piece} onFind={onFind} />
            ))}
          </>
        )}
      </p>
      <Table
        label="Levels of the hexagon and the pieces that say them"
        head={["level", "digit", "hexagon", "said by"]}
        rows={rows}
        numeric={[0, 1]}
      />
    </div>
  );
}
