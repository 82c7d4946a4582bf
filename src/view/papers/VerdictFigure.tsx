import type { JSX } from "react";
import type { PartResult } from "../../core/job/papers";
import type { StepLink } from "../../core/papers/facts";
import { countOutcomes, type Outcome } from "../../core/papers/judgement";
import { MINIMUM } from "../../core/papers/minimum";
import type { Verdict } from "../../core/papers/verdict";
import { Table } from "../ui/Table";
import { formatCounted } from "../words";
import { MarkOutcome } from "./MarkOutcome";
import { Part, SourceNote, StepAnchor } from "./parts";

const LINK_WORDS: Record<string, string> = {
  numbers: "the numbers",
  adapt: "fill it",
  pretrain: "training",
  sweep: "sweeps",
  experiment: "experiments",
  register: "what is known",
};

const linkWords = ({ part, step }: StepLink): string =>
  part?.replace("table-", "Table ") ?? LINK_WORDS[step] ?? step;

/** What all claims together came to, in a sentence. */
export function verdictSentence(about: string, verdicts: readonly Verdict[]): string {
  const counts = countOutcomes(verdicts);
  const all = formatCounted(verdicts.length, "claim");
  if (about === "") {
    return `${all}, none of them tested: no results of ours have been opened, and the papers’ own numbers do not count.`;
  }
  const said: [Outcome, string][] = [
    ["reproduced", "reproduced"],
    ["not", "not reproduced"],
    ["not-tested", "not tested"],
  ];
  const words = said.map(([outcome, word]) => `${counts[outcome]} ${word}`);
  return `${all}: ${words.join(", ")}. Held against: ${about}.`;
}

function toRow({ claim, link, runLink, outcome, evidence }: Verdict) {
  return [
    claim.claim,
    <MarkOutcome key="outcome" outcome={outcome} />,
    evidence,
    claim.printed,
    <SourceNote key="source" source={claim.source} />,
    [link, runLink].map(
      (one) =>
        one && (
          <span key={one.step} className="decided-in">
            <StepAnchor link={one}>{linkWords(one)}</StepAnchor>{" "}
          </span>
        ),
    ),
  ];
}

/** Claim by claim: reproduced, not, not tested (RS-11, AD-26), with the readers’ confidence (SD-18). */
export function VerdictFigure({ outcome }: { outcome: PartResult<"verdict"> }): JSX.Element {
  const { about, verdicts, confidence, warning } = outcome;
  return (
    <>
      <p className="finding" role="status">
        {verdictSentence(about, verdicts)}
      </p>
      <p className="note">
        A claim is marked from {MINIMUM.seeds} seeds and {MINIMUM.test} test examples on, where the
        95 % interval lies on one side of it; a gain counts as not reproduced where it is at best
        half of the printed one. Else it is not tested here: too small to tell.
      </p>
      {([1, 2, 3] as const).map((paper) => (
        <Part key={paper} title={`Paper ${paper}`}>
          <Table
            label={`Claims of paper ${paper}`}
            head={["claim", "verdict", "ours", "printed", "where", "decided in"]}
            rows={verdicts.filter(({ claim }) => claim.paper === paper).map(toRow)}
            numeric={[]}
          />
        </Part>
      ))}
      <Part title="What must not be done with it" id="sensitive">
        <p className="paper-warning">{warning}</p>
      </Part>
      <Part title="How sure readers of papers 2 and 3 were">
        <Table
          label="Confidence of readers, with our verdicts"
          head={["paper", "confidence", "in what", "where", "our verdicts"]}
          rows={confidence.map(({ paper, level, statement, source, here }) => [
            paper,
            level,
            statement,
            <SourceNote key="source" source={source} />,
            here,
          ])}
          numeric={[]}
        />
      </Part>
    </>
  );
}
