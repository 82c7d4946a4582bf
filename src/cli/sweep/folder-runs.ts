import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunStore } from "../../core/job/run-store";
import { writeWholeFile } from "../output";

/** One folder as the store of runs: whatever a run is called, its files lie there. Nothing changes it while it goes. */
export function openFolderRuns(folder: string): RunStore {
  return {
    isLasting: () => Promise.resolve(true),
    begin: () => Promise.resolve(() => undefined),
    openControls: () => ({ controls: {}, close: () => undefined }),
    async read(_run, path) {
      const file = join(folder, path);
      return existsSync(file) ? new Uint8Array(await readFile(file)) : undefined;
    },
    write: (_run, path, bytes) =>
      writeWholeFile(join(folder, path), (file) => writeFile(file, bytes)),
    list: async () => (existsSync(folder) ? readdir(folder) : []),
    remove: (_run, path) => rm(join(folder, path), { force: true }),
  };
}
