import type { JSX } from "react";
import type { Budget } from "../../notebook/pretrain-settings";
import { NumberField } from "../ui/NumberField";
import { Select } from "../ui/Select";
import { formatCount } from "../words";

interface BudgetFieldsProps {
  budget: Budget;
  /** Of the paper. */
  epochs: number;
  onChange: (budget: Budget) => void;
}

const KINDS: readonly (readonly [kind: Budget["kind"], text: string, length: number])[] = [
  ["steps", "steps", 300],
  ["minutes", "minutes", 5],
  ["epochs", "epochs", 1],
];

function lengthOf(budget: Budget): number {
  if (budget.kind === "steps") return budget.steps;
  return budget.kind === "minutes" ? budget.minutes : budget.epochs;
}

/** How long a run is, beside the paper's. */
export function BudgetFields({ budget, epochs, onChange }: BudgetFieldsProps): JSX.Element {
  const length = lengthOf(budget);
  const setTo = (kind: Budget["kind"], value: number): void =>
    onChange({ kind, [kind]: value } as unknown as Budget);
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
        paper: {formatCount(epochs)} epochs
        {budget.kind === "epochs" && budget.epochs < epochs && <em> scaled down</em>}
      </span>
      {budget.kind === "minutes" && (
        <span className="paper-value">A run by the clock cannot be repeated to the bit.</span>
      )}
    </div>
  );
}
