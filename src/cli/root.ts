import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FootfallError } from "../core/errors";

/** The folder of package.json; the bundle in build/cli is as deep as this file in src/cli. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A file that ships with Footfall, by its path below public/. Throws "missing-file". */
export async function readAsset(path: string): Promise<Uint8Array> {
  try {
    return await readFile(join(ROOT, "public", path));
  } catch (cause) {
    throw new FootfallError(
      "missing-file",
      `public/${path} is missing from this copy of Footfall`,
      {
        cause,
      },
    );
  }
}
