import { useContext, useState, useSyncExternalStore, type JSX } from "react";
import { toFootfallError } from "../../core/errors";
import { turnIntoEmbeddings } from "../../notebook/add-layers";
import { NotebookContext } from "../notebook-context";
import { Button } from "../ui/Button";

/** Takes the rows of a layer step's table as embeddings instead. */
export function EmbeddingsOffer({ of }: { of: "its cell" | "a person" }): JSX.Element | null {
  const here = useContext(NotebookContext);
  const [problem, setProblem] = useState<string>();
  if (here === undefined) return null;
  const take = (): void => {
    try {
      turnIntoEmbeddings(here.notebook, here.id);
    } catch (thrown) {
      setProblem(toFootfallError(thrown, "bad-input").message);
    }
  };
  return (
    <p className="note">
      Is each row an embedding of {of}?{" "}
      <Button kind="quiet" onClick={take}>
        Use the rows as embeddings
      </Button>
      {problem !== undefined && <span role="alert"> {problem}</span>}
    </p>
  );
}

/** The same where a look found no place in the table: its rows may be people. */
export function PeopleOffer(): JSX.Element | null {
  const here = useContext(NotebookContext);
  const store = here?.notebook.store;
  const read = (): boolean => store?.getState().state[here?.id ?? ""]?.kind === "failed";
  const isFailed = useSyncExternalStore(store?.subscribe ?? (() => () => undefined), read, read);
  return isFailed ? <EmbeddingsOffer of="a person" /> : null;
}
