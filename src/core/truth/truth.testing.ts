import { existsSync, openAsBlob } from "node:fs";
import { CellTableBuilder, type CellTable } from "../geo/cells";
import type { SourceFile } from "../data/read/source";

/** The table of some cells. */
export function toTable(hashes: readonly string[]): CellTable {
  const builder = new CellTableBuilder();
  hashes.forEach((hash) => builder.add(hash));
  return builder.build();
}

/** The folder of real files, which may be missing: tests on them then skip. */
const DATA = new URL("../../../../shared/data/", import.meta.url);

/** True where the real file is there. */
export const isThere = (path: string): boolean => existsSync(new URL(path, DATA));

/** A real file as every reader takes it. */
export async function openReal(path: string): Promise<SourceFile> {
  return { path, blob: await openAsBlob(new URL(path, DATA)) };
}

/** A made file as every reader takes it. */
export const madeFile = (
  path: string,
  ...parts: (string | ArrayBuffer | Uint8Array<ArrayBuffer>)[]
): SourceFile => ({
  path,
  blob: new Blob(parts),
});
