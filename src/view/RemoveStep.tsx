import { useContext, type JSX } from "react";
import { NotebookContext } from "./notebook-context";
import { Button } from "./ui/Button";

/** Takes the step, and what stands on it, out of the notebook; the page offers to put it back. */
export function RemoveStep({ what }: { what: string }): JSX.Element | null {
  const here = useContext(NotebookContext);
  if (here === undefined) return null;
  return (
    <div>
      <Button kind="quiet" onClick={() => here.notebook.removeStep(here.id)}>
        Remove {what}
      </Button>
    </div>
  );
}
