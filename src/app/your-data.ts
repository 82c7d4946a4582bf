import {
  hasStorage,
  listSets,
  removeAllSets,
  removeSet,
  storageRoom,
  sweepLeftovers,
} from "../worker/stored-sets";
import type { StoredData } from "../view/import/YourData";
import { noteStoredChange } from "./import-run";

/** All that the browser keeps for the user, looked at anew; leftovers of a closed tab go first. */
export async function readStoredData(): Promise<StoredData> {
  if (!(await hasStorage())) return { hasStorage: false, sets: [], room: undefined };
  await sweepLeftovers();
  const [sets, room] = await Promise.all([listSets(), storageRoom()]);
  return { hasStorage: true, sets, room };
}

/** Removes one data set, or all of them where none is named. */
export async function removeStored(id: string | undefined): Promise<void> {
  await (id === undefined ? removeAllSets() : removeSet(id));
  noteStoredChange();
}

/** Asks the browser to keep the data until they are removed. */
export async function askToPersist(): Promise<void> {
  await navigator.storage.persist();
  noteStoredChange();
}
