import { useEffect, useId, useState, type JSX } from "react";

export interface NumberFieldProps {
  label: string;
  /** Undefined shows an empty field. */
  value: number | undefined;
  min: number;
  max: number;
  /** Default 1. */
  step?: number | "any";
  /** Written after the field, e.g. "minutes"; default nothing. */
  unit?: string;
  /** An empty field gives undefined where that is allowed. */
  onChange: (value: number | undefined) => void;
  /** Default false: an empty field is put back to what it was. */
  mayBeEmpty?: boolean;
}

/** A number with its unit. What is typed counts when the field is left or Enter is pressed. */
export function NumberField(props: NumberFieldProps): JSX.Element {
  const { label, value, min, max, step = 1, unit, onChange, mayBeEmpty = false } = props;
  const id = useId();
  const shown = value === undefined ? "" : String(value);
  const [typed, setTyped] = useState(shown);
  useEffect(() => setTyped(shown), [shown]);
  const commit = (): void => {
    if (typed === shown) return;
    if (typed === "" && mayBeEmpty) return onChange(undefined);
    const wanted = Number(typed);
    if (typed === "" || Number.isNaN(wanted)) return setTyped(shown);
    const counted = Number.isInteger(step) ? Math.round(wanted) : wanted;
    const kept = Math.max(min, Math.min(max, counted));
    if (kept === value) return setTyped(shown);
    onChange(kept);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        {...{ min, max, step }}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={commit}
        onKeyDown={({ key }) => key === "Enter" && commit()}
      />
      {unit !== undefined && <span className="unit">{unit}</span>}
    </div>
  );
}
