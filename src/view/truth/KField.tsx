import type { JSX } from "react";
import { DEFAULT_K } from "../../core/data/privacy";
import { NumberField } from "../ui/NumberField";
import { formatCount } from "../words";

interface KFieldProps {
  k: number;
  onChange: (k: number) => void;
  /** Cells that k hides. */
  hidden: number;
}

/** How many people a cell must have been visited by to be shown and written (PV-02). */
export function KField({ k, onChange, hidden }: KFieldProps): JSX.Element {
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
        {hidden === 0
          ? "no cell is hidden"
          : `${formatCount(hidden)} cells with a value are hidden, here and in the files`}
      </span>
    </div>
  );
}
