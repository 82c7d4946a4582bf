import type { JSX } from "react";
import type { PartResult } from "../../core/job/papers";
import { withUnit } from "../../core/papers/judgement";
import { Table } from "../ui/Table";
import { OutsideLink, Part, SourceNote, StepAnchor } from "./parts";

const KIND_WORDS = {
  language: "words to a language model",
  trajectory: "trajectories, from scratch",
  road: "trips on a road map",
} as const;

/** The papers, their neighbours (DC-03), and what every measure means (DC-06), with the quick checks (SD-10 to SD-15). */
export function ReadingFigure({ outcome }: { outcome: PartResult<"reading"> }): JSX.Element {
  const { papers, related, metrics, checks } = outcome;
  return (
    <>
      <Part title="The three papers">
        <Table
          label="The three papers"
          head={["paper", "title", "year", "what was read"]}
          rows={papers.map(({ number, title, year, link, read }) => [
            number,
            <OutsideLink key="link" href={link}>
              {title}
            </OutsideLink>,
            String(year),
            read,
          ])}
          numeric={[]}
        />
      </Part>
      <Part title="Related work" id="related">
        <Table
          label="Related work"
          head={["work", "year", "made of", "what", "known from"]}
          rows={related.map(({ name, year, kind, what, link, source, note }) => [
            link === undefined ? (
              name
            ) : (
              <OutsideLink key="link" href={link}>
                {name}
              </OutsideLink>
            ),
            String(year),
            KIND_WORDS[kind],
            note === undefined ? what : `${what}. ${note}`,
            source,
          ])}
          numeric={[]}
        />
      </Part>
      <Part title="Questions that readers are asked" id="questions">
        <Table
          label="Questions and answers"
          head={["paper", "question", "answer", "where", "see"]}
          rows={checks.map(({ paper, question, answer, source, link, also }) => [
            paper,
            question,
            answer,
            <SourceNote key="source" source={source} />,
            link === undefined ? (
              "–"
            ) : (
              <span key="link">
                <StepAnchor link={link}>{link.step}</StepAnchor>
                {also && (
                  <>
                    , <StepAnchor link={also}>{also.task ?? also.step}</StepAnchor>
                  </>
                )}
              </span>
            ),
          ])}
          numeric={[]}
        />
      </Part>
      <Part title="Measures, each with one example" id="measures">
        <Table
          label="Measures"
          head={["measure", "better", "formula", "example by hand", "by the app’s function"]}
          rows={metrics.map(({ name, better, formula, example, value, unit }) => [
            name,
            better,
            formula,
            example,
            withUnit(value, unit),
          ])}
          numeric={[4]}
        />
      </Part>
    </>
  );
}
