import { useMemo, useState, type JSX } from "react";
import type { DestinationResult } from "../../core/job/destination";
import { SENSITIVE_INFERENCE } from "../../core/papers/sensitive";
import type { DestinationSpec } from "../../notebook/steps/destination";
import { formatKm } from "../map/format";
import { MaskedPredictionMap } from "../map/MaskedPredictionMap";
import { OneMonth } from "../OneMonth";
import { usePage } from "../page-context";
import type { FigureProps } from "../steps/step-view";
import { CheckBox } from "../ui/CheckBox";
import { Table } from "../ui/Table";
import { formatCounted, formatProbability } from "../words";
import "./study.css";

const LISTED = 10;

/** What the model believes about the end, in a sentence. */
function finding({ guess, wasSeen, checkIns, shownCount }: DestinationResult): string {
  const [best] = guess.guesses;
  if (best === undefined) return "The model has no guess.";
  const place = guess.guesses.findIndex(({ hash }) => hash === guess.truth);
  const rank = place < 0 ? "not among its first guesses" : `its guess number ${place + 1}`;
  const seen = wasSeen
    ? "It had been there before, so it could be copied."
    : "It had not been there before.";
  return `Of ${formatCounted(checkIns.length, "check-in")} the model sees ${shownCount}. Its first guess is ${formatKm(best.km)} from the true end, which is ${rank} (${formatProbability(guess.truthProbability)}). ${seen}`;
}

/** The belief about the last cell, over the beginning that the model saw. */
export default function DestinationFigure(
  props: FigureProps<DestinationSpec, DestinationResult>,
): JSX.Element {
  const { outcome } = props;
  const { basemap } = usePage();
  const [isLog, setLog] = useState(false);
  const { checkIns, shownCount, guess } = outcome;
  const marks = useMemo(
    () => [...checkIns.slice(0, shownCount), checkIns.at(-1)!].map(({ hash }) => ({ hash })),
    [checkIns, shownCount],
  );
  return (
    <div className="study-figure">
      <p className="finding" role="status">
        {finding(outcome)}
      </p>
      <OneMonth>
        <CheckBox isChecked={isLog} onChange={setLog}>
          Colours by powers of ten, so that unlikely cells are told apart too
        </CheckBox>
        <MaskedPredictionMap
          name="destination"
          title="Where the trajectory ends"
          truthText="where it truly ends"
          checkIns={marks}
          masked={shownCount}
          guesses={guess.guesses}
          isLog={isLog}
          basemap={basemap}
          heightPx={380}
        />
        <Table
          label="Likeliest ends"
          head={["cell", "probability", "from the true end"]}
          rows={guess.guesses
            .slice(0, LISTED)
            .map(({ hash, probability, km }) => [
              hash === guess.truth ? `${hash} (true)` : hash,
              formatProbability(probability),
              formatKm(km),
            ])}
          numeric={[1, 2]}
        />
      </OneMonth>
      <p className="note">{SENSITIVE_INFERENCE}</p>
    </div>
  );
}
