import { linkOf, runLinkOf } from "./claim-links";
import type { Claim } from "./claim-types";
import { CLAIMS } from "./claims";
import type { StepLink } from "./facts";
import { judgeNumbers } from "./judge-numbers";
import { judgeRows } from "./judge-rows";
import { UNTESTED, type Judgement } from "./judgement";
import type { OurResults } from "./results";

/** A claim with what our results say of it. */
export interface Verdict extends Judgement {
  readonly claim: Claim;
  /** Where the numbers stand that decide it. */
  readonly link: StepLink;
  /** Where those numbers are made, if that is another place. */
  readonly runLink?: StepLink;
}

/** Holds a claim of the papers against our results. Numbers that are none count as not there. */
export function judge(claim: Claim, results: OurResults): Judgement {
  const judged = judgeTest(claim, results);
  const apart = results.incomparable?.find((one) => one.claim === claim.id);
  if (judged !== UNTESTED || apart === undefined) return judged;
  return { outcome: "not-tested", evidence: `not comparable: ${apart.why}` };
}

function judgeTest({ test }: Claim, results: OurResults): Judgement {
  switch (test.kind) {
    case "starts-near-vocabulary":
    case "falls":
    case "rises-when-shuffled":
    case "small-data":
    case "trend":
      return judgeNumbers(test, results);
    case "beats":
    case "stays-below":
    case "gains-nothing":
    case "stays-weak":
    case "reaches":
    case "gains-on-average":
    case "helps":
      return judgeRows(test, results);
    default:
      throw test satisfies never;
  }
}

/** Every claim of the three papers, judged. */
export function judgeAll(results: OurResults): Verdict[] {
  return CLAIMS.map((claim) => {
    const runLink = runLinkOf(claim);
    return { claim, link: linkOf(claim), ...(runLink && { runLink }), ...judge(claim, results) };
  });
}

/** The claims that some results speak to: judged, too small to tell, or not comparable. */
export function spokenTo(results: OurResults): Verdict[] {
  return judgeAll(results).filter(({ evidence }) => evidence !== UNTESTED.evidence);
}
