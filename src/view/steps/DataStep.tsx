import type { JSX } from "react";
import type { DatasetResult } from "../../core/job/dataset";
import { COUNTRY_SIZES, type CountrySize } from "../../core/world/residents";
import { dataKind, type DataSpec } from "../../notebook/steps/data";
import { CoverageMap } from "../map/CoverageMap";
import { usePage } from "../page-context";
import { Select } from "../ui/Select";
import { Table } from "../ui/Table";
import { formatCount } from "../words";
import { Facts } from "./Facts";
import { stepView, type FigureProps, type StepProps } from "./step-view";

type Props = StepProps<DataSpec, DatasetResult>;

function About({ isSimulated }: Props): JSX.Element {
  return (
    <>
      <p>
        {isSimulated
          ? "No real person is in here: the country has Japan’s shape and cities, the people are simulated by published rules of how people move."
          : "The people of the folder that you opened. Nothing of it leaves this machine."}
      </p>
      <p>
        Points are snapped to H3 cells; a stay in one cell is a check-in, one person’s month of
        check-ins a trajectory. The map shows where there is anything to learn from (paper 1, Figure
        2).
      </p>
    </>
  );
}

function sizeText(size: CountrySize): string {
  return `${size} · ${formatCount(COUNTRY_SIZES[size].residents)} residents`;
}

function Controls({ spec, onChange }: Props): JSX.Element | null {
  if (spec.source !== "simulated") return null;
  const sizes = Object.keys(COUNTRY_SIZES) as CountrySize[];
  return (
    <Select
      label="Size"
      value={spec.size}
      options={sizes.map((size) => ({ value: size, text: sizeText(size) }))}
      onChange={(size) => onChange({ source: "simulated", size })}
    />
  );
}

/** A count of the ledger; not every rule leaves a count of everything. */
const countOrNothing = (count: number | undefined): string =>
  count === undefined ? "" : formatCount(count);

function LedgerTable({ ledger }: { ledger: DatasetResult["ledger"] }): JSX.Element {
  const rows = ledger.rules.map(({ rule, points, checkIns, trajectories, users }) => [
    rule,
    ...[points, checkIns, trajectories, users].map(countOrNothing),
  ]);
  return (
    <details data-table="ledger">
      <summary>What each rule left</summary>
      <Table
        head={["rule", "points", "check-ins", "trajectories", "people"]}
        rows={rows}
        numeric={[1, 2, 3, 4]}
      />
      {ledger.rejected.length > 0 && (
        <Table
          head={["rejected because", "rows", "first lines"]}
          rows={ledger.rejected.map(({ reason, count, firstLines }) => [
            reason,
            formatCount(count),
            firstLines.join(", "),
          ])}
        />
      )}
    </details>
  );
}

function Figure({ outcome }: FigureProps<DataSpec, DatasetResult>): JSX.Element {
  const { basemap } = usePage();
  const { counts, parts, coverage, coverageResolution } = outcome;
  return (
    <>
      <Facts
        facts={[
          ["people", formatCount(counts.users)],
          ["points", formatCount(counts.points)],
          ["check-ins", formatCount(counts.checkIns)],
          ["trajectories", formatCount(counts.trajectories)],
          ["train / validation / test", parts.map(formatCount).join(" / ")],
          ["cells visited", `${formatCount(counts.visitedCells)} of ${formatCount(counts.cells)}`],
        ]}
      />
      <CoverageMap
        name="coverage"
        title={`Check-ins per cell of resolution ${coverageResolution}${outcome.simulated ? ", simulated" : ""}`}
        cells={coverage.cells}
        counts={coverage.values}
        basemap={basemap}
        unit="check-ins per cell"
        heightPx={400}
      />
      <details className="made-how">
        <summary>How it was made, and what it cannot show</summary>
        {outcome.about.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      </details>
      <LedgerTable ledger={outcome.ledger} />
    </>
  );
}

/** The people: counts, coverage, ledger. */
export const dataView = stepView<DataSpec, DatasetResult>({
  kind: "data",
  toSpec: (authored) => dataKind.toSpec(authored),
  name: () => "People",
  title: ({ spec, isSimulated }) =>
    isSimulated || spec.source === "simulated"
      ? "A simulated country and its people"
      : `The people of ${spec.folder}`,
  About,
  Controls,
  Figure,
  promise: "Here the map of all check-ins will stand.",
  heightPx: 520,
});
