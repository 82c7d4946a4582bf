import { lazy, Suspense, type ComponentType, type JSX } from "react";
import type { TrainingResult } from "../../core/job/pretrain";
import { pretrainKind, type PretrainSpec } from "../../notebook/steps/pretrain";
import { firstPicture } from "../first-picture";
import { stepView, type PanelProps } from "./step-view";

type Props = PanelProps<PretrainSpec, TrainingResult>;

// The forms, the charts and the map of training are in nobody's first picture.
const Loaded = lazy(async () => {
  await firstPicture;
  return import("../train/TrainingPanel");
}) as ComponentType<Props>;

function About(): JSX.Element {
  return (
    <p>
      Hide places from a part of these people’s trajectories, let a model of your own guess them,
      and watch it learn. Nothing starts before you say so.
    </p>
  );
}

/** A model of the reader's own. */
export const pretrainView = stepView<PretrainSpec, TrainingResult>({
  kind: "pretrain",
  toSpec: (authored) => pretrainKind.toSpec(authored),
  name: () => "Pre-train",
  title: () => "Train a model of your own",
  About,
  Panel: (props) => (
    <Suspense fallback={<div style={{ minHeight: 240 }} />}>
      <Loaded {...props} />
    </Suspense>
  ),
  verb: ({ run }) => (run === "" ? "Train" : "Go on"),
  promise: "",
  heightPx: 240,
});
