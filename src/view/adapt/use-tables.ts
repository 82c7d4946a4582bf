import { use, useCallback, useEffect, useState } from "react";
import { toFootfallError } from "../../core/errors";
import type { AdaptTable } from "../../core/job/adapt";
import { knownOf } from "../../core/job/adapt-known";
import { NotebookContext } from "../notebook-context";
import { usePage, type KeptTable } from "../page-context";
import { asSentence } from "../words";

/** Whose tables are meant. */
export interface Owner {
  data: string;
  model: string;
}

interface Tables {
  /** Tables of these data and this model, in the order in which they were saved, youngest first. */
  tables: readonly KeptTable[];
  /** Keeps a table in the place of the task's last one. */
  put: (table: AdaptTable) => void;
  remove: (name: string) => void;
  /** Why nothing is kept. */
  problem: string | undefined;
}

const isOf = ({ data, model }: Owner, table: KeptTable): boolean =>
  table.data === data && table.model === model;

/** A table that is still being filled keeps no curve that grows. */
function withoutRunning(table: AdaptTable): AdaptTable {
  const { running: _, ...rest } = table;
  return rest;
}

/** The tables that this browser keeps; their runs are known to the notebook from then on. */
export function useTables(owner: Owner | undefined): Tables {
  const { tables: shelf } = usePage();
  const here = use(NotebookContext);
  const [all, setAll] = useState<readonly KeptTable[]>([]);
  const [problem, setProblem] = useState<string>();
  const tellProblem = useCallback(
    (thrown: unknown) => setProblem(asSentence(toFootfallError(thrown, "no-space").message)),
    [],
  );
  useEffect(() => {
    const take = (found: readonly KeptTable[]): void => {
      for (const { table } of found) here?.notebook.addRuns(knownOf(table));
      setAll(found);
    };
    shelf?.list().then(take).catch(tellProblem);
  }, [shelf, here, tellProblem]);
  useEffect(() => shelf?.watch(() => setProblem(undefined)), [shelf]); // there is room again
  const data = owner?.data;
  const model = owner?.model;
  const put = useCallback(
    (table: AdaptTable): void => {
      if (data === undefined || model === undefined) return;
      here?.notebook.addRuns(knownOf(table));
      const name = `${table.task.name} of ${data} by ${model}`;
      const kept = { name, data, model, savedMs: Date.now(), table: withoutRunning(table) };
      setAll((old) => [kept, ...old.filter((one) => one.name !== name)]);
      shelf?.write(kept).catch(tellProblem);
    },
    [data, model, here, shelf, tellProblem],
  );
  const remove = (name: string): void => {
    setAll((old) => old.filter((one) => one.name !== name));
    shelf?.remove(name).catch(tellProblem);
  };
  const tables = owner === undefined ? [] : all.filter((table) => isOf(owner, table));
  return { tables, put, remove, problem };
}
