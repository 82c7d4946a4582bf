import { openEngine, type EngineKind, type WasmFile } from "../core/gpu/engine";
import { FootfallError } from "../core/errors";
import { keepEngine, tellFaults } from "../core/job/session-engine";
import { runJob, type Job, type Session } from "../core/jobs";
import plainWasm from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simdWasm from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import sqlWasm from "sql.js/dist/sql-wasm.wasm?url";
import { serveJobs, type RunJob } from "./channel";
import { openDataStore } from "./data-store";
import { openRange } from "./range";
import { watchStrangers } from "./strangers";
import { browserThreading } from "./threading";

/** What the page says to its worker at birth, as JSON in the worker's name. */
export interface WorkerOptions {
  /** Forced engine (`?backend=`). */
  backend?: EngineKind;
  /** Threads of the wasm engine (`?threads=`). */
  threads?: number;
  /** Address of the page's folder: shipped files lie below it. */
  base: string;
}

declare const self: DedicatedWorkerGlobalScope;
const options = JSON.parse(self.name) as WorkerOptions;

const wasmPaths: Record<WasmFile, string> = {
  "tfjs-backend-wasm.wasm": new URL(plainWasm, self.location.href).href,
  "tfjs-backend-wasm-simd.wasm": new URL(simdWasm, self.location.href).href,
};

const threading = browserThreading(wasmPaths["tfjs-backend-wasm-simd.wasm"]);

async function readAsset(path: string): Promise<Uint8Array> {
  const response = await fetch(new URL(path, options.base));
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw new FootfallError("missing-file", `${path}: the server answered ${response.status}`);
}

const kept = new Map<string, unknown>();
const { engine, ...faults } = keepEngine(
  () => openEngine({ backend: options.backend, threads: options.threads, wasmPaths, threading }),
  kept,
);

const session: Session = {
  readAsset,
  engine,
  kept,
  store: openDataStore(),
  runs: async () => (await import("./run-store")).openRunStore(),
  openRange: (address) => openRange(address, options.base),
  readSqlWasm: async () => {
    const response = await fetch(new URL(sqlWasm, self.location.href));
    return new Uint8Array(await response.arrayBuffer());
  },
};

watchStrangers((stranger) => self.postMessage({ stranger }));
serveJobs(self, ((job: Job, signal: AbortSignal) =>
  tellFaults(runJob(job, session, signal), faults)) as RunJob);
