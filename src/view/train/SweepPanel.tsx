import { useState, type JSX } from "react";
import type { DatasetResult } from "../../core/job/dataset";
import type { SweepResult, SweepStatus } from "../../core/job/sweep/sweep";
import { SWEEPS } from "../../core/job/sweep/words";
import type { SweepSpec } from "../../notebook/steps/sweep";
import { usePage, type KeptSweep } from "../page-context";
import type { PanelProps } from "../steps/step-view";
import { lazyPart } from "../steps/lazy-part";
import { useShown } from "../steps/use-shown";
import { Button } from "../ui/Button";
import { useAddressChoice } from "../use-address-choice";
import { SweepFigure } from "./SweepFigure";
import { SweepForm } from "./SweepForm";
import { SweepList } from "./SweepList";
import { useKept } from "./use-kept";
import "../import/import.css";
import "./train.css";

const TradeOffs = lazyPart(() => import("./TradeOffs"));
const Transfer = lazyPart(() => import("./Transfer"));

type Props = PanelProps<SweepSpec, SweepResult>;

const isStatus = (partial: unknown): partial is SweepStatus =>
  (partial as SweepStatus | undefined)?.runs !== undefined;

/** A sweep that was stopped does nothing now. */
const atRest = (status: SweepStatus): SweepStatus => {
  return { ...status, current: undefined, secondsLeft: undefined };
};

/** Several models, one after the other (PT-32): what is asked before, how it goes, what came of it. */
export default function SweepPanel(props: Props): JSX.Element {
  const { spec, status, inputs, isSimulated, onChange, onRun } = props;
  const { training } = usePage();
  useAddressChoice("over", {
    current: spec.over,
    choices: SWEEPS,
    choose: (over) => onChange({ over, values: "", sweep: "" }),
  });
  const [isWeighed, setWeighed] = useState(false);
  const [isLinked, setLinked] = useState(false);
  const shown = useShown<SweepStatus>({ status, outcome: props.outcome }, isStatus);
  const isGoing = status.kind === "running";
  const { found, look, problem } = useKept(
    training?.listSweeps,
    `${status.kind} ${shown?.runs.length ?? 0}`,
  );
  const dataKey = (inputs["data"] as DatasetResult | undefined)?.made.data;
  const goOn = (sweep: KeptSweep): void => {
    const { id, over, config, budget, seeds, settings, withScores = false } = sweep;
    const { preset } = config;
    const ran = settings.filter(({ obstacle }) => obstacle === undefined);
    const values = ran.map(({ setting }) => setting.name).join(", ");
    onChange({ over, values, preset, changes: {}, budget, seeds, withScores, sweep: id });
    onRun();
  };
  const stopped = found.find(({ id, isFinished }) => id === shown?.id && !isFinished);
  return (
    <div className="figure-box training-panel">
      <details
        className="fold"
        onToggle={({ currentTarget }) => currentTarget.open && setWeighed(true)}
      >
        <summary>What do resolution, window and share of hidden check-ins cost and leave?</summary>
        {isWeighed && <TradeOffs sweeps={found} dataKey={dataKey} />}
      </details>
      <details
        className="fold"
        onToggle={({ currentTarget }) => currentTarget.open && setLinked(true)}
      >
        <summary>What makes transfer work: data, model, closeness of the task, split?</summary>
        {isLinked && <Transfer sweeps={found} dataKey={dataKey} />}
      </details>
      {!isGoing && <SweepForm {...{ spec, isSimulated, onChange }} />}
      {shown && <SweepFigure status={isGoing ? shown : atRest(shown)} />}
      <div className="set-tools">
        {!isGoing && stopped !== undefined && (
          <Button kind="primary" onClick={() => goOn(stopped)}>
            Go on with the sweep
          </Button>
        )}
        {!isGoing && spec.sweep !== "" && (
          <Button onClick={() => onChange({ sweep: "" })}>Begin a new sweep</Button>
        )}
      </div>
      {problem !== undefined && <p role="alert">{problem}</p>}
      <SweepList
        sweeps={found}
        dataKey={dataKey}
        going={isGoing ? shown?.id : undefined}
        shown={shown?.id}
        onOpen={goOn}
        onRemove={({ id }) => void training?.remove(id).then(look)}
      />
    </div>
  );
}
