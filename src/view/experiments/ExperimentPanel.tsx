import type { JSX } from "react";
import type { ExperimentResult, ExperimentStatus } from "../../core/job/experiment/experiment";
import { EXPERIMENTS } from "../../core/task/experiments/names";
import type { ExperimentSpec } from "../../notebook/steps/experiment";
import type { PanelProps } from "../steps/step-view";
import { useShown } from "../steps/use-shown";
import { useAddressChoice } from "../use-address-choice";
import { ExperimentFigure } from "./ExperimentFigure";
import { ExperimentForm } from "./ExperimentForm";
import "../import/import.css";
import "../train/train.css";

const isStatus = (partial: unknown): partial is ExperimentStatus =>
  (partial as ExperimentStatus | undefined)?.outcomes !== undefined;

/** One of the open questions: what is asked, how long it takes, and what came of it. */
export default function ExperimentPanel(
  props: PanelProps<ExperimentSpec, ExperimentResult>,
): JSX.Element {
  const { spec, status, outcome, inputs, onChange } = props;
  useAddressChoice("experiment", {
    current: spec.experiment,
    choices: EXPERIMENTS,
    choose: (experiment) => onChange({ experiment, changes: {} }),
  });
  const hasModel = inputs["model"] !== undefined;
  const shown = useShown<ExperimentStatus>({ status, outcome }, isStatus);
  const isOfSpec = shown?.experiment === spec.experiment;
  return (
    <div className="figure-box training-panel">
      {status.kind !== "running" && <ExperimentForm {...{ spec, hasModel, onChange }} />}
      {shown && isOfSpec && <ExperimentFigure status={shown} />}
    </div>
  );
}
