import type { Job } from "../core/jobs";
import type { KnownRun } from "../core/job/adapt-known";
import type { NamedFile } from "../core/job/session";

/** What a step may ask of the page that it cannot keep in the document. */
export interface StepContext {
  seed: number;
  /** The files of an opened folder; throws "missing-file" when the folder is not open (any more). */
  filesOf(folder: string): NamedFile[];
  /** Runs of a task's tables that are finished, of earlier visits too; they are not run again. */
  knownRuns?(task: string): readonly KnownRun[];
}

/** A kind of step: how its spec is read and which job it runs. The view stands in view/steps. */
export interface StepKind<Spec = unknown, J extends Job = Job> {
  kind: string;
  /** Roles that other steps fill, each with the kind of step that fits. */
  inputs: Record<string, string>;
  /**
   * A cheap step follows its inputs at once; a dear one waits for Run and is marked stale meanwhile. A long
   * one waits for a Run of its own: neither a first run of all steps nor "Run all" starts it.
   */
  cost: "cheap" | "dear" | "long";
  /** Fills defaults and checks; throws "bad-input". */
  toSpec(authored: Record<string, unknown>): Spec;
  /** `inputs` holds the resolved spec of the step in each role. */
  toJob(spec: Spec, inputs: Record<string, unknown>, context: StepContext): J;
}

/** Keeps the types of a kind together while the registry sees only StepKind. */
export function stepKind<Spec, J extends Job>(kind: StepKind<Spec, J>): StepKind<Spec, J> {
  return kind;
}
