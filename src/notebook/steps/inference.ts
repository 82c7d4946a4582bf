import { FootfallError } from "../../core/errors";
import type { InferenceJob, TargetSpec } from "../../core/job/inference";
import { stepKind } from "../step-kind";
import { toDataset } from "./data";
import { toModel } from "./model";

export interface InferenceSpec {
  target: TargetSpec;
  /** A part of the study area (fast) or the whole of it. */
  extent: "part" | "whole";
  /** Cells with a known truth that the probe is fitted on. */
  trainCells: number;
}

const FIELDS = ["population", "builtUp", "trees", "water"] as const;
const STATISTICS = ["mean", "sum"] as const;

function toTarget(value: unknown): TargetSpec | undefined {
  const { field, file, statistic = "mean" } = (value ?? {}) as Record<string, unknown>;
  const known = FIELDS.find((name) => name === field);
  if (known !== undefined) return { kind: "country", field: known };
  const rule = STATISTICS.find((name) => name === statistic);
  return typeof file === "string" && rule !== undefined
    ? { kind: "raster", file, statistic: rule }
    : undefined;
}

function toSpec(authored: Record<string, unknown>): InferenceSpec {
  const { target, extent = "part", trainCells = 2000 } = authored;
  const resolved = toTarget(target);
  const knownExtent = extent === "part" || extent === "whole";
  if (
    resolved === undefined ||
    !knownExtent ||
    !Number.isInteger(trainCells) ||
    Number(trainCells) < 50
  ) {
    throw new FootfallError(
      "bad-input",
      `inference step: expected a target ({"field": ${FIELDS.join("|")}} or {"file": a raster, "statistic": mean|sum}), ` +
        `an extent (part, whole) and at least 50 training cells, got ${JSON.stringify(authored)}`,
    );
  }
  return { target: resolved, extent, trainCells: Number(trainCells) };
}

export const inferenceKind = stepKind<InferenceSpec, InferenceJob>({
  kind: "inference",
  inputs: { data: "data", model: "model" },
  cost: "dear",
  toSpec,
  toJob: (spec, inputs, context) => ({
    kind: "inference",
    dataset: toDataset(inputs["data"], context),
    model: toModel(inputs["model"], context),
    ...spec,
    seed: context.seed,
  }),
});
