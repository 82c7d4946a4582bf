import type { JSX } from "react";
import type { PretrainConfig } from "../../notebook/pretrain-settings";
import { BOUNDS, PAPER, PRESETS } from "../../notebook/pretrain-settings";
import type { BertSpec } from "../../notebook/steps/pretrain";
import { Select } from "../ui/Select";
import { formatCount } from "../words";
import { BudgetFields } from "./BudgetFields";
import { PaperValue, SettingField, SettingGroups } from "./SettingField";
import { againstPaper, SETTINGS, sourceOf } from "./settings";

interface SettingsFormProps {
  spec: BertSpec;
  config: PretrainConfig;
  onChange: (change: Partial<BertSpec>) => void;
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
        <BudgetFields
          budget={spec.budget}
          epochs={PAPER.epochs}
          onChange={(budget) => onChange({ budget, run: "" })}
        />
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
        <SettingGroups groups={SETTINGS}>
          {(setting) => (
            <>
              <SettingField
                setting={setting}
                value={config[setting.name]}
                bound={BOUNDS[setting.name]}
                onSet={set}
              />
              <PaperValue
                setting={setting}
                value={PAPER[setting.name]}
                mark={againstPaper(setting.name, config[setting.name], PAPER[setting.name])}
                source={sourceOf(setting.name)}
              />
              {setting.note !== undefined && <span className="paper-value">{setting.note}</span>}
            </>
          )}
        </SettingGroups>
      </details>
    </div>
  );
}
