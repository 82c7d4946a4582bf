import type { FolderReader } from "../model/folder";
import type { LabelModelFolder } from "../model/label-folder";
import { openLabelFolder } from "../model/label-folder";
import { toLabelRows, toReadRows } from "./label-batches";
import type { AskedRows } from "./labelled-rows";
import type { LabelRows } from "./objectives/labels";
import type { TrainingReference } from "./reference.testing";
import type { PassDropout } from "./tape";

/** What PyTorch computed for one adapted model (test/reference/make_labels_reference.py). */
export interface LabelsReference extends TrainingReference {
  readonly rows: number[][];
  readonly labels: number[];
  readonly scores: number[]; // [N, K]
  readonly dropout?: PassDropout;
  /** Hours of the week of each row's tokens. */
  readonly hours?: number[][];
}

interface Glob {
  glob<T>(pattern: string, options: Record<string, unknown>): Record<string, T>;
}

const references = (import.meta as unknown as Glob).glob<LabelsReference>(
  "../../../test/reference/labels-*.json",
  { eager: true, import: "default" },
);
const files = (import.meta as unknown as Glob).glob<string>(
  "../../../test/reference/labels-*/*.{json,safetensors}",
  { eager: true, import: "default", query: "?url&inline" },
);

/** All stored adapted models. */
export const LABELS_REFERENCES: readonly LabelsReference[] = Object.values(references);

/** A stored folder; works in Node and in the browser. */
export function storedFolder(name: string): FolderReader {
  const read = async (path: string): Promise<Uint8Array | undefined> => {
    const url = files[`../../../test/reference/${name}/${path}`];
    if (url === undefined) return undefined;
    return new Uint8Array(await (await fetch(url)).arrayBuffer());
  };
  return { name, read };
}

/** A stored model, and its rows as one pass on the engine that is open. */
export async function loadLabels({ model, rows, labels, hours }: LabelsReference): Promise<{
  folder: LabelModelFolder;
  asked: AskedRows;
  pass: LabelRows;
}> {
  const folder = await openLabelFolder(storedFolder(model));
  const sequences = rows.map((row) => Int32Array.from(row));
  const asked = { sequences, hours: hours?.map((row) => Int32Array.from(row)) };
  const { task, scale } = folder;
  const longest = Math.max(...rows.map((row) => row.length));
  const pass = { T: 4 * Math.ceil(longest / 4), rows: [...rows.keys()] };
  const read = { ...toReadRows(asked, folder.pooling), labels };
  const weighed = toLabelRows(read, pass, 1 / rows.length, task, scale);
  return { folder, asked, pass: weighed };
}
