import type { JSX } from "react";
import type { TrainingResult } from "../../core/job/pretrain";
import { pretrainKind, type PretrainSpec } from "../../notebook/steps/pretrain";
import { laterPart } from "./lazy-part";
import { stepView } from "./step-view";

function About(): JSX.Element {
  return (
    <p>
      Let a model of your own learn from a part of these people’s trajectories, and watch it: a BERT
      guesses places that are hidden from it, a GPT the point that comes next. Nothing starts before
      you say so.
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
  Panel: laterPart(() => import("../train/TrainingPanel"), 240),
  verb: ({ run }) => (run === "" ? "Train" : "Go on"),
  promise: "",
  heightPx: 240,
});
