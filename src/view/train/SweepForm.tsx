import { useState, type JSX } from "react";
import type { SweepPlan, SweepProbeJob } from "../../core/job/sweep/probe";
import type { SweepBudget } from "../../core/job/sweep/record";
import { MOST_SEEDS, SCORE_NEEDS, SWEEPS, SWEEP_WORDS } from "../../core/job/sweep/words";
import type { TaskFacts } from "../../core/task/tasks/types";
import { PRESETS } from "../../notebook/pretrain-settings";
import { toSweepProbe, type SweepSpec } from "../../notebook/steps/sweep";
import { TruthFields } from "../adapt/TruthFields";
import { useAnswer } from "../asking";
import { AskLine } from "../tokens/AskLine";
import { NumberField } from "../ui/NumberField";
import { Select } from "../ui/Select";
import { Table } from "../ui/Table";
import { TextField } from "../ui/TextField";
import { asSentence, formatCount, formatMeasure, formatSeconds } from "../words";
import { planSentence, toBudget, unitOf, valuesProblem, type LengthUnit } from "./sweep-words";

interface SweepFormProps {
  spec: SweepSpec;
  isSimulated: boolean;
  onChange: (change: Partial<SweepSpec>) => void;
}

function BudgetFields({ spec: { budget, seeds }, onChange }: SweepFormProps): JSX.Element {
  const [chosen, setChosen] = useState<LengthUnit>();
  const isFitting = chosen !== undefined && toBudget(chosen).kind === budget.kind;
  const unit = isFitting ? chosen : unitOf(budget);
  const length = budget.kind === "steps" ? budget.steps : budget.minutes;
  const isTimed = unit !== "steps";
  const setTo = (next: SweepBudget): void => onChange({ budget: next, sweep: "" });
  return (
    <div className="budget">
      <NumberField
        label={isTimed ? "All runs together" : "Each run"}
        value={unit === "hours" ? length / 60 : length}
        min={isTimed ? 0.1 : 1}
        max={1e6}
        step="any"
        onChange={(value) => value !== undefined && setTo(toBudget(unit, value))}
      />
      <Select
        label="counted in"
        value={unit}
        options={[
          { value: "minutes", text: "minutes" },
          { value: "hours", text: "hours" },
          { value: "steps", text: "steps" },
        ]}
        onChange={(next) => {
          setChosen(next);
          setTo(toBudget(next));
        }}
      />
      <NumberField
        label="Seeds"
        value={seeds}
        min={1}
        max={MOST_SEEDS}
        onChange={(value = seeds) => onChange({ seeds: value, sweep: "" })}
      />
    </div>
  );
}

/** The settings as they were timed. */
function PlanTable({ plan, seeds }: { plan: SweepPlan; seeds: number }): JSX.Element {
  return (
    <>
      <p className="finding" data-sweep-plan="">
        {planSentence(plan, seeds)}
      </p>
      <Table
        head={[
          "setting",
          "vocabulary",
          "parameters",
          "tokens a trajectory",
          "a step takes",
          "scores take",
          "",
        ]}
        rows={plan.settings.map(({ setting, obstacle, ...planned }) => [
          setting.name,
          formatCount(planned.vocabularySize),
          formatCount(planned.parameters),
          formatMeasure(planned.tokensPerTrajectory),
          obstacle === undefined ? formatSeconds(planned.secondsPerStep) : "–",
          planned.scoreSeconds === undefined ? "–" : formatSeconds(planned.scoreSeconds),
          obstacle === undefined ? "" : asSentence(obstacle),
        ])}
        numeric={[1, 2, 3, 4, 5]}
      />
    </>
  );
}

/** What scores need besides places. */
const SCORED: Pick<TaskFacts, "title" | "needs"> = {
  title: "Scoring more than the location",
  needs: SCORE_NEEDS,
};

/** What is compared, with which model, and for how long; and how long that would take here. */
export function SweepForm(props: SweepFormProps): JSX.Element {
  const { spec, isSimulated, onChange } = props;
  const { over, values, preset, changes, budget, seeds, withScores, truths } = spec;
  const asked = JSON.stringify([over, values, preset, changes, budget, seeds, withScores, truths]);
  const answer = useAnswer<SweepProbeJob>(asked);
  const problem = valuesProblem(over, values);
  return (
    <div className="settings" data-part="sweep-settings">
      <div className="settings-head">
        <Select
          label="Compare"
          value={over}
          options={SWEEPS.map((value) => ({ value, text: SWEEP_WORDS[value].choice }))}
          onChange={(chosen) => onChange({ over: chosen, values: "", sweep: "" })}
        />
        <TextField
          label="Values"
          value={values}
          placeholder={SWEEP_WORDS[over].usual}
          onChange={(typed) => onChange({ values: typed, sweep: "" })}
        />
        <Select
          label="Model"
          value={preset}
          options={Object.values(PRESETS).map(({ preset: value, layers, width }) => ({
            value,
            text: `${value} · ${layers} × ${width}`,
          }))}
          onChange={(chosen) => onChange({ preset: chosen, changes: {}, sweep: "" })}
        />
        <BudgetFields {...props} />
      </div>
      <p className="note">
        Values: {SWEEP_WORDS[over].values}. An empty field takes the usual ones.
      </p>
      {problem !== undefined && <p role="alert">{asSentence(problem)}</p>}
      <label className="check-box">
        <input
          type="checkbox"
          checked={withScores}
          onChange={(event) => onChange({ withScores: event.target.checked, sweep: "" })}
        />
        Scores on tasks: what frozen states know of places, beside a random twin
      </label>
      {withScores && (
        <TruthFields
          task={SCORED}
          {...{ spec, isSimulated }}
          onChange={(change) => onChange({ ...change, sweep: "" })}
        />
      )}
      <div className="probe">
        {answer.result && <PlanTable plan={answer.result} seeds={seeds} />}
        <AskLine
          state={answer.state}
          start="How long would it take here?"
          onStart={() => answer.start(toSweepProbe)}
          onStop={answer.stop}
        />
      </div>
    </div>
  );
}
