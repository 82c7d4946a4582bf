import type { JSX } from "react";
import type { PretrainConfig } from "../../notebook/pretrain-settings";
import { BOUNDS, PAPER, PRESETS } from "../../notebook/pretrain-settings";
import type { BertSpec } from "../../notebook/steps/pretrain";
import { formatCount } from "../words";
import { AllSettings, FormHead, setterOf } from "./FormParts";
import { PaperValue, SettingField, SettingGroups } from "./SettingField";
import { againstPaper, SETTINGS, sourceOf } from "./settings";

interface SettingsFormProps {
  spec: BertSpec;
  config: PretrainConfig;
  onChange: (change: Partial<BertSpec>) => void;
}

/** The model, how long, and every value of Table 14 with the paper's own beside it (PT-05). */
export function SettingsForm({ spec, config, onChange }: SettingsFormProps): JSX.Element {
  const set = setterOf({ spec, onChange }, PRESETS[spec.preset]);
  return (
    <div className="settings" data-part="settings">
      <FormHead
        {...{ spec, onChange }}
        epochs={PAPER.epochs}
        presets={Object.values(PRESETS).map(({ preset, layers, width }) => ({
          value: preset,
          text: `${preset} · ${layers} × ${width}${preset === "base" ? ", the paper’s" : ""}`,
        }))}
      />
      <AllSettings spec={spec} beside="the paper’s (Table 14)">
        <p className="note">
          The paper’s model has {PAPER.layers} layers of width {PAPER.width}, {PAPER.heads} heads,
          inner width {formatCount(PAPER.innerWidth)}; here {config.layers}, {config.width},{" "}
          {config.heads} and {formatCount(config.innerWidth)}. What the paper does not state is
          compared with the default of Hugging Face’s BERT. As in the paper: AdamW as the optimiser,
          truncation and padding, and {PAPER.seed} as the seed, unless the address has another. The
          other columns of Table 14 (20 epochs of adaptation) stand beside the tables of tasks.
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
      </AllSettings>
    </div>
  );
}
