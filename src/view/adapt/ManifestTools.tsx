import { use, useRef, useState, type JSX } from "react";
import { toFootfallError } from "../../core/errors";
import type { AdaptTable } from "../../core/job/adapt";
import {
  compareWithManifest,
  readManifest,
  type TableManifest,
} from "../../core/job/adapt-manifest";
import type { AdaptSpec } from "../../notebook/steps/adapt";
import { NotebookContext } from "../notebook-context";
import { Button } from "../ui/Button";
import { asSentence, formatCounted } from "../words";
import { restoreChosen } from "./chosen-truths";

interface ManifestToolsProps {
  /** The table of the task that is chosen. */
  table: AdaptTable | undefined;
  isGoing: boolean;
  onChange: (change: Partial<AdaptSpec>) => void;
}

interface Opened {
  name: string;
  manifest: TableManifest;
  /** Truths that the manifest names and this notebook has not. */
  lacking: readonly string[];
}

/** How the table that is filled here stands to the manifest. */
function Comparison({ opened, table }: { opened: Opened; table: AdaptTable | undefined }) {
  const { name, manifest, lacking } = opened;
  const { data, model, seed } = manifest.origin;
  const isHere = table !== undefined && table.task.name === manifest.task;
  const said = [...lacking, ...(isHere ? compareWithManifest(manifest, table) : [])];
  return (
    <div className="finding" role="status" data-manifest={manifest.task}>
      <p>
        {name}: {formatCounted(manifest.runs.length, "run")} of {model.name} on {data.name}, seed{" "}
        {seed}.
        {!isHere && " Its task, settings and truths are set; fill the table to run it again."}
      </p>
      {said.map((text) => (
        <p key={text}>{asSentence(text)}</p>
      ))}
    </div>
  );
}

/** Opens the manifest of a table: its task, settings and truths are taken over, and what comes out is held against it (RS-04). */
export function ManifestTools({ table, isGoing, onChange }: ManifestToolsProps): JSX.Element {
  const here = use(NotebookContext);
  const input = useRef<HTMLInputElement>(null);
  const [opened, setOpened] = useState<Opened>();
  const [problem, setProblem] = useState<string>();
  const take = async (target: HTMLInputElement): Promise<void> => {
    const [file] = [...(target.files ?? [])];
    target.value = ""; // the same file may be picked again
    if (file === undefined) return;
    try {
      const manifest = readManifest(await file.text(), file.name);
      const { task, settings, origin } = manifest;
      const restored = origin.truths && here && (await restoreChosen(origin.truths, here.notebook));
      setOpened({ name: file.name, manifest, lacking: restored?.problems ?? [] });
      setProblem(undefined);
      onChange({ task, settings, ...(restored && { truths: restored.truths }) });
    } catch (thrown) {
      setProblem(toFootfallError(thrown, "bad-file").message);
    }
  };
  return (
    <>
      {!isGoing && (
        <div className="set-tools">
          <input
            ref={input}
            type="file"
            accept=".json"
            hidden
            aria-label="Manifest of a table"
            data-manifest-file=""
            onChange={({ target }) => void take(target)}
          />
          <Button kind="quiet" onClick={() => input.current?.click()}>
            Run a manifest again…
          </Button>
          {opened && (
            <Button kind="quiet" onClick={() => setOpened(undefined)}>
              Close {opened.name}
            </Button>
          )}
        </div>
      )}
      {problem !== undefined && <p role="alert">{asSentence(problem)}</p>}
      {opened && <Comparison opened={opened} table={table} />}
    </>
  );
}
