import type { JSX, ReactNode } from "react";
import type { Budget } from "../../notebook/pretrain-settings";
import type { PretrainSpec } from "../../notebook/steps/pretrain";
import { Select } from "../ui/Select";
import { formatCount } from "../words";
import { BudgetFields } from "./BudgetFields";

/** What forms of either family change of a spec. */
interface FormOf<Spec extends PretrainSpec> {
  spec: Spec;
  onChange: (change: Partial<Spec>) => void;
}

/** Puts a value into a spec; one that is the preset's own is no change. */
export function setterOf<Spec extends PretrainSpec>(
  { spec, onChange }: FormOf<Spec>,
  preset: object,
): (name: string, value: number | string | boolean) => void {
  return (name, value) => {
    const { [name]: _, ...others } = spec.changes as Record<string, unknown>;
    const isPreset = (preset as Record<string, unknown>)[name] === value;
    const changes = isPreset ? others : { ...others, [name]: value };
    onChange({ changes, run: "" } as Partial<Spec>);
  };
}

interface FormHeadProps<Spec extends PretrainSpec> extends FormOf<Spec> {
  presets: readonly { readonly value: Spec["preset"]; readonly text: string }[];
  /** Of the paper. */
  epochs: number;
}

/** The model, and how long it is trained. */
export function FormHead<Spec extends PretrainSpec>(props: FormHeadProps<Spec>): JSX.Element {
  const { spec, onChange, presets, epochs } = props;
  return (
    <div className="settings-head">
      <Select<Spec["preset"]>
        label="Model"
        value={spec.preset}
        options={presets}
        onChange={(preset) =>
          onChange({ preset, changes: {}, run: "" } as unknown as Partial<Spec>)
        }
      />
      <BudgetFields
        budget={spec.budget}
        epochs={epochs}
        onChange={(budget: Budget) => onChange({ budget, run: "" } as Partial<Spec>)}
      />
    </div>
  );
}

interface AllSettingsProps {
  spec: PretrainSpec;
  /** Whose values stand beside ours. */
  beside: string;
  children: ReactNode;
}

/** Every value, folded away. */
export function AllSettings({ spec, beside, children }: AllSettingsProps): JSX.Element {
  const differing = Object.keys(spec.changes).length;
  return (
    <details>
      <summary>
        All settings, with {beside}
        {differing > 0 && `; ${formatCount(differing)} changed by you`}
      </summary>
      {children}
    </details>
  );
}
