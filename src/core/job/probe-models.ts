import { FootfallError } from "../errors";
import type { RunEstimate } from "../train/estimate";
import type { Passes } from "../train/passes";

/** One model on this device. */
export interface ProbedModel extends RunEstimate {
  readonly preset: string;
  /** Why it cannot be trained here and what can; undefined where it fits. */
  readonly obstacle: string | undefined;
  /** Measured for one that fits, by the number of operations for the others that do. */
  readonly secondsPerStep: number | undefined;
}

/** How one kind of model is counted, checked and timed. */
export interface ModelProbe<C> {
  readonly estimate: (config: C) => RunEstimate;
  /** Throws the sentence of what cannot fit. */
  readonly check: (config: C) => void;
  /** Seconds of one step. */
  readonly time: (config: C) => Promise<number>;
  /** Rows that there are for a pass at most. */
  readonly rows: number;
}

/** Rows are doubled until one pass takes this long. */
const ENOUGH_SECONDS = 0.4;

/** Seconds of one step, from passes of growing size; `run` runs a pass of so many rows as the step of that number. */
export async function timeGrowing(
  { batch, accumulation }: Passes,
  run: (count: number, step: number) => Promise<void>,
): Promise<number> {
  for (let count = 1, step = 1; ; count = Math.min(2 * count, batch), step++) {
    const from = performance.now();
    await run(count, step);
    const seconds = (performance.now() - from) / 1000;
    const isEnough = seconds > ENOUGH_SECONDS && step > 1; // the first one also compiles
    if (isEnough || (count === batch && step > 2)) return (seconds * batch * accumulation) / count;
  }
}

function obstacleOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof FootfallError) return error.message;
    throw error;
  }
}

/** The asked configuration, then the presets of other names: what each needs, and how long one operation takes here. */
export async function probeModels<C extends Passes & { readonly preset: string }>(
  config: C,
  presets: readonly C[],
  { estimate, check, time, rows }: ModelProbe<C>,
): Promise<{ models: ProbedModel[]; perOperation: number | undefined }> {
  const all = [config, ...presets.filter(({ preset }) => preset !== config.preset)];
  const looked = all.map((one) => ({
    one,
    needs: estimate(one),
    obstacle: obstacleOf(() => check(one)),
  }));
  const timed = looked.find(({ obstacle }) => obstacle === undefined)?.one;
  const fitting = timed && { ...timed, batch: Math.min(rows, timed.batch) };
  const perOperation = fitting && (await time(fitting)) / estimate(fitting).operationsPerStep;
  const models = looked.map(({ one: { preset }, needs, obstacle }) => ({
    preset,
    ...needs,
    obstacle,
    secondsPerStep:
      obstacle === undefined && perOperation !== undefined
        ? perOperation * needs.operationsPerStep
        : undefined,
  }));
  return { models, perOperation };
}
