import { lazy, Suspense, type ComponentType, type JSX } from "react";
import type { SweepResult } from "../../core/job/sweep/sweep";
import { sweepKind, type SweepSpec } from "../../notebook/steps/sweep";
import { firstPicture } from "../first-picture";
import { stepView, type PanelProps } from "./step-view";

type Props = PanelProps<SweepSpec, SweepResult>;

const Loaded = lazy(async () => {
  await firstPicture;
  return import("../train/SweepPanel");
}) as ComponentType<Props>;

function About(): JSX.Element {
  return (
    <p>
      One small model after another, alike in everything but one setting: which resolution, how many
      hidden check-ins, which tokeniser, how much data (paper 2, experiments 1 and 2). The queue
      runs by itself and goes on after the page was closed.
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
  Panel: (props) => (
    <Suspense fallback={<div style={{ minHeight: 200 }} />}>
      <Loaded {...props} />
    </Suspense>
  ),
  verb: ({ sweep }) => (sweep === "" ? "Run the sweep" : "Go on"),
  promise: "",
  heightPx: 200,
});
