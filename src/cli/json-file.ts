import { readFile } from "node:fs/promises";
import { FootfallError } from "../core/errors";

/** A file as JSON. Throws "missing-file" or "bad-file". */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new FootfallError("missing-file", `${path} cannot be read`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FootfallError("bad-file", `${path} is not JSON`, { cause });
  }
}
