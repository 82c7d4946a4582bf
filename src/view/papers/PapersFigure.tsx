import type { JSX } from "react";
import type { PapersResult } from "../../core/job/papers";
import type { PapersSpec } from "../../notebook/steps/papers";
import type { FigureProps } from "../steps/step-view";
import { ErrataFigure } from "./ErrataFigure";
import { MapFigure } from "./MapFigure";
import { NumbersFigure } from "./NumbersFigure";
import "./papers.css";
import { ReadingFigure } from "./ReadingFigure";
import { RegisterFigure } from "./RegisterFigure";
import { VerdictFigure } from "./VerdictFigure";

function PartFigure({ outcome }: { outcome: PapersResult }): JSX.Element {
  switch (outcome.part) {
    case "verdict":
      return <VerdictFigure outcome={outcome} />;
    case "numbers":
      return <NumbersFigure outcome={outcome} />;
    case "errata":
      return <ErrataFigure outcome={outcome} />;
    case "register":
      return <RegisterFigure outcome={outcome} />;
    case "map":
      return <MapFigure outcome={outcome} />;
    case "reading":
      return <ReadingFigure outcome={outcome} />;
    default:
      throw outcome satisfies never;
  }
}

/** A part of the papers as tables to read, walk through by keyboard and print. */
export default function PapersFigure({
  outcome,
}: FigureProps<PapersSpec, PapersResult>): JSX.Element {
  return (
    <div className="papers-figure wide-table" data-paper-part={outcome.part}>
      <PartFigure outcome={outcome} />
    </div>
  );
}
