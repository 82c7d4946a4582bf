import type { ReadOptions } from "../source";

/** "drop/alice" of "drop/alice.gpx" and of "drop/alice.gpx.gz". */
const withoutEnding = (path: string): string =>
  path.replace(/\.[a-z0-9]{1,8}(\.gz)?$/i, "") || path;

/** "alice" of "drop/alice.txt". */
export const stemOf = (path: string): string =>
  withoutEnding(path.slice(path.lastIndexOf("/") + 1));

/** Who a file is about that names nobody: itself (by its whole path), or the folder that it lies in. */
export function userOf(path: string, { userFrom = "file" }: ReadOptions): string {
  const folder = path.slice(0, path.lastIndexOf("/"));
  return userFrom === "folder" && folder !== "" ? folder : withoutEnding(path);
}

/** What the preview says about that. */
export const USER_WARNING =
  "The file names no person: each file is taken as one user; choose the folder where one person has many files.";
