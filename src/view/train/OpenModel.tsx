import { useContext, useRef, useState, type JSX } from "react";
import { toFootfallError } from "../../core/errors";
import type { ModelStepSpec } from "../../notebook/steps/model";
import { goToStep } from "../go-to-step";
import { NotebookContext } from "../notebook-context";
import { usePage } from "../page-context";
import { Button } from "../ui/Button";
import { takeModel, takePointModel } from "./take-model";

/** Opens a model folder for the data of the notebook: a zip as it was downloaded here, or its files. */
export function OpenModel({ onOpened }: { onOpened: () => void }): JSX.Element | null {
  const notebook = useContext(NotebookContext)?.notebook;
  const { training } = usePage();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  if (notebook === undefined || training === undefined) return null;
  const open = async (picked: readonly File[]): Promise<void> => {
    const { name, files, isOfPoints, isAdapted } = await training.readModel(picked);
    notebook.addFiles(name, files);
    const spec: ModelStepSpec = { source: "folder", folder: name };
    if (isOfPoints) goToStep(takePointModel(notebook, spec));
    else goToStep(takeModel(notebook, spec, isAdapted ? "model" : "masked"));
    onOpened();
  };
  const take = (target: HTMLInputElement): void => {
    const picked = [...(target.files ?? [])];
    target.value = ""; // the same file may be picked again
    if (picked.length === 0) return;
    open(picked)
      .then(() => setProblem(undefined))
      .catch((thrown: unknown) => setProblem(toFootfallError(thrown, "bad-file").message));
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files of a model"
        data-open-model=""
        onChange={({ target }) => take(target)}
      />
      <Button onClick={() => input.current?.click()}>Open a model (zip or its files)…</Button>
      {problem !== undefined && <span role="alert">{problem}</span>}
    </>
  );
}
