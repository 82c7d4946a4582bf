import type { JSX } from "react";
import type { PartResult } from "../../core/job/papers";
import { Table } from "../ui/Table";
import { formatCounted } from "../words";
import { Part, StepAnchor } from "./parts";

/** Every table, figure, hyper-parameter and claim with the step that shows it (DC-01). */
export function MapFigure({ outcome }: { outcome: PartResult<"map"> }): JSX.Element {
  const { entries } = outcome;
  const open = entries.filter(({ link }) => link === undefined);
  return (
    <>
      <p className="finding">
        {formatCounted(entries.length, "thing")} in the papers; {open.length} of them no step shows
        yet.
      </p>
      {([1, 2, 3] as const).map((paper) => (
        <Part key={paper} title={`Paper ${paper}`}>
          <Table
            label={`Where the parts of paper ${paper} are shown`}
            head={["kind", "what", "shown", "step"]}
            rows={entries
              .filter((entry) => entry.paper === paper)
              .map(({ kind, name, shown, link }) => [
                kind,
                name,
                shown,
                link === undefined ? (
                  "–"
                ) : (
                  <StepAnchor key="link" link={link}>
                    {link.step}
                  </StepAnchor>
                ),
              ])}
            numeric={[]}
          />
        </Part>
      ))}
    </>
  );
}
