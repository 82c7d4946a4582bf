import type { JSX, ReactNode } from "react";
import type { TrainingStatus } from "../../core/job/training-status";
import { LazyLossChart } from "../chart/LazyCharts";
import type { LossCurve } from "../chart/LossChart";
import type { bestMarks, Level } from "./curves";
import { TrainingFacts, TrainingWarnings } from "./TrainingFacts";
import { budgetText, sleptText } from "./words";

interface StepChartProps {
  name: string;
  /** Nothing is drawn without any. */
  curves: readonly LossCurve[];
  levels: readonly Level[];
  marks: ReturnType<typeof bestMarks>;
  yLabel: string;
  caption: string;
}

/** How a value fell over the steps of a run. */
export function StepChart(props: StepChartProps): JSX.Element | null {
  if (props.curves.length === 0) return null;
  return <LazyLossChart {...props} xLabel="steps" isLog heightPx={250} />;
}

interface RunFigureProps {
  status: TrainingStatus;
  unit: "tokens" | "points";
  /** The lowest loss of the validation in words. */
  sayBest: (loss: number) => string;
  /** What was learnt so far, in one sentence; undefined before any validation. */
  finding: string | undefined;
  /** What the model makes of something that it does not learn from. */
  guess: ReactNode;
  /** What else is known of the run, behind its length and engine. */
  children: ReactNode;
  charts: ReactNode;
}

/** A run of either family as it goes, or as it ended: numbers, curves, and a guess on the map. */
export function RunFigure(props: RunFigureProps): JSX.Element {
  const { status, unit, sayBest, finding, guess, children, charts } = props;
  return (
    <div className="training" data-run={status.run} data-training-step={status.step}>
      <TrainingFacts {...{ status, unit, sayBest }} />
      <TrainingWarnings status={status} />
      {finding !== undefined && <p className="finding">{finding}</p>}
      <div className="two-columns">{charts}</div>
      {guess}
      <p className="note">
        {budgetText(status.budget)} on {status.engine}
        {children} {sleptText(status)}
      </p>
    </div>
  );
}
