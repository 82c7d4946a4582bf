import type { Capabilities } from "./gpu/engine";
import type {
  AdaptJob,
  AdaptMapJob,
  AdaptMapResult,
  AdaptModelJob,
  AdaptModelResult,
  AdaptResult,
} from "./job/adapt";
import type { DatasetJob, DatasetResult } from "./job/dataset";
import type { DestinationJob, DestinationResult } from "./job/destination";
import type { EmbeddingsJob, EmbeddingsResult } from "./job/embeddings";
import type {
  ExperimentJob,
  ExperimentPlan,
  ExperimentProbeJob,
  ExperimentResult,
} from "./job/experiment/experiment";
import type { ForecastJob, ForecastResult } from "./job/forecast";
import type { ImportJob } from "./job/import";
import type { InferenceJob, InferenceResult } from "./job/inference";
import type { InspectJob, InspectResult } from "./job/inspect";
import type { LookupJob, LookupResult } from "./job/lookup";
import type { MaskCheckJob, MaskCheckResult } from "./job/mask-check";
import type { MaskedJob, MaskedResult } from "./job/masked";
import type { ModelJob, ModelResult } from "./job/model";
import type { PapersJob, PapersResult } from "./job/papers";
import type { PretrainJob, TrainingResult } from "./job/pretrain";
import type { PretrainProbeJob, PretrainProbeResult } from "./job/pretrain-probe";
import type { RarityJob, RarityResult } from "./job/rarity";
import type { ResolutionsJob, ResolutionsResult } from "./job/resolutions";
import type { RulesJob, RulesResult } from "./job/rules";
import type { ScoreJob, ScoreResult } from "./job/score";
import type { SelfTestJob, SelfTestResult } from "./job/self-test";
import type { StagesJob, StagesResult } from "./job/stages";
import type { SweepJob, SweepResult } from "./job/sweep/sweep";
import type { SweepPlan, SweepProbeJob } from "./job/sweep/probe";
import type { TokenBenchJob, TokenBenchResult } from "./job/token-bench";
import type { TokenWindowsJob, TokenWindowsResult } from "./job/token-windows";
import type { TradeOffsJob, TradeOffsResult } from "./job/trade-offs";
import type { LayerJob, TruthJob, TruthResult } from "./job/truth";
import type { TrajectoryStudyJob, TrajectoryStudyResult } from "./job/trajectory-study";
import type { TruthFileJob, TruthFileResult } from "./job/truth-file";
import type { VocabularyJob, VocabularyResult } from "./job/vocabulary";
import type { WalkJob, WalkResult } from "./job/walk";
import type { LayerPreview } from "./truth/layer-types";
import { runCapabilities } from "./job/capabilities";
import { runDataset } from "./job/dataset";
import { runMasked } from "./job/masked";
import type { Report, Session } from "./job/session";
import { runStages } from "./job/stages";

export type { Report, Session };

export interface CapabilitiesJob {
  kind: "capabilities";
}

/** Everything that the page and the command line can ask of the core; plain data that crosses to a worker. */
export type Job =
  | CapabilitiesJob
  | SelfTestJob
  | InspectJob
  | RulesJob
  | ImportJob
  | DatasetJob
  | StagesJob
  | TokenBenchJob
  | TokenWindowsJob
  | ResolutionsJob
  | TradeOffsJob
  | RarityJob
  | LookupJob
  | VocabularyJob
  | MaskCheckJob
  | PretrainProbeJob
  | PretrainJob
  | SweepProbeJob
  | SweepJob
  | ExperimentProbeJob
  | ExperimentJob
  | ModelJob
  | MaskedJob
  | ScoreJob
  | InferenceJob
  | AdaptJob
  | AdaptMapJob
  | AdaptModelJob
  | TrajectoryStudyJob
  | WalkJob
  | DestinationJob
  | ForecastJob
  | PapersJob
  | LayerJob
  | TruthJob
  | TruthFileJob
  | EmbeddingsJob;

