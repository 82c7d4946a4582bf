import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileWriter } from "hyparquet-writer";
import type { DatasetSink } from "../../core/job/dataset-files";

/** Writes the files of a data set into a folder; tables go to the disk in pieces. */
export function createFolderSink(folder: string): DatasetSink {
  return {
    async write(path, bytes) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    },
    openTable: (path) => fileWriter(join(folder, path)),
  };
}
