import { openNotebook, type Notebook } from "../notebook/store";
import type { RunJob } from "../worker/channel";
import { createFolderNotebook } from "./folder-notebook";
import shipped from "./notebooks/what-does-masking-teach.json";
import type { OpenedFolder } from "./open-folder";

/** The open notebook and the folder that it stands on; none for the shipped one. */
export interface Session {
  notebook: Notebook;
  folder: OpenedFolder | undefined;
}

interface SessionOptions {
  run: RunJob;
  seed: number;
}

/** The shipped notebook: its first run starts by itself. */
export function openShipped({ run, seed }: SessionOptions): Session {
  const notebook = openNotebook({
    document: shipped,
    run,
    seed,
    folders: new Map(),
    startAll: true,
  });
  return { notebook, folder: undefined };
}

/**
 * The notebook of a folder. Opening it asks for the first look, so that runs; scores and truths wait for
 * their Run. Throws "missing-file" where the folder cannot serve.
 */
export function openFolder(folder: OpenedFolder, { run, seed }: SessionOptions): Session {
  const document = createFolderNotebook(folder);
  const folders = new Map([[folder.name, folder.files]]);
  const notebook = openNotebook({ document, run, seed, folders, startAll: false });
  const hasGuesses = document.steps.some(({ id }) => id === "masked");
  notebook.start(hasGuesses ? "masked" : "data");
  return { notebook, folder };
}
