import { lazy, Suspense, useCallback, useMemo, type JSX } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { Notebook as NotebookHandle } from "../notebook/store";
import { AskContext } from "./asking";
import { Contents } from "./Contents";
import { firstPicture } from "./first-picture";
import { NotebookContext } from "./notebook-context";
import { hasSimulatedPeople, pageOrder, stepName } from "./page-order";
import { StepFrame } from "./StepFrame";
import { stepStatus } from "./step-status";
import { STEP_VIEWS } from "./steps/views";

const AddLayer = lazy(async () => {
  await firstPicture;
  return import("./truth/AddLayer");
});

interface NotebookStepProps {
  notebook: NotebookHandle;
  id: string;
  number: number;
}

/** One step, bound to its own part of the store: a report of one step redraws that step only. */
function NotebookStep({ notebook, id, number }: NotebookStepProps): JSX.Element | null {
  const { store } = notebook;
  const step = useStore(store, ({ authored }) => authored[id]);
  const status = useStore(
    store,
    useShallow((state) => stepStatus(state, id)),
  );
  const state = useStore(store, (state) => state.state[id]?.kind ?? "idle");
  const outcome = useStore(store, (state) => state.outcome[id]);
  const isSimulated = useStore(store, hasSimulatedPeople);
  const inputs = useStore(
    store,
    useShallow((state) =>
      Object.fromEntries(
        Object.entries(step?.inputs ?? {}).map(([role, from]) => [role, state.outcome[from]]),
      ),
    ),
  );
  const aboveName = useStore(store, (state) =>
    status.kind === "waiting" ? stepName(state, status.above) : undefined,
  );
  const onChange = useCallback(
    (change: Record<string, unknown>) => {
      const spec = notebook.store.getState().authored[id]?.spec;
      notebook.setSpec(id, { ...spec, ...change });
    },
    [notebook, id],
  );
  const ask = useMemo(() => notebook.askOf(id), [notebook, id]);
  const here = useMemo(() => ({ notebook, id }), [notebook, id]);
  const view = STEP_VIEWS[step?.kind ?? ""];
  if (step === undefined || view === undefined) return null;
  return (
    <NotebookContext value={here}>
      <AskContext value={ask}>
        <StepFrame
          {...{
            step,
            number,
            view,
            status,
            state,
            outcome,
            inputs,
            aboveName,
            isSimulated,
            onChange,
          }}
          onRun={() => notebook.start(id)}
          onStop={() => notebook.stop(id)}
        />
      </AskContext>
    </NotebookContext>
  );
}

/** A notebook: what it asks, the list of its steps, and the steps. */
export function Notebook({ notebook }: { notebook: NotebookHandle }): JSX.Element {
  const { store } = notebook;
  const title = useStore(store, (state) => state.title);
  const lead = useStore(store, (state) => state.lead);
  const order = useStore(store, useShallow(pageOrder));
  return (
    <main className="notebook">
      <div className="notebook-head">
        <h1>{title}</h1>
        <p>{lead}</p>
      </div>
      <Contents notebook={notebook} order={order} />
      {order.map((id, i) => (
        <NotebookStep key={id} notebook={notebook} id={id} number={i + 1} />
      ))}
      <Suspense>
        <AddLayer notebook={notebook} />
      </Suspense>
    </main>
  );
}
