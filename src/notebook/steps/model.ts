import { FootfallError } from "../../core/errors";
import type { ModelJob, ModelSpec } from "../../core/job/model";
import { stepKind, type StepContext } from "../step-kind";
import { toDataset } from "./data";

/** Which weights: a shipped folder below public/, or a folder that the user opened. */
export type ModelStepSpec =
  { source: "shipped"; path: string } | { source: "folder"; folder: string };

function toSpec(authored: Record<string, unknown>): ModelStepSpec {
  const { source = "shipped", path = "models/japan", folder } = authored;
  if (source === "shipped" && typeof path === "string") return { source, path };
  if (source === "folder" && typeof folder === "string") return { source, folder };
  throw new FootfallError(
    "bad-input",
    `model step: expected source "shipped" with a path or "folder" with its name, got ${JSON.stringify(authored)}`,
  );
}

/** The model of a job, from the spec of the model step. */
export function toModel(spec: unknown, context: StepContext): ModelSpec {
  const model = spec as ModelStepSpec;
  return model.source === "shipped"
    ? { source: "shipped", path: model.path }
    : { source: "folder", name: model.folder, files: context.filesOf(model.folder) };
}

export const modelKind = stepKind<ModelStepSpec, ModelJob>({
  kind: "model",
  inputs: { data: "data" },
  cost: "dear",
  toSpec,
  toJob: (spec, inputs, context) => ({
    kind: "model",
    dataset: toDataset(inputs["data"], context),
    model: toModel(spec, context),
    seed: context.seed,
  }),
});
