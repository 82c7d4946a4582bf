import { useContext, useMemo, useSyncExternalStore } from "react";
import type { DatasetResult } from "../../core/job/dataset";
import { boundsOfTable } from "../map/bounds";
import type { Bounds } from "../map/cell-geometry";
import { NotebookContext } from "../notebook-context";

/** The box of the notebook's people; undefined until they are there. */
export function useDataBounds(): Bounds | undefined {
  const store = useContext(NotebookContext)?.notebook.store;
  const read = (): DatasetResult | undefined => {
    if (store === undefined) return undefined;
    const { order, authored, outcome } = store.getState();
    const id = order.find((one) => authored[one]?.kind === "data");
    return id === undefined ? undefined : (outcome[id] as DatasetResult | undefined);
  };
  const data = useSyncExternalStore(store?.subscribe ?? (() => () => undefined), read, read);
  const cells = data?.coverage.cells;
  return useMemo(() => cells && boundsOfTable(cells), [cells]);
}
