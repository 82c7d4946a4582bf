import type { Claim } from "./claim-types";
import { CLAIMS } from "./claims";
import { judgeNumbers } from "./judge-numbers";
import { judgeRows } from "./judge-rows";
import type { Judgement } from "./judgement";
import type { OurResults } from "./results";

/** A claim with what our results say of it. */
export interface Verdict extends Judgement {
  readonly claim: Claim;
}

/** Holds a claim of the papers against our results. Numbers that are none count as not there. */
export function judge({ test }: Claim, results: OurResults): Judgement {
  switch (test.kind) {
    case "starts-near-vocabulary":
    case "falls":
    case "rises-when-shuffled":
    case "small-data":
    case "trend":
      return judgeNumbers(test, results);
    default:
      return judgeRows(test, results.scores);
  }
}

/** Every claim of the three papers, judged. */
export function judgeAll(results: OurResults): Verdict[] {
  return CLAIMS.map((claim) => ({ claim, ...judge(claim, results) }));
}
