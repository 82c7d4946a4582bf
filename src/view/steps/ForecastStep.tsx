import type { JSX } from "react";
import type { ForecastResult } from "../../core/job/forecast";
import { forecastKind, MOST_STEPS, type ForecastSpec } from "../../notebook/steps/forecast";
import { Slider } from "../ui/Slider";
import { formatCounted } from "../words";
import { laterPart } from "./lazy-part";
import { stepView, type StepProps } from "./step-view";
import { TrajectoryChoice } from "./TrajectoryChoice";

type Props = StepProps<ForecastSpec, ForecastResult>;

function About(): JSX.Element {
  return (
    <p>
      The GPT sees where somebody was, one point every few minutes, and goes on by itself: each
      guess is put behind the known points and seen by the next one, as RAW’s test does. Beside it
      stand the truth and three rules that need no model.
    </p>
  );
}

function Controls({ spec, outcome, onChange }: Props): JSX.Element {
  return (
    <>
      <TrajectoryChoice
        what="Window"
        trajectory={spec.window ?? outcome?.window ?? 0}
        count={outcome?.windowCount}
        onChoose={(window) => onChange({ window })}
      />
      <Slider
        label="Goes on for"
        value={spec.steps}
        min={1}
        max={MOST_STEPS}
        step={1}
        format={(steps) => formatCounted(steps, "point")}
        onChange={(steps) => onChange({ steps })}
      />
    </>
  );
}

/** Where a GPT on points expects somebody next. */
export const forecastView = stepView<ForecastSpec, ForecastResult>({
  kind: "forecast",
  toSpec: (authored) => forecastKind.toSpec(authored),
  name: () => "Forecast",
  title: () => "Where will they be next?",
  About,
  Controls,
  Figure: laterPart(() => import("../forecast/ForecastFigure"), 520),
  promise:
    "Here a map will show some known points, how the model goes on from them, and how people did.",
  heightPx: 520,
});
