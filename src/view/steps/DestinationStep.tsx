import type { JSX } from "react";
import type { DestinationResult } from "../../core/job/destination";
import { destinationKind, type DestinationSpec } from "../../notebook/steps/destination";
import { Slider } from "../ui/Slider";
import { formatPercent } from "../words";
import { lazyPart } from "./lazy-part";
import { stepView, type StepProps } from "./step-view";
import { TrajectoryChoice } from "./TrajectoryChoice";

type Props = StepProps<DestinationSpec, DestinationResult>;

function About(): JSX.Element {
  return (
    <p>
      The model sees the beginning of a trajectory and is asked where it ends (paper 2, task 2). It
      was never adapted to that: these are the weights as pre-training left them.
    </p>
  );
}

function Controls({ spec, outcome, onChange }: Props): JSX.Element {
  return (
    <>
      <TrajectoryChoice
        trajectory={spec.trajectory}
        count={outcome?.trajectoryCount}
        onChoose={(trajectory) => onChange({ trajectory })}
      />
      <Slider
        label="Shown"
        value={spec.shown}
        min={0.1}
        max={0.9}
        step={0.05}
        format={formatPercent}
        onChange={(shown) => onChange({ shown })}
      />
    </>
  );
}

/** Where a trajectory ends, as a map of probabilities. */
export const destinationView = stepView<DestinationSpec, DestinationResult>({
  kind: "destination",
  toSpec: (authored) => destinationKind.toSpec(authored),
  name: () => "Destination",
  title: () => "Where will it end?",
  About,
  Controls,
  Figure: lazyPart(() => import("../study/DestinationFigure")),
  promise: "Here a map will show where the model believes that the trajectory ends.",
  heightPx: 460,
});
