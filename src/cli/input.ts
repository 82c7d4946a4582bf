import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { PointFile } from "../core/data/read-points";
import { FootfallError } from "../core/errors";

async function* readChunks(path: string, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    hash.update(chunk as Uint8Array);
    yield chunk as Uint8Array;
  }
}

/** Files as the core reads them; all their bytes also go through `hash`. Throws "missing-file". */
export async function openPointFiles(paths: readonly string[], hash: Hash): Promise<PointFile[]> {
  const files: PointFile[] = [];
  for (const path of paths) {
    const info = await stat(path).catch(() => undefined);
    if (!info?.isFile()) {
      const what = info ? "a folder" : "no such file";
      throw new FootfallError(
        "missing-file",
        `${path}: ${what}; expected a CSV file, plain or .gz`,
      );
    }
    files.push({ name: basename(path), bytes: info.size, chunks: readChunks(path, hash) });
  }
  return files;
}

/** A hash of everything read, as the report prints it. */
export function createDataHash(): Hash {
  return createHash("sha256");
}
