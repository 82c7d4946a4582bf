import type { JSX } from "react";
import type { StagedCheckIn } from "../../core/job/stages";
import { Table } from "../ui/Table";
import { formatCount } from "../words";

interface PieceTableProps {
  checkIns: readonly StagedCheckIn[];
  times: readonly string[];
  chosen: number;
  onChoose: (index: number) => void;
}

function Pieces({ pieces }: Pick<StagedCheckIn, "pieces">): JSX.Element {
  return (
    <span className="pieces">
      {pieces.map(({ text, id }, i) => (
        <span key={i} className="piece" title={`token ${id}`}>
          {text}
          <sub>{id}</sub>
        </span>
      ))}
    </span>
  );
}

/** The whole trajectory as it reaches the model: check-in, cell, pieces with their token ids. */
export function PieceTable({ checkIns, times, chosen, onChoose }: PieceTableProps): JSX.Element {
  return (
    <div data-table="pieces">
      <Table
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
          <code key="cell">{hash}</code>,
          <Pieces key="pieces" pieces={pieces} />,
        ])}
      />
    </div>
  );
}
