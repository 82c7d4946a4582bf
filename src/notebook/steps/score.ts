import { FootfallError } from "../../core/errors";
import type { ScoreJob } from "../../core/job/score";
import { stepKind } from "../step-kind";
import { toDataset } from "./data";
import { toModel } from "./model";

export interface ScoreSpec {
  /** Trajectories of the test part that are scored. */
  trajectories: number;
}

function toSpec(authored: Record<string, unknown>): ScoreSpec {
  const { trajectories = 100 } = authored;
  if (!Number.isInteger(trajectories) || Number(trajectories) < 1) {
    throw new FootfallError(
      "bad-input",
      `score step: expected a number of trajectories from 1, got ${JSON.stringify(trajectories)}`,
    );
  }
  return { trajectories: Number(trajectories) };
}

export const scoreKind = stepKind<ScoreSpec, ScoreJob>({
  kind: "score",
  inputs: { data: "data", model: "model" },
  cost: "dear",
  toSpec,
  toJob: (spec, inputs, context) => ({
    kind: "score",
    dataset: toDataset(inputs["data"], context),
    model: toModel(inputs["model"], context),
    ...spec,
    seed: context.seed,
  }),
});
