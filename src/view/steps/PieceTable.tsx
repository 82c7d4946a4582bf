import type { JSX } from "react";
import type { StagedCheckIn } from "../../core/job/stages";
import { Table } from "../ui/Table";
import { HashButton } from "../tokens/HashButton";
import { PieceButton } from "../tokens/PieceButton";
import { formatCount } from "../words";

interface Finding {
  /** The reader asks for a hexagon or a token. */
  onFind: (query: string) => void;
}

interface PieceTableProps extends Finding {
  checkIns: readonly StagedCheckIn[];
  times: readonly string[];
  chosen: number;
  onChoose: (index: number) => void;
}

function Pieces({ pieces, onFind }: Pick<StagedCheckIn, "pieces"> & Finding): JSX.Element {
  return (
    <span className="pieces">
      {pieces.map((piece, i) => (
        <PieceButton key={i} {...piece} onFind={onFind} />
      ))}
    </span>
  );
}

/** The whole trajectory as it reaches the model: check-in, cell, pieces with their token ids. */
export function PieceTable(props: PieceTableProps): JSX.Element {
  const { checkIns, times, chosen, onChoose, onFind } = props;
  return (
    <div data-table="pieces">
      <Table
        label="Places, their cells and their pieces"
        head={["place", "when", "points", "cell", "pieces and their token numbers"]}
        numeric={[2]}
        rows={checkIns.map(({ hash, points, pieces }, i) => [
          <button
            key="choose"
            type="button"
            className="row-button"
            aria-pressed={i === chosen}
            onClick={() => onChoose(i)}
          >
            {i + 1}
          </button>,
          times[i] ?? "",
          formatCount(points),
          <HashButton key="cell" hash={hash} onFind={onFind} />,
          <Pieces key="pieces" pieces={pieces} onFind={onFind} />,
        ])}
      />
    </div>
  );
}
