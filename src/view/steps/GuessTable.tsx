import type { JSX } from "react";
import type { MaskedCheckIn } from "../../core/job/masked";
import { formatKm } from "../map/format";
import { Table } from "../ui/Table";
import { formatProbability } from "../words";

interface GuessTableProps {
  masked: MaskedCheckIn;
  /** When the hidden check-in was, in words. */
  time: string | undefined;
}

function Probability({ share, most }: { share: number; most: number }): JSX.Element {
  return (
    <span className="probability">
      <span
        className="probability-bar"
        style={{ width: `${((share / most) * 100).toFixed(1)}%` }}
      />
      <span>{formatProbability(share)}</span>
    </span>
  );
}

/** The ten likeliest cells and the true one: the text of what the map shows. */
export function GuessTable({ masked, time }: GuessTableProps): JSX.Element {
  const { guesses, truth, truthProbability, index } = masked;
  const most = guesses[0]?.probability ?? 1;
  const rows = guesses.map(({ hash, probability, km }, i) => [
    String(i + 1),
    hash === truth ? (
      <strong key="cell" className="true-cell">
        {hash} ✓
      </strong>
    ) : (
      <code key="cell">{hash}</code>
    ),
    <Probability key="share" share={probability} most={most} />,
    km === 0 ? "0 km" : formatKm(km),
  ]);
  const isListed = guesses.some(({ hash }) => hash === truth);
  const trueRow = [
    "…",
    <strong key="cell" className="true-cell">
      {truth} ✓
    </strong>,
    formatProbability(truthProbability),
    "0 km",
  ];
  return (
    <div data-table="guesses" data-truth={truth}>
      <Table
        caption={`Likeliest cells for place ${index + 1}${time === undefined ? "" : `, ${time}`}; ✓ marks the true one`}
        head={["", "cell", "probability", "from the truth"]}
        rows={isListed ? rows : [...rows, trueRow]}
        numeric={[2, 3]}
      />
    </div>
  );
}
