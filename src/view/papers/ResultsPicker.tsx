import { use, useEffect, useRef, useState, type JSX } from "react";
import type { PapersResult } from "../../core/job/papers";
import { FILLED_HERE, giveResults, type FilledTables } from "../../notebook/give-results";
import type { PapersSpec } from "../../notebook/steps/papers";
import { NotebookContext } from "../notebook-context";
import { usePage, type KeptTable } from "../page-context";
import type { StepProps } from "../steps/step-view";
import { Button } from "../ui/Button";
import { formatCounted } from "../words";

/** Tables by data and model, those of the youngest first. */
function groupTables(kept: readonly KeptTable[]): FilledTables[] {
  const groups = new Map<string, FilledTables & { tables: KeptTable["table"][] }>();
  for (const { data, model, table } of kept) {
    const key = `${data} by ${model}`;
    const group = groups.get(key) ?? { data, model, tables: [] };
    group.tables.push(table);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Tables that were filled in this browser, to be held against the papers. */
function FilledHere({ onTake }: { onTake: (filled: FilledTables) => void }): JSX.Element {
  const { tables: shelf } = usePage();
  const [groups, setGroups] = useState<readonly FilledTables[]>([]);
  useEffect(() => {
    shelf
      ?.list()
      .then((kept) => setGroups(groupTables(kept)))
      .catch(() => setGroups([])); // what cannot be read was never filled, as far as this step goes
  }, [shelf]);
  return (
    <>
      {groups.map((filled) => (
        <Button key={`${filled.data} ${filled.model}`} onClick={() => onTake(filled)}>
          Use {formatCounted(filled.tables.length, "table")} filled here: {filled.model} on{" "}
          {filled.data}
        </Button>
      ))}
    </>
  );
}

/** Opens files of results, which the verdict and the tables below it are held against. */
export default function ResultsPicker({
  spec,
  onChange,
}: StepProps<PapersSpec, PapersResult>): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const here = use(NotebookContext);
  const take = (target: HTMLInputElement): void => {
    const files = [...(target.files ?? [])].map((file) => ({ path: file.name, blob: file }));
    target.value = ""; // the same files may be picked again
    if (files.length === 0) return;
    const name = files.map(({ path }) => path).join(", ");
    here?.notebook.addFiles(name, files);
    onChange({ results: name });
  };
  return (
    <div>
      <input
        ref={input}
        type="file"
        accept=".json"
        multiple
        hidden
        aria-label="Files of results"
        data-results-files=""
        onChange={({ target }) => take(target)}
      />
      <Button onClick={() => input.current?.click()}>Open results…</Button>{" "}
      {spec.results !== FILLED_HERE && (
        <FilledHere onTake={(filled) => here && giveResults(here.notebook, filled)} />
      )}{" "}
      {spec.results !== undefined && (
        <Button kind="quiet" onClick={() => onChange({ results: undefined })}>
          Close {spec.results}
        </Button>
      )}
    </div>
  );
}
