import { adaptView } from "./AdaptStep";
import { dataView } from "./DataStep";
import { destinationView } from "./DestinationStep";
import { embeddingsView } from "./EmbeddingsStep";
import { experimentView } from "./ExperimentStep";
import { filesView } from "./FilesStep";
import { forecastView } from "./ForecastStep";
import { inferenceView } from "./InferenceStep";
import { layerView } from "./LayerStep";
import { maskedView } from "./MaskedStep";
import { modelView } from "./ModelStep";
import { papersView } from "./PapersStep";
import { pretrainView } from "./PretrainStep";
import { rulesView } from "./RulesStep";
import { scoreView } from "./ScoreStep";
import type { StepView } from "./step-view";
import { studyView } from "./StudyStep";
import { sweepView } from "./SweepStep";
import { tokensView } from "./TokensStep";
import { truthView } from "./TruthStep";

/** How each kind of step looks; the kinds themselves stand in notebook/kinds.ts. */
export const STEP_VIEWS: Readonly<Record<string, StepView>> = Object.fromEntries(
  [
    filesView,
    rulesView,
    dataView,
    tokensView,
    modelView,
    maskedView,
    scoreView,
    inferenceView,
    pretrainView,
    sweepView,
    experimentView,
    adaptView,
    destinationView,
    forecastView,
    studyView,
    layerView,
    truthView,
    embeddingsView,
    papersView,
  ].map((view) => [view.kind, view]),
);
