import type { DataStore } from "./data-store";
import type { NamedFile } from "./session";

/** Keeps files in memory, and says what became of each data set. */
export function createStore() {
  const said: string[] = [];
  const sets = new Map<string, NamedFile[]>();
  const store: DataStore = {
    isLasting: () => Promise.resolve(false),
    create(id) {
      const files: NamedFile[] = [];
      return Promise.resolve({
        write: (path: string, bytes: Uint8Array) => {
          files.push({ path, blob: new Blob([bytes.slice()]) });
          return Promise.resolve();
        },
        files: () => Promise.resolve(files),
        finish: () => {
          sets.set(id, files);
          return Promise.resolve(void said.push("finished"));
        },
        drop: () => Promise.resolve(void said.push("dropped")),
      });
    },
    files: (id) => Promise.resolve(sets.get(id)),
  };
  return { store, said };
}
