import { FootfallError } from "../../core/errors";
import type { StagesJob, TokeniserChoice } from "../../core/job/stages";
import { stepKind } from "../step-kind";
import { toDataset } from "./data";

export interface TokensSpec {
  tokeniser: TokeniserChoice;
  /** Which trajectory of the test part. */
  trajectory: number;
}

const CHOICES: readonly TokeniserChoice[] = [
  "5|3",
  "4|4",
  "4|2|2",
  "one digit a level",
  "wordpiece",
  "flat",
];

function toSpec(authored: Record<string, unknown>): TokensSpec {
  const { tokeniser = "5|3", trajectory = 0 } = authored;
  const choice = CHOICES.find((known) => known === tokeniser);
  if (choice === undefined || !Number.isInteger(trajectory) || Number(trajectory) < 0) {
    throw new FootfallError(
      "bad-input",
      `tokens step: expected a tokeniser (${CHOICES.join(", ")}) and a trajectory from 0, got ${JSON.stringify(authored)}`,
    );
  }
  return { tokeniser: choice, trajectory: Number(trajectory) };
}

export const tokensKind = stepKind<TokensSpec, StagesJob>({
  kind: "tokens",
  inputs: { data: "data" },
  cost: "cheap",
  toSpec,
  toJob: (spec, inputs, context) => ({
    kind: "stages",
    dataset: toDataset(inputs["data"], context),
    ...spec,
  }),
});
