import { addLayers } from "../notebook/add-layers";
import type { Notebook } from "../notebook/store";
import { goToStep } from "../view/go-to-step";
import type { OpenedFolder } from "./open-folder";
import { isLayerFile } from "./session";
import type { DropPlace } from "./use-drop";

/**
 * Adds dropped files to the open notebook as layers: whatever falls on the place for them, and files that can be
 * nothing else wherever they fall. False for files that open a notebook of their own.
 */
export function takeLayers(notebook: Notebook, { files }: OpenedFolder, place: DropPlace): boolean {
  if (place === "page" && !files.every(({ path }) => isLayerFile(path))) return false;
  goToStep(addLayers(notebook, files));
  return true;
}
