import type { JSX } from "react";
import type { Budget, PretrainConfig } from "../../notebook/pretrain-settings";
import { BOUNDS, PAPER, PRESETS } from "../../notebook/pretrain-settings";
import type { PretrainSpec } from "../../notebook/steps/pretrain";
import { NumberField } from "../ui/NumberField";
import { Select } from "../ui/Select";
import { formatCount } from "../words";
import { againstPaper, SETTINGS, sourceOf, valueText, type Setting } from "./settings";

interface SettingsFormProps {
  spec: PretrainSpec;
  config: PretrainConfig;
  onChange: (change: Partial<PretrainSpec>) => void;
}

interface RowProps {
  setting: Setting;
  config: PretrainConfig;
  onSet: (name: keyof PretrainConfig, value: number | string) => void;
}

function Field({ setting, config, onSet }: RowProps): JSX.Element {
  const { name, label } = setting;
  const value = config[name];
  if (setting.kind === "choice") {
    return (
      <Select
        label={label}
        value={String(value)}
        options={setting.options.map(([option, text]) => ({ value: option, text }))}
        onChange={(chosen) => onSet(name, chosen)}
      />
    );
  }
  const [min, max] = BOUNDS[name]!;
  return (
    <NumberField
      label={label}
      value={Number(value)}
      {...{ min, max }}
      step="any"
      onChange={(wanted) => wanted !== undefined && onSet(name, wanted)}
    />
  );
}

/** A value as its field words it. */
function wordFor(setting: Setting, value: PretrainConfig[keyof PretrainConfig]): string {
  const words = setting.kind === "choice" ? new Map(setting.options) : undefined;
  return words?.get(String(value)) ?? valueText(value);
}

/** The paper's value, and how ours stands to it. */
function PaperValue({ setting, config }: Pick<RowProps, "setting" | "config">): JSX.Element {
  const { name } = setting;
  const mark = againstPaper(name, config[name], PAPER[name]);
  const source = sourceOf(name);
  const said = wordFor(setting, PAPER[name]);
  return (
    <span className={`paper-value is-${mark.replace(" ", "-")}`} data-against-paper={mark}>
      {mark === "same" ? `as the ${source}`.replace("the BERT", "BERT") : `${source}: ${said}`}
      {mark === "scaled down" && <em> scaled down</em>}
    </span>
  );
}

const KINDS: readonly (readonly [kind: Budget["kind"], text: string, length: number])[] = [
  ["steps", "steps", 300],
  ["minutes", "minutes", 5],
  ["epochs", "epochs", 1],
];

function BudgetFields({ spec, onChange }: Omit<SettingsFormProps, "config">): JSX.Element {
  const { budget } = spec;
  const length =
    budget.kind === "steps"
      ? budget.steps
      : budget.kind === "minutes"
        ? budget.minutes
        : budget.epochs;
  const setTo = (kind: Budget["kind"], value: number): void =>
    onChange({ budget: { kind, [kind]: value } as unknown as Budget, run: "" });
  return (
    <div className="budget">
      <NumberField
        label="Train for"
        value={length}
        min={budget.kind === "steps" ? 1 : 0.01}
        max={1e7}
        step="any"
        onChange={(value = length) =>
          setTo(budget.kind, budget.kind === "steps" ? Math.round(value) : value)
        }
      />
      <Select
        label="counted in"
        value={budget.kind}
        options={KINDS.map(([value, text]) => ({ value, text }))}
        onChange={(kind) => setTo(kind, KINDS.find(([one]) => one === kind)![2])}
      />
      <span className="paper-value">
        paper: {PAPER.epochs} epochs
        {budget.kind === "epochs" && budget.epochs < PAPER.epochs && <em> scaled down</em>}
      </span>
      {budget.kind === "minutes" && (
        <span className="paper-value">A run by the clock cannot be repeated to the bit.</span>
      )}
    </div>
  );
}

/** The model, how long, and every value of Table 14 with the paper's own beside it (PT-05). */
export function SettingsForm({ spec, config, onChange }: SettingsFormProps): JSX.Element {
  const set = (name: keyof PretrainConfig, value: number | string): void => {
    const { [name]: _, ...others } = spec.changes;
    const isPreset = PRESETS[spec.preset][name] === value;
    onChange({ changes: isPreset ? others : { ...others, [name]: value }, run: "" });
  };
  const differing = Object.keys(spec.changes).length;
  return (
    <div className="settings" data-part="settings">
      <div className="settings-head">
        <Select
          label="Model"
          value={spec.preset}
          options={Object.values(PRESETS).map(({ preset, layers, width }) => ({
            value: preset,
            text: `${preset} · ${layers} × ${width}${preset === "base" ? ", the paper’s" : ""}`,
          }))}
          onChange={(preset) => onChange({ preset, changes: {}, run: "" })}
        />
        <BudgetFields {...{ spec, onChange }} />
      </div>
      <details>
        <summary>
          All settings, with the paper’s (Table 14)
          {differing > 0 && `; ${formatCount(differing)} changed by you`}
        </summary>
        <p className="note">
          The paper’s model has {PAPER.layers} layers of width {PAPER.width}, {PAPER.heads} heads,
          inner width {formatCount(PAPER.innerWidth)}; here {config.layers}, {config.width},{" "}
          {config.heads} and {formatCount(config.innerWidth)}. What the paper does not state is
          compared with the default of Hugging Face’s BERT.
        </p>
        <div className="settings-groups">
          {SETTINGS.map(([group, settings]) => (
            <fieldset key={group}>
              <legend>{group}</legend>
              {settings.map((setting) => (
                <div key={setting.name} className="setting" data-setting={setting.name}>
                  <Field {...{ setting, config }} onSet={set} />
                  <PaperValue {...{ setting, config }} />
                  {setting.note !== undefined && (
                    <span className="paper-value">{setting.note}</span>
                  )}
                </div>
              ))}
            </fieldset>
          ))}
        </div>
      </details>
    </div>
  );
}
