import type { AsyncBuffer } from "hyparquet";
import { FootfallError } from "../errors";
import type { NamedFile } from "./session";

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The file of this name (or path) wherever it lies in the folder. Throws "missing-file". */
export function findFile(files: readonly NamedFile[], name: string, folder: string): Blob {
  const found =
    files.find(({ path }) => path === name) ?? files.find(({ path }) => baseName(path) === name);
  if (found !== undefined) return found.blob;
  const names = files.slice(0, 12).map(({ path }) => path);
  throw new FootfallError(
    "missing-file",
    `the folder "${folder}" has no ${name}; it holds: ${names.join(", ") || "nothing"}`,
  );
}

/** A JSON file of the folder. Throws "missing-file" or "bad-file". */
export async function readJsonFile<T>(
  files: readonly NamedFile[],
  name: string,
  folder: string,
): Promise<T> {
  const text = await findFile(files, name, folder).text();
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new FootfallError("bad-file", `${name} in "${folder}" is not JSON`, { cause });
  }
}

/** Says the same for the same files: by name, size and, where it is known, the time of the last change. */
export const filesKey = (files: readonly NamedFile[]): string =>
  files
    .map(({ path, blob }) => {
      const changed = (blob as Partial<File>).lastModified; // what was unpacked has none
      return [path, blob.size, ...(changed === undefined ? [] : [changed])].join(":");
    })
    .join(" ");

/** A blob as hyparquet reads it: by ranges. */
export function toAsyncBuffer(blob: Blob): AsyncBuffer {
  return {
    byteLength: blob.size,
    slice: (start, end) => blob.slice(start, end).arrayBuffer(),
  };
}
