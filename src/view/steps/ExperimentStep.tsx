import type { JSX } from "react";
import type { ExperimentResult } from "../../core/job/experiment/experiment";
import { experimentKind, type ExperimentSpec } from "../../notebook/steps/experiment";
import { laterPart } from "./lazy-part";
import { stepView } from "./step-view";

function About(): JSX.Element {
  return (
    <p>
      What the papers leave open, as experiments that can be run: each says what came out in a
      sentence made of its own numbers, with intervals over seeds, and which claim it speaks to.
      Nothing starts by itself, and what was stopped goes on where it stood.
    </p>
  );
}

/** The papers' open questions. */
export const experimentView = stepView<ExperimentSpec, ExperimentResult>({
  kind: "experiment",
  toSpec: (authored) => experimentKind.toSpec(authored),
  name: () => "Experiments",
  title: () => "What do the papers leave open?",
  About,
  Panel: laterPart(() => import("../experiments/ExperimentPanel"), 200),
  verb: () => "Run the experiment",
  promise: "",
  heightPx: 200,
});
