import { cellToLatLng } from "h3-js";
import { useMemo, useState, type JSX } from "react";
import { TOKENISER_CHOICES } from "../../core/job/make-tokeniser";
import type { StagesResult } from "../../core/job/stages";
import { tokensKind, type TokensSpec } from "../../notebook/steps/tokens";
import { TokenStagesMap } from "../map/TokenStagesMap";
import { OneMonth } from "../OneMonth";
import { usePage } from "../page-context";
import { useHidesMonths } from "../people";
import { LazyMoreOfTokens } from "../tokens/LazyMoreOfTokens";
import { TOKENISER_NAMES } from "../tokens/names";
import { numberedPieces } from "../tokens/pieces";
import type { Wanted } from "../tokens/TokenInspector";
import { Select } from "../ui/Select";
import { formatCount, formatCounted, formatMeasure, formatMoment, formatPercent } from "../words";
import { Facts } from "./Facts";
import { PieceTable } from "./PieceTable";
import { stepView, type FigureProps, type StepProps } from "./step-view";
import { TrajectoryChoice } from "./TrajectoryChoice";

type Props = StepProps<TokensSpec, StagesResult>;

function About(): JSX.Element {
  return (
    <>
      <p>
        A country has half a million cells, too many words for a small model. A cell’s hash is split
        into sub-hash tokens: first the large hexagon that it lies in, then the way down to it
        (paper 2; paper 1, A.1.1).
      </p>
      <p>
        Points become check-ins in cells, cells become pieces. Choose a check-in to see its own, and
        a piece to see all its hexagons.
      </p>
    </>
  );
}

/** Before the first outcome only the data's own resolution is known to exist. */
function ResolutionChoice({ spec, outcome, onChange }: Props): JSX.Element | null {
  if (outcome === undefined) return null;
  const { resolutions, ownResolution } = outcome;
  return (
    <Select
      label="Resolution"
      value={String(spec.resolution ?? ownResolution)}
      options={resolutions.map((resolution) => ({
        value: String(resolution),
        text: resolution === ownResolution ? `${resolution}, as the data are` : String(resolution),
      }))}
      onChange={(resolution) => onChange({ resolution: Number(resolution), trajectory: 0 })}
    />
  );
}

function Controls(props: Props): JSX.Element {
  const { spec, outcome, onChange } = props;
  return (
    <>
      <Select
        label="Tokeniser"
        value={spec.tokeniser}
        options={TOKENISER_CHOICES.map((choice) => ({
          value: choice,
          text: TOKENISER_NAMES[choice],
        }))}
        onChange={(tokeniser) => onChange({ tokeniser })}
      />
      <ResolutionChoice {...props} />
      <TrajectoryChoice
        trajectory={spec.trajectory}
        count={outcome?.trajectoryCount}
        onChoose={(trajectory) => onChange({ trajectory })}
      />
    </>
  );
}

function Figure({ outcome, isSimulated }: FigureProps<TokensSpec, StagesResult>): JSX.Element {
  const { basemap } = usePage();
  const hidesMonths = useHidesMonths();
  const { checkIns, tokeniser, resolution } = outcome;
  const [wanted, setWanted] = useState<Wanted>();
  const [place, setChosen] = useState(0);
  const chosen = Math.min(place, checkIns.length - 1);
  const staged = checkIns[chosen];
  const marks = useMemo(
    () =>
      checkIns.map(({ hash, startMs }) => ({
        hash,
        time: formatMoment(startMs, cellToLatLng(hash)[1]),
      })),
    [checkIns],
  );
  const pieces = useMemo(
    () => numberedPieces(staged?.pieces ?? [], tokeniser, resolution),
    [staged, tokeniser, resolution],
  );
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
          [`cells at resolution ${resolution}`, formatCount(outcome.cells)],
        ]}
      />
      <OneMonth>
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
          onFind={(query) => setWanted({ query })}
        />
      </OneMonth>
      <LazyMoreOfTokens
        {...{ outcome, isSimulated, wanted }}
        staged={hidesMonths ? undefined : staged}
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
