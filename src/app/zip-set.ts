import { Zip, ZipPassThrough } from "fflate";
import { FootfallError } from "../core/errors";
import { MODEL_FOLDER } from "../core/job/run-store";
import { listRunFiles } from "../worker/stored-runs";
import { findRun, listFiles } from "../worker/stored-sets";

/** Pieces of a file: about 2 ms of checksum each, so that the page stays alive. */
const PIECE_BYTES = 1 << 20;

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function addFile(zip: Zip, path: string, blob: Blob): Promise<void> {
  const entry = new ZipPassThrough(path); // Parquet and shards are as small as they get
  zip.add(entry);
  for (let at = 0; at < blob.size; at += PIECE_BYTES) {
    entry.push(new Uint8Array(await blob.slice(at, at + PIECE_BYTES).arrayBuffer()));
    await turn();
  }
  entry.push(new Uint8Array(0), true);
}

/** Files as one zip. Rejects where a file cannot be read. */
export async function zipFiles(files: readonly { path: string; blob: Blob }[]): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const whole = new Promise<void>((resolve, reject) => {
    const zip = new Zip((error, bytes, isLast) => {
      if (error) return reject(error);
      parts.push(bytes);
      if (isLast) resolve();
    });
    const addAll = async (): Promise<void> => {
      for (const { path, blob } of files) await addFile(zip, path, blob);
      zip.end();
    };
    addAll().catch(reject);
  });
  await whole;
  return new Blob(parts, { type: "application/zip" });
}

/** A stored data set as one zip: the folder that `footfall tokenise` would have written. */
export async function zipSet(id: string): Promise<Blob> {
  const run = await findRun(id);
  if (run !== undefined) return zipFiles(await listFiles(run.folder));
  throw new FootfallError("missing-file", "the data set is not in this browser's storage any more");
}

/** The best model of a training run as one zip: a Hugging Face folder. */
export async function zipModel(run: string): Promise<Blob> {
  const prefix = `${MODEL_FOLDER}/`;
  const files = (await listRunFiles(run))
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, blob }) => ({ path: path.slice(prefix.length), blob }));
  if (files.length > 0) return zipFiles(files);
  throw new FootfallError("missing-file", `the run ${run} has no model in this browser's storage`);
}
