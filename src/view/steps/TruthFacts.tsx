import type { JSX } from "react";
import type { LayerReport } from "../../core/truth/layer-types";
import { Table } from "../ui/Table";
import { formatCount } from "../words";

/** How the truth came to be, in numbers: counts of pixels, rows or cells, and what must be known of them. */
export function TruthFacts({ report }: { report: LayerReport }): JSX.Element | null {
  if (report.facts.length === 0) return null;
  const { cells, withValue } = report;
  return (
    <details data-table="truth">
      <summary>The truth in numbers</summary>
      {report.warnings.map((sentence) => (
        <p key={sentence} className="note">
          {sentence}
        </p>
      ))}
      <Table
        head={["", "count"]}
        rows={[
          ["cells of the data", formatCount(cells)],
          ["cells with a truth", formatCount(withValue)],
          ...report.facts.map(({ name, value }) => [
            name,
            typeof value === "number" ? formatCount(value) : value,
          ]),
        ]}
        numeric={[1]}
      />
    </details>
  );
}
