import type { Engine } from "../../core/gpu/engine";
import { checkOf } from "../../core/job/training";
import { isOutOfMemory } from "../../core/memory-errors";
import type { Family } from "../../core/train/course";
import { explainMemory, inPasses, type Passes } from "../../core/train/passes";
import type { RunOptions, RunReport, RunResult } from "../../core/train/reports";
import type { CommandInput } from "../command";

/** The options as a run goes on with them: in the passes of its configuration, looking at what the engine refuses. */
export function onEngine<F extends Family, O extends RunOptions<F> & { config: Passes }>(
  options: O,
  engine: Engine,
): O {
  const { config, checkpoint } = options;
  return { ...options, checkpoint: inPasses(checkpoint, config), checkEngine: checkOf(engine) };
}

/** The same work; sleep is noted, and memory that runs out is told with what would fit. */
export async function* watched<F extends Family>(
  work: AsyncGenerator<RunReport<F>, RunResult<F>, void>,
  config: Passes,
  { note }: Pick<CommandInput, "note">,
): AsyncGenerator<RunReport<F>, RunResult<F>, void> {
  let step = 0;
  let savedStep: number | undefined;
  try {
    for (;;) {
      const { done, value } = await work.next();
      if (done) return value;
      if (value.kind === "step" || value.kind === "validation") step = value.row.step;
      if (value.kind === "slept") {
        const minutes = (value.seconds / 60).toFixed(1);
        note(`slept for ${minutes} minutes after step ${step}; that time does not count`);
      }
      yield value;
      if (value.kind === "checkpoint") savedStep = value.checkpoint.state.step;
    }
  } catch (thrown) {
    throw isOutOfMemory(thrown) ? explainMemory(thrown, { config, step, savedStep }) : thrown;
  }
}
