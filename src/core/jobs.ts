import type { Capabilities } from "./gpu/engine";
import type { DatasetJob, DatasetResult } from "./job/dataset";
import type { InferenceJob, InferenceResult } from "./job/inference";
import type { MaskedJob, MaskedResult } from "./job/masked";
import type { ModelJob, ModelResult } from "./job/model";
import type { ScoreJob, ScoreResult } from "./job/score";
import type { StagesJob, StagesResult } from "./job/stages";
import { runCapabilities } from "./job/capabilities";
import { runDataset } from "./job/dataset";
import { runInference } from "./job/inference";
import { runMasked } from "./job/masked";
import { runModel } from "./job/model";
import { runScore } from "./job/score";
import type { Report, Session } from "./job/session";
import { runStages } from "./job/stages";

export type { Report, Session };

export interface CapabilitiesJob {
  kind: "capabilities";
}

/** Everything that the page and the command line can ask of the core; plain data that crosses to a worker. */
export type Job =
  CapabilitiesJob | DatasetJob | StagesJob | ModelJob | MaskedJob | ScoreJob | InferenceJob;

interface Results {
  capabilities: Capabilities;
  dataset: DatasetResult;
  stages: StagesResult;
  model: ModelResult;
  masked: MaskedResult;
  score: ScoreResult;
  inference: InferenceResult;
}

/** What a job of this type ends with. */
export type ResultOf<J extends Job> = Results[J["kind"]];

/**
 * Runs one job: yields reports, returns the result. The only door from the layers above into the core.
 * `session` keeps data sets and models between jobs; a job carries all that is needed to make them again.
 */
export function runJob<J extends Job>(
  job: J,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ResultOf<J>, void> {
  return start(job, session, signal) as AsyncGenerator<Report, ResultOf<J>, void>;
}

function start(
  job: Job,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, Results[Job["kind"]], void> {
  switch (job.kind) {
    case "capabilities":
      return runCapabilities(session);
    case "dataset":
      return runDataset(job, session, signal);
    case "stages":
      return runStages(job, session, signal);
    case "model":
      return runModel(job, session, signal);
    case "masked":
      return runMasked(job, session, signal);
    case "score":
      return runScore(job, session, signal);
    case "inference":
      return runInference(job, session, signal);
    default:
      throw job satisfies never;
  }
}
