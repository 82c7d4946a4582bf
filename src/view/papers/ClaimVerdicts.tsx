import type { JSX } from "react";
import type { Verdict } from "../../core/papers/verdict";
import { MarkOutcome } from "./MarkOutcome";
import { StepAnchor } from "./parts";

/** The claims that a result speaks to, with a link to all of them; nothing without any. */
export function ClaimVerdicts({
  verdicts,
  part,
}: {
  verdicts: readonly Verdict[];
  part: string;
}): JSX.Element | null {
  if (verdicts.length === 0) return null;
  return (
    <ul className="note" data-part={part}>
      {verdicts.map(({ claim, outcome, evidence }) => (
        <li key={claim.id}>
          Paper {claim.paper}: {claim.claim} <MarkOutcome outcome={outcome} /> {evidence}.{" "}
          <StepAnchor link={{ notebook: "papers", step: "verdict" }}>All claims</StepAnchor>
        </li>
      ))}
    </ul>
  );
}
