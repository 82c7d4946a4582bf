import { openEngine, type Engine, type EngineKind, type WasmFile } from "../core/gpu/engine";
import { FootfallError } from "../core/errors";
import { runJob, type Job, type Session } from "../core/jobs";
import plainWasm from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simdWasm from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threadedWasm from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { serveJobs, type RunJob } from "./channel";
import { openDataStore } from "./data-store";

/** What the page says to its worker at birth, as JSON in the worker's name. */
export interface WorkerOptions {
  /** Forced engine (`?backend=`). */
  backend?: EngineKind;
  /** Address of the page's folder: shipped files lie below it. */
  base: string;
}

declare const self: DedicatedWorkerGlobalScope;
const options = JSON.parse(self.name) as WorkerOptions;

const wasmPaths: Record<WasmFile, string> = {
  "tfjs-backend-wasm.wasm": new URL(plainWasm, self.location.href).href,
  "tfjs-backend-wasm-simd.wasm": new URL(simdWasm, self.location.href).href,
  "tfjs-backend-wasm-threaded-simd.wasm": new URL(threadedWasm, self.location.href).href,
};

async function readAsset(path: string): Promise<Uint8Array> {
  const response = await fetch(new URL(path, options.base));
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw new FootfallError("missing-file", `${path}: the server answered ${response.status}`);
}

const kept = new Map<string, unknown>();
let engine: Promise<Engine> | undefined;

/** A lost GPU takes all tensors along: the next job opens an engine anew and makes its models again. */
async function openOnce(): Promise<Engine> {
  const opened = await openEngine({ backend: options.backend, wasmPaths });
  opened.onLost(() => {
    engine = undefined;
    kept.clear();
  });
  return opened;
}

const session: Session = {
  readAsset,
  engine: () => (engine ??= openOnce()),
  kept,
  store: openDataStore(),
};

serveJobs(self, ((job: Job, signal: AbortSignal) => runJob(job, session, signal)) as RunJob);
