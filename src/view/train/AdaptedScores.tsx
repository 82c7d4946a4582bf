import type { JSX } from "react";
import type { KeptTable } from "../page-context";
import { adaptedOf } from "./adapted";

/** What a run's model came to on the tasks that it was adapted to, beside its random twin. */
export default function AdaptedScores({ tables }: { tables: readonly KeptTable[] }): JSX.Element {
  return (
    <ul className="quiet adapted-scores" aria-label="What the model came to on tasks">
      {adaptedOf(tables).map(({ task, metric, split, tuned, twin, gain }) => (
        <li key={`${task} ${split}`}>
          {task} ({split}): {metric} {tuned} fine-tuned, {twin} random twin, gain {gain}
        </li>
      ))}
    </ul>
  );
}
