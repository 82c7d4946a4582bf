import { use, useRef, type JSX } from "react";
import type { PapersResult } from "../../core/job/papers";
import type { PapersSpec } from "../../notebook/steps/papers";
import { NotebookContext } from "../notebook-context";
import type { StepProps } from "../steps/step-view";
import { Button } from "../ui/Button";

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
      {spec.results !== undefined && (
        <Button kind="quiet" onClick={() => onChange({ results: undefined })}>
          Close {spec.results}
        </Button>
      )}
    </div>
  );
}
