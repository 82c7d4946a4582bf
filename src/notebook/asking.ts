import type { Job, Report, ResultOf } from "../core/jobs";
import type { StepContext } from "./step-kind";

/** What a step may make a further question of, beside its own job: its spec and what stands around it. */
export interface Asking {
  spec: unknown;
  /** The resolved spec of the step in each role. */
  inputs: Record<string, unknown>;
  context: StepContext;
  /** The resolved spec of the notebook's first step of a kind; undefined where there is none. */
  specOf(kind: string): unknown;
}

/** Runs a further question of a step beside its own job; leaving the loop stops it. */
export type Ask = <J extends Job>(
  make: (asking: Asking) => J,
  signal: AbortSignal,
) => AsyncGenerator<Report, ResultOf<J>, void>;

/** What can be asked, and what it is answered with; views know them by these names. */
export type Question = Job;
export type AnswerTo<Q extends Question> = ResultOf<Q>;
