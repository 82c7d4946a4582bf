import type { JSX } from "react";
import { paperSettings, scaledSettings, type TableSettings } from "../../core/task/table/settings";
import { SPLIT_NAMES, type SplitName } from "../../core/task/tasks/examples";
import type { TaskFacts, TaskName } from "../../core/task/tasks/types";
import type { AdaptSpec } from "../../notebook/steps/adapt";
import { CheckBox } from "../ui/CheckBox";
import { NumberField } from "../ui/NumberField";
import { Select } from "../ui/Select";
import { Slider } from "../ui/Slider";
import { formatPercent } from "../words";
import { SPLIT_WORDS } from "./scores";
import { ADAPT_SETTINGS, againstPaper, againstPaperWords } from "./settings";
import { changeOfTask, taskFacts, TASK_OPTIONS } from "./tasks";
import { TruthFields } from "./TruthFields";

interface AdaptFormProps {
  spec: AdaptSpec;
  isSimulated: boolean;
  onChange: (change: Partial<AdaptSpec>) => void;
}

interface FieldsProps {
  task: TaskFacts;
  settings: TableSettings;
  onSettings: (settings: TableSettings) => void;
}

/** Every value of Table 14's columns "Adaptation", with the paper's. */
function Values({ task, settings, onSettings }: FieldsProps): JSX.Element {
  return (
    <div className="settings-groups">
      {ADAPT_SETTINGS.map((setting) => {
        const { label, bound, isWhole, read, write } = setting;
        const [min, max] = bound;
        const against = againstPaper(setting, settings, task);
        return (
          <div key={label} className="setting" data-setting={label}>
            <NumberField
              label={label}
              value={read(settings)}
              {...{ min, max }}
              step={isWhole ? 1 : "any"}
              onChange={(value = read(settings)) => onSettings(write(settings, value))}
            />
            <span className="paper-value" data-against-paper={against.mark}>
              {againstPaperWords(against)}
              {against.mark === "scaled down" && <em> scaled down</em>}
            </span>
          </div>
        );
      })}
    </div>
  );
}

/** Both parts read alone, as Sentence-BERT reads them. */
const PAIR_OPTION = { value: "pair", text: "the means of both parts and their distance" } as const;

/** What of the last layer the head looks at. */
function Pooled({ task, settings, onSettings }: FieldsProps): JSX.Element {
  const { training } = settings;
  return (
    <div className="setting" data-setting="Pooling">
      <Select
        label="The head looks at"
        value={training.pooling}
        options={[
          { value: "cls", text: "[CLS]" },
          { value: "mean", text: "the mean of the pieces" },
          ...(task.isPair ? [PAIR_OPTION] : []),
        ]}
        onChange={(pooling) => onSettings({ ...settings, training: { ...training, pooling } })}
      />
      <span className="paper-value">
        {training.pooling === "cls" ? "as Hugging Face’s head" : "Hugging Face’s head: [CLS]"}
      </span>
    </div>
  );
}

/** Which test examples are held out: at random, by blocks, or both. */
function Splits({ settings, onSettings }: Omit<FieldsProps, "task">): JSX.Element {
  const { splits } = settings;
  const toggle = (name: SplitName, isWanted: boolean): void => {
    const next = SPLIT_NAMES.filter((one) => (one === name ? isWanted : splits.includes(one)));
    if (next.length > 0) onSettings({ ...settings, splits: next });
  };
  return (
    <fieldset className="adapt-splits">
      <legend>Held out</legend>
      {SPLIT_NAMES.map((name) => (
        <CheckBox
          key={name}
          isChecked={splits.includes(name)}
          onChange={(isWanted) => toggle(name, isWanted)}
        >
          {SPLIT_WORDS[name]}
        </CheckBox>
      ))}
    </fieldset>
  );
}

function Preset({ task, settings, onSettings }: FieldsProps): JSX.Element {
  const presets = { scaled: scaledSettings(task), paper: paperSettings(task) };
  return (
    <Select
      label="Settings"
      value={settings.preset}
      options={[
        { value: "scaled", text: "scaled for this machine" },
        { value: "paper", text: "the paper’s (hours)" },
      ]}
      onChange={(preset) => onSettings(presets[preset])}
    />
  );
}

/** Which task, from which truths, and how the model is adapted to it. */
export function AdaptForm({ spec, isSimulated, onChange }: AdaptFormProps): JSX.Element {
  const task = taskFacts(spec.task);
  const settings = spec.settings ?? scaledSettings(task);
  const onSettings = (next: TableSettings): void => onChange({ settings: next });
  const choose = (name: TaskName): void => onChange(changeOfTask(spec, name));
  return (
    <div className="settings" data-part="adapt-settings">
      <div className="settings-head">
        <Select label="Task" value={task.name} options={TASK_OPTIONS} onChange={choose} />
        <Preset {...{ task, settings, onSettings }} />
      </div>
      <TruthFields {...{ task, spec, isSimulated, onChange }} />
      {task.name === "destination" && (
        <Slider
          label="Shown of each trajectory"
          value={settings.shown}
          min={0.1}
          max={0.9}
          step={0.05}
          format={formatPercent}
          onChange={(shown) => onSettings({ ...settings, shown })}
        />
      )}
      <details>
        <summary>All settings, with the paper’s (Table 14)</summary>
        <Values {...{ task, settings, onSettings }} />
        <Pooled {...{ task, settings, onSettings }} />
        <Splits {...{ settings, onSettings }} />
      </details>
    </div>
  );
}
