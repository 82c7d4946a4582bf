import { cellToLatLng, getResolution } from "h3-js";
import { useMemo, useState, type JSX } from "react";
import type { TokeniserChoice } from "../../core/job/make-tokeniser";
import type { StagedCheckIn, StagesResult } from "../../core/job/stages";
import { tokensKind, type TokensSpec } from "../../notebook/steps/tokens";
import { TokenStagesMap } from "../map/TokenStagesMap";
import type { Piece } from "../map/token-figure";
import { usePage } from "../page-context";
import { Select } from "../ui/Select";
import { formatCount, formatCounted, formatMeasure, formatMoment, formatPercent } from "../words";
import { Facts } from "./Facts";
import { PieceTable } from "./PieceTable";
import { stepView, type FigureProps, type StepProps } from "./step-view";
import { TrajectoryChoice } from "./TrajectoryChoice";

type Props = StepProps<TokensSpec, StagesResult>;

const CHOICES: Record<TokeniserChoice, string> = {
  "5|3": "coarse parent, then three digits",
  "4|4": "coarser parent, then four digits",
  "4|2|2": "coarser parent, then two digits twice",
  "one digit a level": "one digit a level",
  wordpiece: "WordPiece, trained on the hashes",
  flat: "flat: a whole cell is one token",
};

function About(): JSX.Element {
  return (
    <>
      <p>
        A country has half a million cells, too many words for a small model. A cell’s hash is split
        into sub-hash tokens: first the large hexagon that it lies in, then the way down to it
        (paper 2; paper 1, A.1.1).
      </p>
      <p>
        Points become check-ins in cells, cells become pieces. Choose a check-in to see its own.
      </p>
    </>
  );
}

function Controls({ spec, outcome, onChange }: Props): JSX.Element {
  return (
    <>
      <Select
        label="Tokeniser"
        value={spec.tokeniser}
        options={(Object.keys(CHOICES) as TokeniserChoice[]).map((choice) => ({
          value: choice,
          text: CHOICES[choice],
        }))}
        onChange={(tokeniser) => onChange({ tokeniser })}
      />
      <TrajectoryChoice
        trajectory={spec.trajectory}
        count={outcome?.trajectoryCount}
        onChoose={(trajectory) => onChange({ trajectory })}
      />
    </>
  );
}

/**
 * Pieces with the resolution of the hexagon that they name so far: the parent's, then one level more for each
 * digit. WordPiece pieces name no hexagon.
 */
export function piecesOf({ pieces, parent }: StagedCheckIn): Piece[] {
  if (parent === undefined) return pieces.map(({ text }) => ({ text }));
  let resolution = getResolution(parent);
  return pieces.map(({ text }, i) => {
    if (i > 0) resolution += text.slice(text.indexOf("/") + 1).length;
    return { text, resolution };
  });
}

function Figure({ outcome }: FigureProps<TokensSpec, StagesResult>): JSX.Element {
  const { basemap } = usePage();
  const { checkIns } = outcome;
  const [wanted, setChosen] = useState(0);
  const chosen = Math.min(wanted, checkIns.length - 1);
  const staged = checkIns[chosen];
  const marks = useMemo(
    () =>
      checkIns.map(({ hash, startMs }) => ({
        hash,
        time: formatMoment(startMs, cellToLatLng(hash)[1]),
      })),
    [checkIns],
  );
  const pieces = useMemo(() => (staged === undefined ? [] : piecesOf(staged)), [staged]);
  const points = checkIns.reduce((sum, checkIn) => sum + checkIn.points, 0);
  return (
    <>
      <Facts
        facts={[
          ["points", formatCount(points)],
          ["check-ins", formatCount(checkIns.length)],
          ["vocabulary", formatCounted(outcome.vocabularySize, "piece")],
          ["pieces a cell", formatMeasure(outcome.tokensPerCell)],
          ["cells it cannot write", formatPercent(outcome.unknownShare)],
          ["cells it was made from", formatCount(outcome.cells)],
        ]}
      />
      <TokenStagesMap
        checkIns={marks}
        chosen={chosen}
        pieces={pieces}
        basemap={basemap}
        onChoose={setChosen}
        heightPx={300}
      />
      <PieceTable
        checkIns={checkIns}
        times={marks.map(({ time }) => time)}
        chosen={chosen}
        onChoose={setChosen}
      />
    </>
  );
}

/** From points to tokens, on one trajectory. */
export const tokensView = stepView<TokensSpec, StagesResult>({
  kind: "tokens",
  toSpec: (authored) => tokensKind.toSpec(authored),
  name: () => "Tokens",
  title: () => "From places to tokens",
  About,
  Controls,
  Figure,
  promise: "Here one trajectory will be split into cells, and cells into pieces.",
  heightPx: 520,
});
