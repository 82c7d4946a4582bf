import { dataView } from "./DataStep";
import { filesView } from "./FilesStep";
import { inferenceView } from "./InferenceStep";
import { maskedView } from "./MaskedStep";
import { modelView } from "./ModelStep";
import { rulesView } from "./RulesStep";
import { scoreView } from "./ScoreStep";
import type { StepView } from "./step-view";
import { tokensView } from "./TokensStep";

/** How each kind of step looks; the kinds themselves stand in notebook/kinds.ts. */
export const STEP_VIEWS: Readonly<Record<string, StepView>> = Object.fromEntries(
  [filesView, rulesView, dataView, tokensView, modelView, maskedView, scoreView, inferenceView].map(
    (view) => [view.kind, view],
  ),
);
