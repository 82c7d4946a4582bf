import type { StepState } from "../notebook/graph";
import { STEP_KINDS } from "../notebook/kinds";
import type { NotebookState } from "../notebook/store";

/** Where a step stands among its neighbours: what the frame says about it. */
export type StepStatus =
  | { kind: "running"; state: Extract<StepState, { kind: "running" }> }
  | { kind: "done" }
  | { kind: "failed"; state: Extract<StepState, { kind: "failed" }> }
  /** A step above it runs (or will, or has failed): nothing to do but wait. */
  | { kind: "waiting"; above: string; aboveState: StepState }
  /** The reader must say Run: what is shown, if anything, is of an earlier run. */
  | { kind: "resting"; stale: boolean };

const IDLE: StepState = { kind: "idle" };

/** The nearest step above that runs or has failed, in the order of the inputs. */
function findBlocker(notebook: NotebookState, id: string): string | undefined {
  for (const input of Object.values(notebook.authored[id]?.inputs ?? {})) {
    const kind = notebook.state[input]?.kind;
    if (kind === "running" || kind === "failed") return input;
    const above = kind === "done" ? undefined : findBlocker(notebook, input);
    if (above !== undefined) return above;
  }
  return undefined;
}

/** The status of a step. */
export function stepStatus(notebook: NotebookState, id: string): StepStatus {
  const state = notebook.state[id] ?? IDLE;
  switch (state.kind) {
    case "running":
      return { kind: "running", state };
    case "failed":
      return { kind: "failed", state };
    case "done":
      return { kind: "done" };
    case "idle":
    case "stale": {
      const above = findBlocker(notebook, id);
      if (above === undefined) return { kind: "resting", stale: state.kind === "stale" };
      return { kind: "waiting", above, aboveState: notebook.state[above] ?? IDLE };
    }
    default:
      return state satisfies never;
  }
}

/** True while any step runs. */
export function isBusy(notebook: NotebookState): boolean {
  return Object.values(notebook.state).some((state) => state.kind === "running");
}

/** Steps that wait for their reader's Run, without those that only a Run of their own may start. */
export function restingSteps(notebook: NotebookState): string[] {
  const isLong = (id: string): boolean =>
    STEP_KINDS[notebook.authored[id]?.kind ?? ""]?.cost === "long";
  return notebook.order.filter((id) => !isLong(id) && stepStatus(notebook, id).kind === "resting");
}