interface Results {
  capabilities: Capabilities;
  "self-test": SelfTestResult;
  inspect: InspectResult;
  rules: RulesResult;
  import: DatasetResult;
  dataset: DatasetResult;
  stages: StagesResult;
  "token-bench": TokenBenchResult;
  "token-windows": TokenWindowsResult;
  resolutions: ResolutionsResult;
  "trade-offs": TradeOffsResult;
  rarity: RarityResult;
  lookup: LookupResult;
  vocabulary: VocabularyResult;
  "mask-check": MaskCheckResult;
  "pretrain-probe": PretrainProbeResult;
  pretrain: TrainingResult;
  "sweep-probe": SweepPlan;
  sweep: SweepResult;
  "experiment-probe": ExperimentPlan;
  experiment: ExperimentResult;
  model: ModelResult;
  masked: MaskedResult;
  score: ScoreResult;
  inference: InferenceResult;
  adapt: AdaptResult;
  "adapt-map": AdaptMapResult;
  "adapt-model": AdaptModelResult;
  "trajectory-study": TrajectoryStudyResult;
  walk: WalkResult;
  destination: DestinationResult;
  forecast: ForecastResult;
  papers: PapersResult;
  layer: LayerPreview;
  truth: TruthResult;
  "truth-file": TruthFileResult;
  embeddings: EmbeddingsResult;
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

/** A job whose code comes with the first one of its kind: what no first picture needs is not in the first load. */
async function* later<R>(
  begin: () => Promise<AsyncGenerator<Report, R, void>>,
): AsyncGenerator<Report, R, void> {
  return yield* await begin();
}

function start(
  job: Job,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, Results[Job["kind"]], void> {
  switch (job.kind) {
    case "capabilities":
      return runCapabilities(session);
    case "self-test":
      return later(async () =>
        (await import("./job/self-test")).runSelfTestJob(job, session, signal),
      );
    case "inspect":
      return later(async () => (await import("./job/inspect")).runInspect(job));
    case "rules":
      return later(async () => (await import("./job/rules")).runRules(job, session, signal));
    case "import":
      return later(async () => (await import("./job/import")).runImport(job, session, signal));
    case "dataset":
      return runDataset(job, session, signal);
    case "stages":
      return runStages(job, session, signal);
    case "token-bench":
      return later(async () =>
        (await import("./job/token-bench")).runTokenBench(job, session, signal),
      );
    case "token-windows":
      return later(async () =>
        (await import("./job/token-windows")).runTokenWindows(job, session, signal),
      );
    case "trade-offs":
      return later(async () =>
        (await import("./job/trade-offs")).runTradeOffs(job, session, signal),
      );
    case "resolutions":
      return later(async () =>
        (await import("./job/resolutions")).runResolutions(job, session, signal),
      );
    case "rarity":
      return later(async () => (await import("./job/rarity")).runRarity(job, session, signal));
    case "lookup":
      return later(async () => (await import("./job/lookup")).runLookup(job, session, signal));
    case "vocabulary":
      return later(async () =>
        (await import("./job/vocabulary")).runVocabulary(job, session, signal),
      );
    case "mask-check":
      return later(async () =>
        (await import("./job/mask-check")).runMaskCheck(job, session, signal),
      );
    case "pretrain-probe":
      return later(async () =>
        (await import("./job/pretrain-probe")).runPretrainProbe(job, session, signal),
      );
    case "pretrain":
      return later(async () => (await import("./job/pretrain")).runPretrain(job, session, signal));
    case "sweep-probe":
      return later(async () => (await import("./job/sweep/probe")).planSweep(job, session, signal));
    case "sweep":
      return later(async () => (await import("./job/sweep/sweep")).runSweep(job, session, signal));
    case "experiment-probe":
      return later(async () =>
        (await import("./job/experiment/experiment")).planExperiment(job, session, signal),
      );
    case "experiment":
      return later(async () =>
        (await import("./job/experiment/experiment")).runExperiment(job, session, signal),
      );
    case "model":
      return later(async () => (await import("./job/model")).runModel(job, session, signal));
    case "masked":
      return runMasked(job, session, signal);
    case "score":
      return later(async () => (await import("./job/score")).runScore(job, session, signal));
    case "inference":
      return later(async () =>
        (await import("./job/inference")).runInference(job, session, signal),
      );
    case "adapt":
      return later(async () => (await import("./job/adapt")).runAdapt(job, session, signal));
    case "adapt-map":
      return later(async () => (await import("./job/adapt-map")).runAdaptMap(job, session, signal));
    case "adapt-model":
      return later(async () =>
        (await import("./job/adapt-model")).runAdaptModel(job, session, signal),
      );
    case "trajectory-study":
      return later(async () =>
        (await import("./job/trajectory-study")).runTrajectoryStudy(job, session, signal),
      );
    case "walk":
      return later(async () => (await import("./job/walk")).runWalk(job, session, signal));
    case "destination":
      return later(async () =>
        (await import("./job/destination")).runDestination(job, session, signal),
      );
    case "forecast":
      return later(async () => (await import("./job/forecast")).runForecast(job, session, signal));
    case "papers":
      return later(async () => (await import("./job/papers")).runPapers(job, session));
    case "layer":
      return later(async () => (await import("./job/truth")).runLayer(job, session, signal));
    case "truth":
      return later(async () => (await import("./job/truth")).runTruth(job, session, signal));
    case "truth-file":
      return later(async () =>
        (await import("./job/truth-file")).runTruthFile(job, session, signal),
      );
    case "embeddings":
      return later(async () =>
        (await import("./job/embeddings")).runEmbeddings(job, session, signal),
      );
    default:
      throw job satisfies never;
  }
}
