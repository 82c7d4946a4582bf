import { openEngine, type Engine } from "../gpu/engine";
import { runJob, type Job, type Report, type ResultOf } from "../jobs";
import type { PretrainConfig } from "../train/config";
import { createMemoryRuns } from "./pretrain.testing";
import type { Session } from "./session";

/** A model that learns a street in milliseconds. */
export const WALKERS_MODEL: Partial<PretrainConfig> = {
  layers: 1,
  width: 16,
  heads: 2,
  innerWidth: 32,
  maxLength: 32,
  batch: 4,
  learningRate: 1e-2,
};

let engine: Promise<Engine> | undefined;

/** Closes what sessions had in common. */
export const closeSessions = async (): Promise<void> => (await engine)?.dispose();

/** A session on wasm with a store of its own. */
export function openSession(): Session & { memory: ReturnType<typeof createMemoryRuns> } {
  const memory = createMemoryRuns();
  return {
    readAsset: () => Promise.reject(new Error("nothing is shipped")),
    engine: () => (engine ??= openEngine({ backend: "wasm" })),
    kept: new Map(),
    runs: () => Promise.resolve(memory),
    memory,
  };
}

/** Runs a job; `look` sees every partial result and may stop it. */
export async function runLooking<Partial, J extends Job>(
  job: J,
  session: Session,
  look: (partial: Partial, stop: () => void) => void = () => undefined,
): Promise<ResultOf<J>> {
  const controller = new AbortController();
  const work = runJob(job, session, controller.signal);
  for (;;) {
    const next = await work.next();
    if (next.done) return next.value;
    const { partial } = next.value as Report & { partial?: Partial };
    if (partial !== undefined) look(partial, () => controller.abort());
  }
}
