import type { JSX } from "react";
import type { TruthResult } from "../../core/job/truth";
import { truthKind, type TruthSpec } from "../../notebook/steps/truth";
import { lazyPart } from "./lazy-part";
import { stepView } from "./step-view";

function About(): JSX.Element {
  return (
    <p>
      The layer laid on the cells of the data: one value a cell, the truth that a model can be asked
      for. Change what is asked of it, then measure again.
    </p>
  );
}

/** What a layer says of each cell. */
export const truthView = stepView<TruthSpec, TruthResult>({
  kind: "truth",
  toSpec: (authored) => truthKind.toSpec(authored),
  name: ({ name }) => `${name} per cell`,
  title: ({ spec }) => `What does ${spec.name} say of each cell?`,
  verb: () => "Measure",
  About,
  Controls: lazyPart(() => import("../truth/TruthControls")),
  Figure: lazyPart(() => import("../truth/TruthFigure")),
  promise: "Here the map of the truth will stand.",
  heightPx: 420,
});
