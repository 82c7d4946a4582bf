import { useId } from "react";
import type { JSX } from "react";

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly text: string;
  /** Why it cannot be chosen now; default it can. */
  readonly unavailable?: string;
}

export interface SelectProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly SelectOption<Value>[];
  onChange: (value: Value) => void;
  /** Default false. */
  disabled?: boolean;
}

/** One of several. */
export function Select<Value extends string>(props: SelectProps<Value>): JSX.Element {
  const { label, value, options, onChange, disabled = false } = props;
  const id = useId();
  return (
    <div className="select">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option
            key={option.value}
            value={option.value}
            disabled={option.unavailable !== undefined}
          >
            {option.text}
            {option.unavailable === undefined ? "" : ` (${option.unavailable})`}
          </option>
        ))}
      </select>
    </div>
  );
}
