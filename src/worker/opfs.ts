import { FootfallError } from "../core/errors";
import { storageRoom } from "./stored-sets";

const inSize = (bytes: number): string => {
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${size.toLocaleString("en", { maximumFractionDigits: size < 100 ? 1 : 0 })} ${unit}`;
};

/** What a browser throws where its storage is full. */
export const isFull = (thrown: unknown): boolean =>
  thrown instanceof DOMException && thrown.name === "QuotaExceededError";

/** What a browser throws where a file or its folder is not there. */
export const isMissing = (thrown: unknown): boolean =>
  thrown instanceof DOMException && thrown.name === "NotFoundError";

/** The browser's refusal as one sentence; `andNow` ends it. */
export async function noSpace(
  path: string,
  bytes: number,
  cause: unknown,
  andNow: string,
): Promise<FootfallError> {
  const room = await storageRoom();
  const has = room
    ? `: it holds ${inSize(room.used)} of the ${inSize(room.quota)} that the browser allows`
    : "";
  return new FootfallError(
    "no-space",
    `the browser's storage has no room for ${path} (${inSize(bytes)})${has}${andNow}`,
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
