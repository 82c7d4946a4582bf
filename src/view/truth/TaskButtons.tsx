import { useContext, useMemo, useSyncExternalStore, type JSX } from "react";
import type { LayerTruth } from "../../core/truth/layer-types";
import { addTask, taskSources } from "../../notebook/add-layers";
import { NotebookContext } from "../notebook-context";
import { goToStep } from "../go-to-step";
import { Button } from "../ui/Button";

/** What kind of task each scale becomes. */
const TASKS: Record<LayerTruth["scale"], string> = {
  decile: "a classification into the ten deciles",
  class: "a classification",
  share: "a regression",
  value: "a regression",
};

/** From a truth to a task with one click: once for each source that answers can be read off (DI-12). */
export function TaskButtons({ scale }: { scale: LayerTruth["scale"] }): JSX.Element | null {
  const here = useContext(NotebookContext);
  const store = here?.notebook.store;
  const order = useSyncExternalStore(
    store?.subscribe ?? (() => () => undefined),
    () => store?.getState().order,
    () => store?.getState().order,
  );
  const sources = useMemo(
    () => (store && order ? taskSources(order, store.getState().authored) : []),
    [store, order],
  );
  if (here === undefined) return null;
  const hasEmbeddings = sources.some(({ kind }) => kind !== "coordinates");
  return (
    <div className="task-buttons" data-part="tasks">
      <p>Make it a task, {TASKS[scale]}. Can it be told from</p>
      <div>
        {sources.map((source, i) => (
          <Button
            key={source.id ?? source.kind}
            kind={i === 0 ? "primary" : "plain"}
            label={`Make it a task for ${source.words}`}
            onClick={() => goToStep(addTask(here.notebook, here.id, source))}
          >
            {source.words}
          </Button>
        ))}
        <span>?</span>
      </div>
      {!hasEmbeddings && (
        <p className="quiet">
          There is no model in this notebook and no embeddings were brought, so there are the
          coordinates alone: the bar that any embedding must pass.
        </p>
      )}
    </div>
  );
}
