import type { JSX } from "react";
import type { SweepResult } from "../../core/job/sweep/sweep";
import { sweepKind, type SweepSpec } from "../../notebook/steps/sweep";
import { laterPart } from "./lazy-part";
import { stepView } from "./step-view";

function About(): JSX.Element {
  return (
    <p>
      One small model after another, alike in everything but one setting: which resolution, how many
      hidden check-ins, which tokeniser, how much data (paper 2, experiments 1 and 2), how large a
      model. The queue runs by itself and goes on after the page was closed.
    </p>
  );
}

/** Several models side by side. */
export const sweepView = stepView<SweepSpec, SweepResult>({
  kind: "sweep",
  toSpec: (authored) => sweepKind.toSpec(authored),
  name: () => "Sweep",
  title: () => "Train several and compare",
  About,
  Panel: laterPart(() => import("../train/SweepPanel"), 200),
  verb: ({ sweep }) => (sweep === "" ? "Run the sweep" : "Go on"),
  promise: "",
  heightPx: 200,
});
