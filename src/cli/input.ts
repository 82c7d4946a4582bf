import { createHash } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { SourceFile } from "../core/data/read/source";
import { FootfallError, throwIfStopped } from "../core/errors";

/** A file on the disk, as the core reads it. */
export interface DiskFile extends SourceFile {
  /** Where it lies. */
  readonly place: string;
}

async function openFolder(place: string, path: string): Promise<DiskFile[]> {
  const entries = await readdir(place, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() || entry.isDirectory());
  names.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: DiskFile[] = [];
  for (const entry of names) {
    const inside = [join(place, entry.name), `${path}/${entry.name}`] as const;
    if (entry.isDirectory()) files.push(...(await openFolder(...inside)));
    else files.push({ place: inside[0], path: inside[1], blob: await openAsBlob(inside[0]) });
  }
  return files;
}

/** Files, and all files of folders, in the order given. Throws "missing-file". */
export async function openSourceFiles(places: readonly string[]): Promise<DiskFile[]> {
  const files: DiskFile[] = [];
  for (const place of places) {
    const info = await stat(place).catch(() => undefined);
    if (info?.isDirectory()) files.push(...(await openFolder(place, basename(place))));
    else if (info?.isFile()) {
      files.push({ place, path: basename(place), blob: await openAsBlob(place) });
    } else {
      throw new FootfallError(
        "missing-file",
        `${place}: no such file; expected a file or a folder with locations`,
      );
    }
  }
  return files;
}

/** SHA-256 of all bytes of some files, one after the other. Throws "stopped". */
export async function hashFiles(files: readonly DiskFile[], signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for (const { place } of files) {
    for await (const chunk of createReadStream(place, { highWaterMark: 1 << 20 })) {
      throwIfStopped(signal);
      hash.update(chunk as Uint8Array);
    }
  }
  return hash.digest("hex");
}
