import { dataView } from "./DataStep";
import { inferenceView } from "./InferenceStep";
import { maskedView } from "./MaskedStep";
import { modelView } from "./ModelStep";
import { scoreView } from "./ScoreStep";
import type { StepView } from "./step-view";
import { tokensView } from "./TokensStep";

/** How each kind of step looks; the kinds themselves stand in notebook/kinds.ts. */
export const STEP_VIEWS: Readonly<Record<string, StepView>> = Object.fromEntries(
  [dataView, tokensView, modelView, maskedView, scoreView, inferenceView].map((view) => [
    view.kind,
    view,
  ]),
);
