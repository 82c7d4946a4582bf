import { useMemo, useState, type JSX } from "react";
import type { MaskedCheckIn, MaskedResult } from "../../core/job/masked";
import { maskedKind, type MaskedSpec } from "../../notebook/steps/masked";
import { formatKm } from "../map/format";
import { MaskedPredictionMap } from "../map/MaskedPredictionMap";
import { OneMonth } from "../OneMonth";
import { usePage } from "../page-context";
import { formatCounted, formatMoment, formatProbability } from "../words";
import { GuessTable } from "./GuessTable";
import { stepView, type FigureProps, type StepProps } from "./step-view";
import { TrajectoryChoice } from "./TrajectoryChoice";
import { useScrollToPressed } from "./use-scroll-to-pressed";

type Props = StepProps<MaskedSpec, MaskedResult>;

function About({ isSimulated }: Props): JSX.Element {
  return (
    <>
      <p>
        One {isSimulated ? "simulated resident’s" : "person’s"} month, place after place. One place
        is hidden from the model, which sees all the others and spreads its belief over the cells
        (paper 1, Figure 1).
      </p>
      <p>
        Click any other numbered place, on the map or in the row above it, to hide that one instead.
      </p>
    </>
  );
}

function Controls({ spec, outcome, onChange }: Props): JSX.Element {
  const shown = outcome?.trajectory ?? spec.trajectory;
  return (
    <TrajectoryChoice
      trajectory={outcome === undefined ? spec.trajectory : shown}
      count={outcome?.trajectoryCount}
      onChoose={(trajectory) => onChange({ trajectory, masked: [] })}
    />
  );
}

const away = (km: number): string =>
  km < SAME_CELL_KM ? "the true cell itself" : `${formatKm(km)} away`;

/** Centres nearer than this are those of one cell. */
const SAME_CELL_KM = 0.05;

/** What the model says of one hidden place, beside rules that need no model, in one sentence. */
export function findingOf(masked: MaskedCheckIn): string {
  const { guesses, truth, truthProbability, beliefKm, previousKm, middleKm } = masked;
  const [best] = guesses;
  if (best === undefined) return "";
  const share = formatProbability(best.probability);
  const others = [
    `the middle of its belief is ${away(beliefKm)}`,
    previousKm === undefined ? [] : [`the place before it is ${away(previousKm)}`],
    middleKm === undefined ? [] : [`the middle between its neighbours is ${away(middleKm)}`],
  ].flat();
  const beside = ` For comparison: ${others.join(", ")}.`;
  if (best.hash === truth) return `The model’s first guess (${share}) is the true cell.${beside}`;
  return `The model’s first guess (${share}) is ${formatKm(best.km)} from the true cell, which it gives ${formatProbability(truthProbability)}.${beside}`;
}

interface HiddenListProps {
  masked: readonly MaskedCheckIn[];
  focus: number;
  onFocus: (index: number) => void;
  onShow: (index: number) => void;
}

/** Which places are hidden, where several are: choose whose guesses are shown, or show one again. */
function HiddenList({ masked, focus, onFocus, onShow }: HiddenListProps): JSX.Element {
  return (
    <div className="hidden-list" role="group" aria-label="Hidden places">
      {masked.map(({ index }) => (
        <span key={index}>
          <button type="button" aria-pressed={index === focus} onClick={() => onFocus(index)}>
            place {index + 1}
          </button>
          <button
            type="button"
            aria-label={`Show place ${index + 1} to the model`}
            onClick={() => onShow(index)}
          >
            ×
          </button>
        </span>
      ))}
    </div>
  );
}

/** The indices to hide after a choice: that one alone, or one more, or one less. */
export function chooseHidden(
  hidden: readonly number[],
  index: number,
  isSeveral: boolean,
): number[] {
  if (!isSeveral) return [index];
  if (!hidden.includes(index)) return [...hidden, index].toSorted((a, b) => a - b);
  return hidden.length === 1 ? [...hidden] : hidden.filter((other) => other !== index);
}

function Figure({ outcome, onChange }: FigureProps<MaskedSpec, MaskedResult>): JSX.Element {
  const { basemap } = usePage();
  const [isSeveral, setSeveral] = useState(false);
  const [wanted, setWanted] = useState<number>();
  const { checkIns, masked } = outcome;
  const marks = useMemo(
    () => checkIns.map(({ hash, startMs, lng }) => ({ hash, time: formatMoment(startMs, lng) })),
    [checkIns],
  );
  const focus = masked.find(({ index }) => index === wanted) ?? masked[0];
  const list = useScrollToPressed(focus?.index);
  if (focus === undefined) return <p>No place of this trajectory can be hidden.</p>;
  const hidden = masked.map(({ index }) => index);
  const hide = (index: number): void => {
    setWanted(index);
    onChange({ trajectory: outcome.trajectory, masked: chooseHidden(hidden, index, isSeveral) });
  };
  return (
    <>
      <p className="finding" role="status">
        {findingOf(focus)}
      </p>
      <OneMonth>
        <div className="map-and-list" ref={list}>
          <MaskedPredictionMap
            title={`${formatCounted(checkIns.length, "place")} of one month; number ${focus.index + 1} hidden`}
            checkIns={marks}
            masked={focus.index}
            guesses={focus.guesses}
            basemap={basemap}
            hidden={hidden}
            onMask={hide}
            heightPx={400}
          />
          <div className="list-beside">
            {hidden.length > 1 && (
              <HiddenList
                masked={masked}
                focus={focus.index}
                onFocus={setWanted}
                onShow={(index) => onChange({ masked: chooseHidden(hidden, index, true) })}
              />
            )}
            <GuessTable masked={focus} time={marks[focus.index]?.time} />
            <label className="several">
              <input type="checkbox" checked={isSeveral} onChange={() => setSeveral(!isSeveral)} />
              hide several at once
            </label>
          </div>
        </div>
      </OneMonth>
    </>
  );
}

/** The main job: one hidden place, and what the model makes of it. */
export const maskedView = stepView<MaskedSpec, MaskedResult>({
  kind: "masked",
  toSpec: (authored) => maskedKind.toSpec(authored),
  name: () => "Hidden place",
  title: () => "Can you guess the hidden place?",
  About,
  Controls,
  Figure,
  promise:
    "Here a map will show one trajectory, the place that was hidden, and the model’s guesses.",
  heightPx: 560,
});
