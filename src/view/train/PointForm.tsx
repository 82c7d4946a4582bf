import type { JSX } from "react";
import type { Box, PointConfig } from "../../notebook/pretrain-settings";
import { POINT_BOUNDS, POINT_PRESETS, RAW_BOX, RAW_PAPER } from "../../notebook/pretrain-settings";
import type { PointSpec } from "../../notebook/steps/pretrain";
import { Button } from "../ui/Button";
import { CheckBox } from "../ui/CheckBox";
import { NumberField } from "../ui/NumberField";
import { AllSettings, FormHead, setterOf } from "./FormParts";
import { againstRaw, POINT_SETTINGS, pointSource, UNSAID } from "./point-settings";
import { MaskCheck } from "./MaskCheck";
import { PaperValue, SettingField, SettingGroups } from "./SettingField";

interface PointFormProps {
  spec: PointSpec;
  config: PointConfig;
  onChange: (change: Partial<PointSpec>) => void;
}

/** Millions of parameters of each preset (src/core/train/gpt/points.test.ts). */
const MILLIONS = { tiny: "1.1", small: "5.6", medium: "16", raw: "91.7" } as const;
const SIDES = ["south", "west", "north", "east"] as const;

/** The degrees that coordinates from -1 to 1 span (PT-11). */
function BoxFields({ spec, onChange }: Omit<PointFormProps, "config">): JSX.Element {
  const { box, ...others } = spec.changes;
  const setBox = (to: Box | undefined): void =>
    onChange({ changes: to === undefined ? others : { ...others, box: to }, run: "" });
  const setSide = (side: number, degrees: number | undefined): void => {
    if (box === undefined || degrees === undefined) return;
    setBox(box.map((old, n) => (n === side ? degrees : old)) as unknown as Box);
  };
  return (
    <fieldset className="point-box" data-part="box">
      <legend>Box that coordinates from −1 to 1 span</legend>
      <span className="run-tools">
        <Button disabled={box === undefined} onClick={() => setBox(undefined)}>
          By the data
        </Button>
        <Button onClick={() => setBox(RAW_BOX)}>{box === undefined ? "Choose…" : "RAW’s"}</Button>
      </span>
      {box === undefined ? (
        <p className="note">
          RAW’s box of Beijing where nine tenths of the training points lie in it, else the smallest
          one around them. It is kept with the weights.
        </p>
      ) : (
        <span className="run-tools">
          {SIDES.map((side, n) => (
            <NumberField
              key={side}
              label={side}
              value={box[n]}
              min={n % 2 === 0 ? -90 : -180}
              max={n % 2 === 0 ? 90 : 180}
              step="any"
              onChange={(degrees) => setSide(n, degrees)}
            />
          ))}
        </span>
      )}
    </fieldset>
  );
}

/** The switch of SD-13: why masked self-attention? */
function MaskSwitch({
  isCausal,
  onChange,
}: {
  isCausal: boolean;
  onChange: (isCausal: boolean) => void;
}): JSX.Element {
  return (
    <div data-part="mask-switch">
      <CheckBox isChecked={!isCausal} onChange={(isOff) => onChange(!isOff)}>
        Causal mask off
      </CheckBox>
      <p className="note">
        {isCausal
          ? "Why is attention masked? Without its mask every point sees the one that it should guess. As soon as the model has learnt to look one place ahead, which takes a small one some hundred steps and a large one thousands, the loss falls below all that can be known, and the model, left to go on by itself, has learnt nothing."
          : "Without the mask each point sees the next one: once the model has learnt to look one place ahead, the loss collapses. The last point has no next one to copy, so what the model gives when it goes on by itself is no better for it: compare the kilometres of both."}
      </p>
      <MaskCheck />
    </div>
  );
}

/** The model, how long, and every value of RAW's recipe with RAW's own beside it (PT-10). */
export function PointForm({ spec, config, onChange }: PointFormProps): JSX.Element {
  const set = setterOf({ spec, onChange }, POINT_PRESETS[spec.preset]);
  return (
    <div className="settings point-form" data-part="settings">
      <FormHead
        {...{ spec, onChange }}
        epochs={RAW_PAPER.epochs}
        presets={Object.values(POINT_PRESETS).map(({ preset, layers, width }) => ({
          value: preset,
          text: `${preset} · ${layers} × ${width}, ${MILLIONS[preset]} million${preset === "raw" ? ", RAW’s" : ""}`,
        }))}
      />
      <MaskSwitch isCausal={config.isCausal} onChange={(isCausal) => set("isCausal", isCausal)} />
      <BoxFields {...{ spec, onChange }} />
      <AllSettings spec={spec} beside="RAW’s">
        <p className="note">
          RAW’s model has {RAW_PAPER.layers} layers of width {RAW_PAPER.width}, {RAW_PAPER.heads}{" "}
          heads; here {config.layers}, {config.width} and {config.heads}. Points are the middles of
          the check-ins’ cells, as RAW’s are cell towers.
        </p>
        <SettingGroups groups={POINT_SETTINGS}>
          {(setting) => {
            const { name } = setting;
            const [here, raw] = [config[name], RAW_PAPER[name]] as [number, number];
            return (
              <>
                <SettingField
                  setting={setting}
                  value={here}
                  bound={POINT_BOUNDS[name]}
                  onSet={set}
                />
                {UNSAID.includes(name) ? (
                  <span className="paper-value">RAW does not say</span>
                ) : (
                  <PaperValue
                    setting={setting}
                    value={raw}
                    mark={againstRaw(name, here, raw)}
                    source={pointSource(name)}
                  />
                )}
              </>
            );
          }}
        </SettingGroups>
      </AllSettings>
    </div>
  );
}
