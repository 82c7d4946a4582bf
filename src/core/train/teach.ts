import { FootfallError } from "../errors";
import type { HostTensors } from "../model/safetensors";
import { checkCheckpoint } from "./checkpoint";
import type { Course, Family } from "./course";
import { unflattenTensors } from "./layout";
import type { Objective } from "./objectives/objective";
import type { RunOptions, RunReport, RunResult } from "./reports";
import { Run } from "./run";
import type { StepConstants } from "./trainer";
import { Trainer, startState } from "./trainer";

/** Everything that one kind of model brings to a run. */
export interface Lesson<F extends Family> {
  readonly course: Course<F>;
  readonly layout: F["layout"];
  readonly objective: Objective<F["layout"], F["rows"]>;
  readonly constants: StepConstants;
  /** Where a run begins: parameters by their names, and the state. */
  readonly start: () => HostTensors;
  readonly fresh: F["state"];
}

function openTrainer<F extends Family>(lesson: Lesson<F>, { checkpoint }: RunOptions<F>) {
  const { layout, objective, constants, start, fresh } = lesson;
  if (checkpoint === undefined) {
    return new Trainer(layout, objective, constants, startState(layout, start()));
  }
  checkCheckpoint(checkpoint, layout, fresh);
  return new Trainer(layout, objective, constants, checkpoint.tensors);
}

/**
 * Trains a model of any kind on the open engine. Yields reports, and a checkpoint at least every
 * `checkpointSeconds` and when it is stopped; from a checkpoint the run goes on as if it had never stopped, to the
 * bit, on the same engine. Throws "bad-input", "not-finite", "stopped"; frees all it made.
 */
export async function* teach<F extends Family>(
  lesson: Lesson<F>,
  options: RunOptions<F>,
): AsyncGenerator<RunReport<F>, RunResult<F>, void> {
  const trainer = openTrainer(lesson, options);
  try {
    const state = options.checkpoint?.state ?? lesson.fresh;
    const run = new Run(options, lesson.course, state, trainer);
    try {
      yield* run.work();
    } catch (error) {
      // a step that was broken off has changed nothing: what was reached is kept
      if (error instanceof FootfallError && error.code === "stopped") yield await run.save();
      throw error;
    }
    const tensors = await trainer.read();
    return {
      checkpoint: { state: run.state, tensors },
      tensors: unflattenTensors(lesson.layout, tensors.parameters),
    };
  } finally {
    trainer.dispose();
  }
}
