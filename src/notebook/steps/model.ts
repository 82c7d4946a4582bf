import { FootfallError } from "../../core/errors";
import type { ModelJob, ModelSpec } from "../../core/job/model";
import { stepKind, type StepContext } from "../step-kind";
import { toDataset } from "./data";

/** Which weights: a shipped folder below public/, a folder that the user opened, or a run that this browser keeps. */
export type ModelStepSpec =
  | { source: "shipped"; path: string }
  | { source: "folder"; folder: string }
  | { source: "trained"; run: string };

function toSpec(authored: Record<string, unknown>): ModelStepSpec {
  const { source = "shipped", path = "models/japan", folder, run } = authored;
  if (source === "shipped" && typeof path === "string") return { source, path };
  if (source === "folder" && typeof folder === "string") return { source, folder };
  if (source === "trained" && typeof run === "string") return { source, run };
  throw new FootfallError(
    "bad-input",
    `model step: expected source "shipped" with a path, "folder" with its name or "trained" with a run, got ${JSON.stringify(authored)}`,
  );
}

/** The model of a job, from the spec of the model step. */
export function toModel(spec: unknown, context: StepContext): ModelSpec {
  const model = spec as ModelStepSpec;
  return model.source !== "folder"
    ? model
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
