import confidence from "./confidence.json";
import { countOutcomes } from "./judgement";
import type { PaperNumber, Source } from "./sources";
import type { Verdict } from "./verdict";

/** How sure a reader of paper 2 or 3 was of a statement, and the claims that bear on it (SD-18). */
export interface Confidence {
  readonly paper: PaperNumber;
  readonly level: "high" | "medium" | "low";
  readonly statement: string;
  readonly source: Source;
  /** Ids of claims; empty where nothing here can tell. */
  readonly claims: readonly string[];
}

/** A reader's confidence with what our verdicts add to it. */
export interface UpdatedConfidence extends Confidence {
  readonly here: string;
}

export const CONFIDENCE = confidence as readonly Confidence[];

function hereWords(claims: readonly string[], verdicts: readonly Verdict[]): string {
  if (claims.length === 0) return "nothing here can tell";
  const counts = countOutcomes(verdicts.filter(({ claim }) => claims.includes(claim.id)));
  const tested = counts.reproduced + counts.not;
  if (tested === 0) return "not tested here";
  return `${counts.reproduced} of ${tested} tested claims reproduced`;
}

/** The readers' confidence beside our own results. */
export function updateConfidence(verdicts: readonly Verdict[]): UpdatedConfidence[] {
  return CONFIDENCE.map((one) => ({ ...one, here: hereWords(one.claims, verdicts) }));
}
