import type { StepKind } from "./step-kind";
import { adaptKind } from "./steps/adapt";
import { dataKind } from "./steps/data";
import { destinationKind } from "./steps/destination";
import { embeddingsKind } from "./steps/embeddings";
import { experimentKind } from "./steps/experiment";
import { filesKind } from "./steps/files";
import { forecastKind } from "./steps/forecast";
import { inferenceKind } from "./steps/inference";
import { layerKind } from "./steps/layer";
import { maskedKind } from "./steps/masked";
import { modelKind } from "./steps/model";
import { papersKind } from "./steps/papers";
import { pretrainKind } from "./steps/pretrain";
import { rulesKind } from "./steps/rules";
import { scoreKind } from "./steps/score";
import { studyKind } from "./steps/study";
import { sweepKind } from "./steps/sweep";
import { tokensKind } from "./steps/tokens";
import { truthKind } from "./steps/truth";

/** Every kind of step; a new one is a file in steps/, a view in view/steps/ and a line here. */
export const STEP_KINDS: Readonly<Record<string, StepKind>> = Object.fromEntries(
  [
    filesKind,
    rulesKind,
    dataKind,
    tokensKind,
    modelKind,
    maskedKind,
    scoreKind,
    inferenceKind,
    pretrainKind,
    sweepKind,
    experimentKind,
    adaptKind,
    destinationKind,
    forecastKind,
    studyKind,
    layerKind,
    truthKind,
    embeddingsKind,
    papersKind,
  ].map((kind) => [kind.kind, kind as unknown as StepKind]),
);
