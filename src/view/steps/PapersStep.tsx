import type { JSX, ReactNode } from "react";
import type { PapersResult } from "../../core/job/papers";
import type { PaperPart } from "../../core/papers/parts";
import { papersKind, type PapersSpec } from "../../notebook/steps/papers";
import { lazyPart } from "./lazy-part";
import { stepView, type StepProps } from "./step-view";

interface PartWords {
  name: string;
  title: string;
  about: ReactNode;
}

const WORDS: Record<PaperPart, PartWords> = {
  verdict: {
    name: "Verdict",
    title: "What of the papers holds here?",
    about: (
      <>
        Each claim of the three papers, and whether results of ours reproduce it. A gain counts only
        where all of its 95% interval, taken seed by seed, is above nothing. Results are the tables
        that were filled in this browser, or the results.json that{" "}
        <code>footfall evaluate --all</code> writes.
      </>
    ),
  },
  numbers: {
    name: "Papers’ numbers",
    title: "What do the papers print?",
    about:
      "Every number of Tables 2 to 14 of paper 1 with its line, ours beside it, and why the two cannot be compared one by one. Below, the gains that its text prints, recomputed.",
  },
  errata: {
    name: "Errata",
    title: "What does not add up?",
    about:
      "Statements of the texts that do not hold as printed or can be misread. Nothing is corrected silently: each has a number, and its computation ran on this page just now.",
  },
  register: {
    name: "Register",
    title: "What is known, inferred, unknown?",
    about:
      "Details that the papers leave out, where they were found after all, and what the app takes as its default. The values come from the code that runs here.",
  },
  map: {
    name: "Paper map",
    title: "Where is what shown?",
    about:
      "Every table, figure, hyper-parameter and claim of the papers, with the step of this page that shows it.",
  },
  reading: {
    name: "Reading",
    title: "What else is there to read?",
    about:
      "The papers, the work around them, the questions that their readers are asked, and the measures: each with its formula and one example, worked out by hand and by the function that scores everything else here.",
  },
};

function About({ spec }: StepProps<PapersSpec, PapersResult>): JSX.Element {
  return <p>{WORDS[spec.part].about}</p>;
}

const ResultsPicker = lazyPart(() => import("../papers/ResultsPicker"));

function Controls(props: StepProps<PapersSpec, PapersResult>): JSX.Element | null {
  return props.spec.part === "verdict" ? <ResultsPicker {...props} /> : null;
}

/** What the papers say, and what of it holds. */
export const papersView = stepView<PapersSpec, PapersResult>({
  kind: "papers",
  toSpec: (authored) => papersKind.toSpec(authored),
  name: ({ part }) => WORDS[part].name,
  title: ({ spec }) => WORDS[spec.part].title,
  About,
  Controls,
  Figure: lazyPart(() => import("../papers/PapersFigure")),
  promise: "Here the tables will stand.",
  heightPx: 320,
});
