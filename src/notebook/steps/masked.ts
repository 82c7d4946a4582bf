import { FootfallError } from "../../core/errors";
import type { MaskedJob } from "../../core/job/masked";
import { stepKind } from "../step-kind";
import { toDataset } from "./data";
import { toModel } from "./model";

export interface MaskedSpec {
  /** Which trajectory of the test part. */
  trajectory: number;
  /** Which check-ins are hidden from the model; empty: one that the job chooses. */
  masked: number[];
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;

function toSpec(authored: Record<string, unknown>): MaskedSpec {
  const { trajectory = 0, masked = [] } = authored;
  if (!isCount(trajectory) || !Array.isArray(masked) || !masked.every(isCount)) {
    throw new FootfallError(
      "bad-input",
      `masked step: expected a trajectory from 0 and a list of check-ins, got ${JSON.stringify(authored)}`,
    );
  }
  return { trajectory, masked };
}

export const maskedKind = stepKind<MaskedSpec, MaskedJob>({
  kind: "masked",
  inputs: { data: "data", model: "model" },
  cost: "cheap",
  toSpec,
  toJob: (spec, inputs, context) => ({
    kind: "masked",
    dataset: toDataset(inputs["data"], context),
    model: toModel(inputs["model"], context),
    ...spec,
    top: 10,
    seed: context.seed,
  }),
});
