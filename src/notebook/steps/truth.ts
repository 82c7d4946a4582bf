import type { TargetSpec } from "../../core/job/open-truth";
import type { TruthJob } from "../../core/job/truth";
import type { TruthFileJob } from "../../core/job/truth-file";
import { toTruthChoice } from "../../core/truth/choice";
import type { TruthChoice } from "../../core/truth/layer-types";
import type { Asking } from "../asking";
import { stepKind, type StepContext } from "../step-kind";
import { toDataset } from "./data";
import { filesOf, type LayerSpec } from "./layer";

/** What is asked of a layer. */
export interface TruthSpec {
  /** What the layer is called. */
  name: string;
  /** Default: what a look at the layer suggests. */
  choice?: TruthChoice;
}

function toSpec({ name = "the layer", choice }: Record<string, unknown>): TruthSpec {
  const own = { name: String(name) };
  return choice === undefined ? own : { ...own, choice: toTruthChoice(choice) };
}

/** The truth of a layer step and what a truth step asks of it, as a job's target. */
export function toTarget(layer: unknown, truth: unknown, context: StepContext): TargetSpec {
  const spec = layer as LayerSpec;
  const { choice } = truth as TruthSpec;
  const { paths, hints } = spec;
  return { kind: "layer", paths, files: filesOf(spec, context), hints, ...(choice && { choice }) };
}

export const truthKind = stepKind<TruthSpec, TruthJob>({
  kind: "truth",
  inputs: { data: "data", layer: "layer" },
  cost: "dear",
  toSpec,
  toJob: (spec, inputs, context) => ({
    kind: "truth",
    dataset: toDataset(inputs["data"], context),
    target: toTarget(inputs["layer"], spec, context),
  }),
});

/** The step's truth as a file. */
export function toTruthFile(
  format: TruthFileJob["format"],
  k: number,
): (asking: Asking) => TruthFileJob {
  return ({ spec, inputs, context }) => ({
    kind: "truth-file",
    dataset: toDataset(inputs["data"], context),
    target: toTarget(inputs["layer"], spec, context),
    format,
    k,
  });
}
