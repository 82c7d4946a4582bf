import { FootfallError } from "../../core/errors";
import type { PapersJob } from "../../core/job/papers";
import { PAPER_PARTS, type PaperPart } from "../../core/papers/parts";
import { stepKind } from "../step-kind";

/** Which part of the papers, and the name under which the page keeps files of results. */
export interface PapersSpec {
  part: PaperPart;
  /** Default none: nothing has been run. */
  results: string | undefined;
}

function toSpec(authored: Record<string, unknown>): PapersSpec {
  const { part = "verdict", results } = authored;
  const found = PAPER_PARTS.find((known) => known === part);
  if (found === undefined || (results !== undefined && typeof results !== "string")) {
    throw new FootfallError(
      "bad-input",
      `papers step: expected a part (${PAPER_PARTS.join(", ")}) and the name of results, got ${JSON.stringify(authored)}`,
    );
  }
  return { part: found, results };
}

/** The results of a step of this kind; of the verdict above, where the step has none of its own. */
function resultsOf(spec: PapersSpec, above: unknown): string | undefined {
  return spec.results ?? (above as PapersSpec | undefined)?.results;
}

export const papersKind = stepKind<PapersSpec, PapersJob>({
  kind: "papers",
  inputs: { results: "papers" },
  cost: "cheap",
  toSpec,
  toJob(spec, inputs, context) {
    const name = resultsOf(spec, inputs["results"]);
    const results = name === undefined ? [] : context.filesOf(name);
    return { kind: "papers", part: spec.part, results };
  },
});
