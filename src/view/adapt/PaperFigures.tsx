import type { JSX } from "react";
import type { TaskName } from "../../core/task/tasks/types";
import { goToStep } from "../go-to-step";
import { Button } from "../ui/Button";

/** A figure of paper 1 that shows what a task came to. */
interface PaperFigure {
  readonly name: string;
  readonly task: TaskName;
}

/** The figures of paper 1 that one click draws, in its order. */
const PAPER_FIGURES: readonly PaperFigure[] = [
  { name: "Figure 3: location", task: "location" },
  { name: "Figure 4: population", task: "population" },
  { name: "Figure 5: prefectures", task: "prefecture" },
  { name: "Figure 5: regions", task: "region" },
  { name: "Figure 6: municipalities", task: "municipality" },
  { name: "Figure 7: built-up land", task: "built-up" },
  { name: "Figure 8: tree cover", task: "trees" },
  { name: "Figure 9: diversity", task: "diversity" },
  { name: "Figure 10: greenery", task: "greenery" },
];

/**
 * The figures of paper 1 by their names, each one click away; without a table two of its rows are trained for it
 * (MC-07).
 */
export function PaperFigures({ onDraw }: { onDraw: (task: TaskName) => void }): JSX.Element {
  return (
    <div className="set-tools" role="group" aria-label="Figures of paper 1">
      <span className="quiet">Paper 1:</span>
      <Button kind="quiet" onClick={() => goToStep("data")}>
        Figure 2: coverage
      </Button>
      {PAPER_FIGURES.map(({ name, task }) => (
        <Button key={name} kind="quiet" onClick={() => onDraw(task)}>
          {name}
        </Button>
      ))}
    </div>
  );
}
