import type { JSX } from "react";
import type { DatasetResult } from "../../core/job/dataset";
import { COUNTRY_SIZES, type CountrySize } from "../../core/world/residents";
import { COUNTRY_SHAPES, SHAPE_NOUNS, type CountryShape } from "../../core/world/shapes";
import { dataKind, type DataSpec } from "../../notebook/steps/data";
import type { Bounds } from "../map/cell-geometry";
import { CoverageMap } from "../map/CoverageMap";
import { usePage } from "../page-context";
import { Select } from "../ui/Select";
import { formatCount } from "../words";
import { Facts } from "./Facts";
import { lazyPart } from "./lazy-part";
import { LedgerTable } from "./LedgerTable";
import { stepView, type FigureProps, type StepProps } from "./step-view";

type Props = StepProps<DataSpec, DatasetResult>;

const WHO: Record<DataSpec["source"], string> = {
  simulated:
    "No real person is in here: the country has Japan’s shape and cities, the people are simulated by published rules of how people move.",
  folder: "The people of the folder that you opened. Nothing of it leaves this machine.",
  import:
    "Import reads the files whole, replaces the ids and keeps check-ins and trajectories in this browser. Stop leaves nothing behind.",
  stored: "Imported before, and kept in this browser. Nothing of it leaves this machine.",
};

const WHO_INVENTED =
  "No real person and no real place is in here: islands, cities and people are all simulated. The shipped model knows none of its places; pre-train one of its own below.";

function About({ spec }: Props): JSX.Element {
  return (
    <>
      <p>{shapeOf(spec) === "archipelago" ? WHO_INVENTED : WHO[spec.source]}</p>
      <p>
        Points are snapped to H3 cells; a stay in one cell is a check-in, one person’s month of
        check-ins a trajectory. The map shows where there is anything to learn from (paper 1, Figure
        2).
      </p>
    </>
  );
}

const SHAPE_TEXTS: Readonly<Record<CountryShape, string>> = {
  japan: "in Japan’s shape",
  archipelago: "invented archipelago",
};

/** The shape of the simulated country; undefined for any other people. */
function shapeOf(spec: DataSpec): CountryShape | undefined {
  return spec.source === "simulated" ? (spec.shape ?? "japan") : undefined;
}

function sizeText(size: CountrySize): string {
  return `${size} · ${formatCount(COUNTRY_SIZES[size].residents)} residents`;
}

function Controls({ spec, onChange }: Props): JSX.Element | null {
  if (spec.source === "import") return <ImportControls />;
  if (spec.source !== "simulated") return null;
  const sizes = Object.keys(COUNTRY_SIZES) as CountrySize[];
  return (
    <>
      <Select
        label="Country"
        value={spec.shape ?? "japan"}
        options={COUNTRY_SHAPES.map((shape) => ({ value: shape, text: SHAPE_TEXTS[shape] }))}
        onChange={(shape) => onChange({ shape })}
      />
      <Select
        label="Size"
        value={spec.size}
        options={sizes.map((size) => ({ value: size, text: sizeText(size) }))}
        onChange={(size) => onChange({ size })}
      />
    </>
  );
}

/** The main islands: remote ones would leave the country the size of a stamp. */
const MAIN_ISLANDS: Bounds = [128.6, 30.2, 146, 45.6];

function AboutMade({ about }: Pick<DatasetResult, "about">): JSX.Element {
  return (
    <details className="made-how" open>
      <summary>How it was made, and what it cannot show</summary>
      <div className="made-how-text">
        {about.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      </div>
    </details>
  );
}

const ImportControls = lazyPart<object>(() => import("../import/ImportControls"));
const ImportedData = lazyPart(() => import("../import/ImportedData"));

function Figure(props: FigureProps<DataSpec, DatasetResult>): JSX.Element {
  return props.outcome.simulated ? <SimulatedData {...props} /> : <ImportedData {...props} />;
}

function SimulatedData({ spec, outcome }: FigureProps<DataSpec, DatasetResult>): JSX.Element {
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
      <div className="map-and-ledger">
        <CoverageMap
          name="coverage"
          title={`Check-ins per cell of resolution ${coverageResolution}, simulated`}
          cells={coverage.cells}
          counts={coverage.values}
          basemap={basemap}
          unit="check-ins per cell"
          heightPx={440}
          {...(shapeOf(spec) === "japan" && { bounds: MAIN_ISLANDS })}
        />
        <LedgerTable ledger={outcome.ledger} />
      </div>
      <AboutMade about={outcome.about} />
    </>
  );
}

function titleOf(spec: DataSpec): string {
  if (spec.source === "simulated") {
    return `A simulated ${SHAPE_NOUNS[spec.shape ?? "japan"]} and its people`;
  }
  return `The people of ${spec.source === "folder" ? spec.folder : spec.name}`;
}

/** The people: counts, coverage, ledger. */
export const dataView = stepView<DataSpec, DatasetResult>({
  kind: "data",
  toSpec: (authored) => dataKind.toSpec(authored),
  name: () => "People",
  title: ({ spec }) => titleOf(spec),
  verb: ({ source }) => (source === "import" ? "Import" : "Run"),
  About,
  Controls,
  Figure,
  promise: "Here the map of all check-ins will stand.",
  heightPx: 520,
});
