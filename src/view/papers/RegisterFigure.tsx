import type { JSX } from "react";
import type { PartResult } from "../../core/job/papers";
import type { RegisterEntry } from "../../core/papers/facts";
import { Table } from "../ui/Table";
import { MarkNote, Part, SourceNote, StepAnchor } from "./parts";

const SECTIONS: readonly (readonly [section: string, title: string])[] = [
  ["1.1", "Paper 2: Towards A Foundation Model For Trajectory Intelligence"],
  ["1.2", "Paper 1: Pre-trained Transformer Uncovers Meaningful Patterns"],
  ["1.3", "Paper 3: RAW"],
];

function hereText(
  { here, uses = [] }: RegisterEntry,
  defaults: Readonly<Record<string, number | string>>,
): string {
  if (uses.length === 0) return here;
  const values = uses.map((name) => `${name} ${defaults[name]}`);
  return `${here} In the code now: ${values.join(", ")}.`;
}

/** Found, inferred, unknown, with what the code does about each (DC-02), and the limits (SD-16, SD-17, SD-19). */
export function RegisterFigure({ outcome }: { outcome: PartResult<"register"> }): JSX.Element {
  const { register, defaults, limits } = outcome;
  return (
    <>
      {SECTIONS.map(([section, title]) => (
        <Part key={section} title={title}>
          <Table
            label={`Details of ${title}`}
            head={["detail", "what is known", "how sure", "where", "here"]}
            rows={register
              .filter((entry) => entry.section === section)
              .map((entry) => [
                entry.item,
                entry.found,
                <MarkNote key="mark" mark={entry.mark} />,
                <SourceNote key="source" source={entry.source} />,
                hereText(entry, defaults),
              ])}
            numeric={[]}
          />
        </Part>
      ))}
      <Part title="Limits, and what here addresses them" id="limits">
        <Table
          label="Limits of the papers"
          head={["paper", "limit", "where", "here", "see"]}
          rows={limits.map(({ paper, limit, source, addressed, link }) => [
            paper,
            limit,
            <SourceNote key="source" source={source} />,
            addressed,
            <StepAnchor key="link" link={link}>
              {link.step}
            </StepAnchor>,
          ])}
          numeric={[]}
        />
      </Part>
    </>
  );
}
