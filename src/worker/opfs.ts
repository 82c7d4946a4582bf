import { FootfallError } from "../core/errors";
import { storageRoom } from "./stored-sets";

const inMegabytes = (bytes: number): string =>
  `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: bytes < 1e8 ? 1 : 0 })} MB`;

/** The browser's refusal as one sentence; `andNow` ends it. */
export async function noSpace(
  path: string,
  bytes: number,
  cause: unknown,
  andNow: string,
): Promise<FootfallError> {
  const room = await storageRoom();
  const has = room
    ? `: it holds ${inMegabytes(room.used)} of the ${inMegabytes(room.quota)} that the browser allows`
    : "";
  return new FootfallError(
    "no-space",
    `the browser's storage has no room for ${path} (${inMegabytes(bytes)})${has}${andNow}`,
    { cause },
  );
}

/** A folder below another; made where it is missing. */
export async function openFolder(
  root: FileSystemDirectoryHandle,
  parts: readonly string[],
): Promise<FileSystemDirectoryHandle> {
  let folder = root;
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create: true });
  return folder;
}
