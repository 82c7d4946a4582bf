import { createPace, type Progress } from "../pace";
import { VERSIONS } from "../version";
import { fingerprint } from "../world/fingerprint";
import type { TruthOrigins } from "./adapt-truths";
import type { Dataset } from "./open-dataset";
import type { OpenModel } from "./open-model";

/** What made a table, as far as its settings do not say it (RS-04). */
export interface TableOrigin {
  readonly seed: number;
  /** The hash is of what was read, cells and check-ins, not of the files. */
  readonly data: { readonly name: string; readonly hash: string };
  /** The hash is of all weights. */
  readonly model: { readonly name: string; readonly hash: string };
  /** Brought truths of the task; absent in tables that an earlier version kept. */
  readonly truths?: TruthOrigins;
  /** Engine and, of WebGPU, maker and model of the graphics card. */
  readonly engine: string;
  readonly versions: Readonly<Record<keyof typeof VERSIONS, string>>;
}

/** Bytes that are hashed between two looks at the clock: a few ms. */
const BLOCK_BYTES = 2 ** 20;

async function* hashColumns(
  columns: readonly ArrayBufferView[],
  signal?: AbortSignal,
): AsyncGenerator<Progress, string, void> {
  const pace = createPace(signal);
  const hashes: string[] = [];
  for (const [done, { buffer, byteOffset, byteLength }] of columns.entries()) {
    for (let at = 0; at < byteLength; at += BLOCK_BYTES) {
      const length = Math.min(BLOCK_BYTES, byteLength - at);
      hashes.push(fingerprint([new Uint8Array(buffer, byteOffset + at, length)]));
      if (pace.due()) await pace.rest();
    }
    yield { phase: "hash what is read", done: done + 1, total: columns.length, unit: "columns" };
  }
  return fingerprint([new TextEncoder().encode(hashes.join(" "))]);
}

/** Hashes data and weights, so that a manifest can tell whether it is held against the same ones. Throws "stopped". */
export async function* findOrigin(
  { cells, trajectories: { checkIns, offsets }, name }: Dataset,
  { model, truths, seed }: { model: OpenModel; truths: TruthOrigins; seed: number },
  signal?: AbortSignal,
): AsyncGenerator<Progress, TableOrigin, void> {
  const columns = [cells.hi, cells.lo, offsets, checkIns.cell, checkIns.startMs];
  const data = yield* hashColumns(columns, signal);
  const tensors = [...model.folder.tensors].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const weights = tensors.map(([, { values }]) => values);
  const hash = yield* hashColumns(weights, signal);
  return {
    seed,
    data: { name, hash: data },
    model: { name: model.name, hash },
    truths,
    engine: model.engine,
    versions: VERSIONS,
  };
}
