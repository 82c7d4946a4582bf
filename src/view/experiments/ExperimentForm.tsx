import type { JSX } from "react";
import type { ExperimentPlan, ExperimentProbeJob } from "../../core/job/experiment/experiment";
import {
  EXPERIMENT_WORDS,
  EXPERIMENTS,
  SETTING_BOUNDS,
  type ExperimentSettings,
} from "../../core/task/experiments/names";
import {
  settingsOf,
  toExperimentProbe,
  type ExperimentSpec,
} from "../../notebook/steps/experiment";
import { useAnswer } from "../asking";
import { AskLine } from "../tokens/AskLine";
import { NumberField } from "../ui/NumberField";
import { Select } from "../ui/Select";
import { formatCounted, formatSeconds } from "../words";

interface FormProps {
  spec: ExperimentSpec;
  /** False where only experiments that train their own models can run. */
  hasModel: boolean;
  onChange: (change: Partial<ExperimentSpec>) => void;
}

const FIELDS: Readonly<Record<keyof ExperimentSettings, string>> = {
  seeds: "Seeds",
  count: "Questions or examples",
  steps: "Steps of each run",
};

/** How long it takes, in a sentence; parts of an earlier try count as done. */
export function planText({ units, known, seconds }: ExperimentPlan): string {
  if (known === units) return "All parts are kept from an earlier run.";
  const kept = known === 0 ? "" : ` (${known} of ${units} are kept from an earlier run)`;
  return `${formatCounted(units - known, "part")} take about ${formatSeconds(seconds)} on this device${kept}.`;
}

function SettingFields({ spec, onChange }: Omit<FormProps, "hasModel">): JSX.Element {
  const { trains } = EXPERIMENT_WORDS[spec.experiment];
  const settings = settingsOf(spec);
  const names: (keyof ExperimentSettings)[] = [
    "seeds",
    "count",
    ...(trains ? (["steps"] as const) : []),
  ];
  return (
    <div className="budget">
      {names.map((name) => (
        <NumberField
          key={name}
          label={FIELDS[name]}
          value={settings[name]}
          min={SETTING_BOUNDS[name][0]}
          max={SETTING_BOUNDS[name][1]}
          onChange={(value = settings[name]) =>
            onChange({ changes: { ...spec.changes, [name]: value } })
          }
        />
      ))}
    </div>
  );
}

/** Which question, how much of it is run, and how long that would take here. */
export function ExperimentForm(props: FormProps): JSX.Element {
  const { spec, hasModel, onChange } = props;
  const answer = useAnswer<ExperimentProbeJob>(JSON.stringify(spec));
  return (
    <div className="settings" data-part="experiment-settings">
      <div className="settings-head">
        <Select
          label="Experiment"
          value={spec.experiment}
          options={EXPERIMENTS.map((value) => {
            const { choice, trains } = EXPERIMENT_WORDS[value];
            const isThere = hasModel || trains;
            return { value, text: choice, ...(!isThere && { unavailable: "needs a model" }) };
          })}
          onChange={(experiment) => onChange({ experiment, changes: {} })}
        />
        <SettingFields {...{ spec, onChange }} />
      </div>
      <p>{EXPERIMENT_WORDS[spec.experiment].question}</p>
      <div className="probe">
        {answer.result && (
          <p className="finding" data-experiment-plan="">
            {planText(answer.result)}
          </p>
        )}
        <AskLine
          state={answer.state}
          start="How long would it take here?"
          onStart={() => answer.start(toExperimentProbe)}
          onStop={answer.stop}
        />
      </div>
    </div>
  );
}
