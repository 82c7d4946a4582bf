import { FootfallError } from "../../core/errors";
import type { DestinationJob } from "../../core/job/destination";
import { stepKind } from "../step-kind";
import { toDataset } from "./data";
import { toModel } from "./model";

export interface DestinationSpec {
  /** Number among the test trajectories. */
  trajectory: number;
  /** Share of the check-ins that is shown. */
  shown: number;
}

function toSpec({ trajectory = 0, shown = 0.25 }: Record<string, unknown>): DestinationSpec {
  const isRight =
    Number.isInteger(trajectory) &&
    Number(trajectory) >= 0 &&
    Number(shown) >= 0.1 &&
    Number(shown) <= 0.9;
  if (isRight) return { trajectory: Number(trajectory), shown: Number(shown) };
  throw new FootfallError(
    "bad-input",
    `destination step: expected a trajectory from 0 and a share shown from 0.1 to 0.9, got ${JSON.stringify({ trajectory, shown })}`,
  );
}

export const destinationKind = stepKind<DestinationSpec, DestinationJob>({
  kind: "destination",
  inputs: { data: "data", model: "model" },
  cost: "cheap",
  toSpec,
  toJob: (spec, inputs, context) => ({
    kind: "destination",
    dataset: toDataset(inputs["data"], context),
    model: toModel(inputs["model"], context),
    ...spec,
    seed: context.seed,
  }),
});
