import type { JSX } from "react";
import type { TrajectoryAnswer, TrajectoryStudyResult } from "../../core/job/trajectory-study";
import type { StudySpec } from "../../notebook/steps/study";
import type { FigureProps } from "../steps/step-view";
import { GapsFigure } from "./GapsFigure";
import { LinkFigure } from "./LinkFigure";
import { SimilarFigure } from "./SimilarFigure";
import { SurpriseFigure } from "./SurpriseFigure";
import "./study.css";

function figureOf(answer: TrajectoryAnswer): JSX.Element {
  switch (answer.ask) {
    case "impute":
      return <GapsFigure answer={answer} />;
    case "surprise":
      return <SurpriseFigure answer={answer} />;
    case "similar":
      return <SimilarFigure answer={answer} />;
    case "link":
      return <LinkFigure answer={answer} />;
    default:
      throw answer satisfies never;
  }
}

/** The answer to a question about trajectories. */
export default function StudyFigure({
  outcome,
}: FigureProps<StudySpec, TrajectoryStudyResult>): JSX.Element {
  const { answer } = outcome;
  return (
    <div className="study-figure" data-study={answer.ask}>
      {figureOf(answer)}
    </div>
  );
}

/** One kind of answer. */
export type AnswerOf<A extends TrajectoryAnswer["ask"]> = Extract<TrajectoryAnswer, { ask: A }>;
