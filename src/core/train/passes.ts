import { FootfallError, toFootfallError } from "../errors";
import type { AnyState, Checkpoint } from "./checkpoint";

/** How the rows of a step are shared by its passes. */
export interface Passes {
  readonly batch: number;
  readonly accumulation: number;
}

/**
 * The same steps in passes of another size: they learn the same, but for rounding, in other memory. Throws
 * "bad-input" where such passes do not fill a step.
 */
export function withBatch<C extends Passes>(config: C, batch: number): C {
  const rows = config.batch * config.accumulation;
  if (rows % batch === 0) return { ...config, batch, accumulation: rows / batch };
  throw new FootfallError(
    "bad-input",
    `a step of ${rows} trajectories cannot be taken in passes of ${batch}; expected a divisor of ${rows}`,
  );
}

/** Trajectories of passes that take at most half the memory; undefined where a pass has only one. */
export function halfBatch({ batch, accumulation }: Passes): number | undefined {
  const rows = batch * accumulation;
  for (let half = Math.floor(batch / 2); half >= 1; half--) if (rows % half === 0) return half;
  return undefined;
}

/** A checkpoint as a run goes on from it whose steps are the same, but in other passes; else as it was. */
export function inPasses<S extends AnyState>(
  checkpoint: Checkpoint<S> | undefined,
  { batch, accumulation }: Passes,
): Checkpoint<S> | undefined {
  if (checkpoint === undefined) return undefined;
  const { state, tensors } = checkpoint;
  const config = state.config as Passes; // of any model
  if (config.batch * config.accumulation !== batch * accumulation) return checkpoint;
  return { state: { ...state, config: { ...config, batch, accumulation } }, tensors };
}

/** Where memory ran out. */
interface Reached {
  readonly config: Passes;
  readonly step: number;
  /** Of the last checkpoint; undefined before the first. */
  readonly savedStep?: number | undefined;
}

/** What to do where memory ran out in the middle of a run, in one sentence. */
export function explainMemory(cause: unknown, { config, step, savedStep }: Reached): FootfallError {
  const half = halfBatch(config);
  const kept = savedStep === undefined ? "nothing is kept yet" : `step ${savedStep} is kept`;
  const fits =
    half === undefined
      ? "choose a smaller model or shorter sequences"
      : `${half} in ${(config.batch * config.accumulation) / half} passes a step learn the same with less`;
  return new FootfallError(
    "out-of-memory",
    `memory ran out after step ${step}, with ${config.batch} trajectories a pass (${toFootfallError(cause, "out-of-memory").message}); ${kept}; ${fits}`,
    { cause },
  );
}
