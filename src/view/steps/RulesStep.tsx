import type { JSX } from "react";
import type { RulesResult } from "../../core/job/rules";
import { rulesKind, type RulesSpec } from "../../notebook/steps/rules";
import { lazyPart } from "./lazy-part";
import { stepView } from "./step-view";

function About(): JSX.Element {
  return (
    <p>
      Points become check-ins, check-ins one person’s trajectories (paper 1, A.1.1). Change a rule
      and see what it leaves. No map matching is needed: the models know cells, not roads.
    </p>
  );
}

/** Rules before the import, with what they leave. */
export const rulesView = stepView<RulesSpec, RulesResult>({
  kind: "rules",
  toSpec: (authored) => rulesKind.toSpec(authored),
  name: () => "Rules",
  title: () => "What do the rules leave?",
  About,
  Controls: lazyPart(() => import("../import/RuleControls")),
  Figure: lazyPart(() => import("../import/RulesFigure")),
  promise: "Here the counts before and after each rule will stand.",
  heightPx: 420,
});
