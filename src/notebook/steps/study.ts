import { FootfallError } from "../../core/errors";
import type { TrajectoryQuestion, TrajectoryStudyJob } from "../../core/job/trajectory-study";
import { stepKind } from "../step-kind";
import { toDataset } from "./data";
import { toModel } from "./model";

/** A question about trajectories that has no table. */
export type StudySpec = TrajectoryQuestion;

const DEFAULTS: { readonly [A in StudySpec["ask"]]: Extract<StudySpec, { ask: A }> } = {
  impute: { ask: "impute", missing: 2, rings: 8, beam: 4, trajectories: 20 },
  surprise: { ask: "surprise", trajectories: 30, each: 12 },
  similar: { ask: "similar", query: 0, count: 8 },
  link: { ask: "link", people: 100 },
};

/** Largest values: more take minutes and say no more. */
const MOST: Readonly<Record<string, number>> = { missing: 8, beam: 16, rings: 100, each: 200 };

function toSpec(authored: Record<string, unknown>): StudySpec {
  const { ask = "impute" } = authored;
  const defaults = DEFAULTS[ask as StudySpec["ask"]];
  const merged: Record<string, unknown> = { ...defaults, ...authored };
  const isRight = ([name, value]: [string, unknown]): boolean =>
    name === "ask" ||
    (Number.isInteger(value) &&
      Number(value) >= (name === "query" ? 0 : 1) &&
      Number(value) <= (MOST[name] ?? 1e6));
  if (defaults !== undefined && Object.entries(merged).every(isRight)) return merged as StudySpec;
  throw new FootfallError(
    "bad-input",
    `study step: expected what it asks (${Object.keys(DEFAULTS).join(", ")}) and whole numbers, got ${JSON.stringify(authored)}`,
  );
}

export const studyKind = stepKind<StudySpec, TrajectoryStudyJob>({
  kind: "study",
  inputs: { data: "data", model: "model" },
  cost: "long",
  toSpec,
  toJob: (question, inputs, context) => ({
    kind: "trajectory-study",
    dataset: toDataset(inputs["data"], context),
    model: toModel(inputs["model"], context),
    question,
    seed: context.seed,
  }),
});
