import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { FootfallError } from "../core/errors";

async function createSibling(path: string): Promise<string> {
  const parent = dirname(path);
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, `.${basename(path)}.partial-`));
  await chmod(folder, 0o777 & ~process.umask()); // mkdtemp gives it to its owner alone
  return folder;
}

/** Moves everything of one folder into another; files and folders of the same name are replaced. */
async function moveEntries(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from)) {
    await rm(join(to, entry), { recursive: true, force: true });
    await rename(join(from, entry), join(to, entry));
  }
}

/**
 * Lets `fill` write into a temporary folder beside `out`, and puts the result in place when it is whole.
 * After an error or a stop nothing is left. An existing folder keeps its other files.
 */
export async function writeFolder<T>(
  out: string,
  fill: (folder: string) => Promise<T>,
): Promise<T> {
  const path = resolve(out);
  if (existsSync(path) && !(await stat(path)).isDirectory()) {
    throw new FootfallError("bad-input", `${out} is a file; expected a folder to write into`);
  }
  const temporary = await createSibling(path);
  try {
    const result = await fill(temporary);
    if (existsSync(path)) await moveEntries(temporary, path);
    else await rename(temporary, path);
    return result;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The same for one file. */
export async function writeWholeFile<T>(
  out: string,
  fill: (file: string) => Promise<T>,
): Promise<T> {
  const path = resolve(out);
  if (existsSync(path) && (await stat(path)).isDirectory()) {
    throw new FootfallError("bad-input", `${out} is a folder; expected a file to write`);
  }
  const temporary = await createSibling(path);
  try {
    const file = join(temporary, basename(path));
    const result = await fill(file);
    await rename(file, path);
    return result;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
