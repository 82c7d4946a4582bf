import type { JSX, ReactNode } from "react";
import { NumberField } from "../ui/NumberField";
import { Select } from "../ui/Select";
import { valueText } from "./settings";

/** A value of a configuration as the form shows it: a number, or one of several words. */
export type FieldOf<Name extends string> =
  | { readonly kind: "number"; readonly name: Name; readonly label: string }
  | {
      readonly kind: "choice";
      readonly name: Name;
      readonly label: string;
      readonly options: readonly (readonly [value: string, text: string])[];
    };

interface SettingFieldProps<Name extends string> {
  setting: FieldOf<Name>;
  value: number | string;
  /** Of a number. */
  bound: readonly [min: number, max: number, ...rest: unknown[]] | undefined;
  onSet: (name: Name, value: number | string) => void;
}

/** The field of one value. */
export function SettingField<Name extends string>(props: SettingFieldProps<Name>): JSX.Element {
  const { setting, value, bound, onSet } = props;
  const { name, label } = setting;
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
  const [min, max] = bound!;
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

interface SettingGroupsProps<S> {
  groups: readonly (readonly [group: string, settings: readonly S[]])[];
  /** The field of a setting, and what stands below it. */
  children: (setting: S) => ReactNode;
}

/** A group of more settings than this stands beside two others. */
const SHORT_GROUP = 5;

/** Settings in groups side by side. */
export function SettingGroups<S extends { readonly name: string }>({
  groups,
  children,
}: SettingGroupsProps<S>): JSX.Element {
  return (
    <div className="settings-groups">
      {groups.map(([group, settings]) => (
        <fieldset
          key={group}
          style={{ gridRow: `span ${Math.ceil(settings.length / SHORT_GROUP)}` }}
        >
          <legend>{group}</legend>
          {settings.map((setting) => (
            <div key={setting.name} className="setting" data-setting={setting.name}>
              {children(setting)}
            </div>
          ))}
        </fieldset>
      ))}
    </div>
  );
}

interface PaperValueProps {
  setting: FieldOf<string>;
  /** The paper's. */
  value: number | string;
  mark: "same" | "scaled down" | "changed";
  /** Where the paper's value comes from. */
  source: string;
}

/** The paper's value, and how ours stands to it. */
export function PaperValue({ setting, value, mark, source }: PaperValueProps): JSX.Element {
  const words = setting.kind === "choice" ? new Map(setting.options) : undefined;
  const said = words?.get(String(value)) ?? valueText(value);
  return (
    <span className={`paper-value is-${mark.replace(" ", "-")}`} data-against-paper={mark}>
      {mark === "same"
        ? `as the ${source}`.replace(/the (BERT|RAW|PyTorch)/, "$1")
        : `${source}: ${said}`}
      {mark === "scaled down" && <em> scaled down</em>}
    </span>
  );
}
