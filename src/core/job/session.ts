import type { Engine } from "../gpu/engine";
import type { RangeReader } from "../truth/range";
import type { DataStore } from "./data-store";
import type { RunStore } from "./run-store";

/** Where long work stands. `partial` carries what can be shown already. */
export interface Report {
  /** What is being done, in words for the page: "simulate residents". */
  phase: string;
  done: number;
  total: number;
  /** What `done` counts: "residents". */
  unit: string;
  /** Something else that is counted on the way and whose rate says more, such as rows beside bytes. */
  also?: { done: number; unit: string };
  partial?: unknown;
}

/** A file of a folder that the user opened; `path` is relative to that folder. */
export interface NamedFile {
  path: string;
  blob: Blob;
}

/** What made a result: one click away from every number. */
export interface Made {
  /** Undefined where nothing was left to chance. */
  seed: number | undefined;
  data: string;
  model?: string;
  engine?: string;
  seconds: number;
}

/** The provenance of a result whose job began at `startedAt` (performance.now()). */
export function toMade(
  startedAt: number,
  made: { seed: number | undefined; data: string; model?: { name: string; engine: string } },
): Made {
  const { seed, data, model } = made;
  const seconds = (performance.now() - startedAt) / 1000;
  return { seed, data, ...(model && { model: model.name, engine: model.engine }), seconds };
}

/** What outlives one job: the engine, a reader of shipped files, and the last data sets and models. */
export interface Session {
  /** A shipped file by its path below public/. */
  readAsset(path: string): Promise<Uint8Array>;
  /** Opens the engine at the first call. */
  engine(): Promise<Engine>;
  readonly kept: Map<string, unknown>;
  /** Where imported data sets are kept; without one nothing can be imported. */
  readonly store?: DataStore;
  /** Where training runs are kept; without one nothing can be trained. */
  runs?(): Promise<RunStore>;
  /** Opens an address of the page's own server for reading by ranges; throws "bad-input" for any other. */
  openRange?(address: string): Promise<RangeReader>;
  /** The bytes of sql.js's sql-wasm.wasm, which reads GeoPackages. */
  readSqlWasm?(): Promise<Uint8Array>;
}

/** As many made things (data sets, models, embeddings) are kept; the oldest goes first. */
const KEPT_COUNT = 12;

/**
 * The thing kept under `key`, or the one that `make` makes, which is then kept. A thing with `dispose` is
 * disposed when it is dropped.
 */
export async function* keep<T>(
  session: Session,
  key: string,
  make: () => AsyncGenerator<Report, T, void>,
): AsyncGenerator<Report, T, void> {
  const { kept } = session;
  const known = kept.get(key) as T | undefined;
  const made = known ?? (yield* make());
  kept.delete(key);
  kept.set(key, made); // the youngest stands last
  for (const [oldKey, old] of kept) {
    if (kept.size <= KEPT_COUNT) break;
    kept.delete(oldKey);
    (old as { dispose?: () => void }).dispose?.();
  }
  return made;
}

/** Disposes and forgets everything that was made from the data set of this key. */
export function forget(session: Session, part: string): void {
  for (const [key, made] of session.kept) {
    if (!key.includes(part)) continue;
    session.kept.delete(key);
    (made as { dispose?: () => void }).dispose?.();
  }
}
