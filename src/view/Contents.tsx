import type { JSX } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { Notebook } from "../notebook/store";
import { stepName } from "./page-order";
import { isBusy, restingSteps } from "./step-status";
import { Button } from "./ui/Button";
import { useAfter } from "./use-after";

interface ContentsProps {
  notebook: Notebook;
  /** Step ids as they stand on the page. */
  order: readonly string[];
}

const STATE_WORDS: Record<string, string> = {
  idle: "not run",
  running: "running",
  done: "done",
  failed: "failed",
  stale: "out of date",
};

/** Between two steps of one run nothing runs for a moment: no reason to offer a button. */
const CALM_MS = 400;

/** The list of steps with their states, always in sight, and one button for all that wait. */
export function Contents({ notebook, order }: ContentsProps): JSX.Element {
  const { store } = notebook;
  const names = useStore(
    store,
    useShallow((state) => order.map((id) => stepName(state, id))),
  );
  const states = useStore(
    store,
    useShallow((state) => order.map((id) => state.state[id]?.kind ?? "idle")),
  );
  const resting = useStore(store, useShallow(restingSteps));
  const busy = useStore(store, isBusy);
  const isCalm = useAfter(CALM_MS, busy);
  return (
    <nav className="contents" aria-label="Steps">
      <ol>
        {order.map((id, i) => (
          <li key={id}>
            <a href={`#step-${id}`} data-state={states[i]}>
              <span className="step-number">{i + 1}</span> {names[i]}
              <span className="visually-hidden"> ({STATE_WORDS[states[i] ?? "idle"]})</span>
            </a>
          </li>
        ))}
      </ol>
      {resting.length > 1 && !busy && isCalm && (
        <Button kind="primary" onClick={() => resting.forEach((id) => notebook.start(id))}>
          Run all {resting.length}
        </Button>
      )}
    </nav>
  );
}
