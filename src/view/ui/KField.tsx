import type { JSX } from "react";
import { DEFAULT_K } from "../../core/data/privacy";
import { NumberField } from "./NumberField";

interface KFieldProps {
  k: number;
  onChange: (k: number) => void;
  /** Cells that k hides. */
  hidden: number;
  /** The same in words, where there are any. */
  hiddenText: string;
}

/** How many people a cell must have been visited by to be shown and written (PV-02). */
export function KField({ k, onChange, hidden, hiddenText }: KFieldProps): JSX.Element {
  return (
    <div className="privacy-line">
      <NumberField
        label="Hide cells of fewer than"
        unit="people"
        min={1}
        max={1000}
        value={k}
        onChange={(value = DEFAULT_K) => onChange(Math.round(value))}
      />
      <span className="quiet" data-hidden={hidden}>
        {hidden === 0 ? "no cell is hidden" : hiddenText}
      </span>
    </div>
  );
}
