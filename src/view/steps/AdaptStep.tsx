import type { JSX } from "react";
import type { AdaptResult } from "../../core/job/adapt";
import { adaptKind, type AdaptSpec } from "../../notebook/steps/adapt";
import { laterPart } from "./lazy-part";
import { stepView } from "./step-view";

function About(): JSX.Element {
  return (
    <p>
      One task at a time the model is trained on labels, and so are a twin with random weights,
      three smaller networks and some rules that need no model (paper 1, Tables 2 to 12; paper 2).
      What the pre-trained weights do better, pre-training knew.
    </p>
  );
}

/** A table of paper 1, filled by one button. */
export const adaptView = stepView<AdaptSpec, AdaptResult>({
  kind: "adapt",
  toSpec: (authored) => adaptKind.toSpec(authored),
  name: () => "Tables",
  title: () => "What does pre-training know?",
  About,
  Panel: laterPart(() => import("../adapt/AdaptPanel"), 320),
  verb: () => "Fill the table",
  promise: "",
  heightPx: 320,
});
