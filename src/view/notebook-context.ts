import { createContext } from "react";
import type { Notebook } from "../notebook/store";

/** The notebook around a step, and the step's own id; none where a step is drawn by itself. */
export const NotebookContext = createContext<{ notebook: Notebook; id: string } | undefined>(
  undefined,
);
