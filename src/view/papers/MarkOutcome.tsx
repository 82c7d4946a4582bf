import type { JSX } from "react";
import type { Outcome } from "../../core/papers/judgement";
import "./outcome.css";

const WORDS: Record<Outcome, string> = {
  reproduced: "● reproduced",
  not: "○ not reproduced",
  "not-tested": "– not tested",
};

/** A verdict by shape and word, not by colour alone. */
export function MarkOutcome({ outcome }: { outcome: Outcome }): JSX.Element {
  return (
    <span className="outcome" data-outcome={outcome}>
      {WORDS[outcome]}
    </span>
  );
}
