import { useState, type JSX } from "react";
import type { DatasetResult } from "../../core/job/dataset";
import type { DataSpec } from "../../notebook/steps/data";
import { usePage } from "../page-context";
import { saveFile, stemOf } from "../save-file";
import { Facts } from "../steps/Facts";
import { LedgerTable } from "../steps/LedgerTable";
import type { FigureProps } from "../steps/step-view";
import { Button } from "../ui/Button";
import { formatCount, formatCounted } from "../words";
import { DayBars } from "./DayBars";
import { DataReport } from "./DataReport";
import { FileFactsTable } from "./FileFactsTable";
import { LedgerWaterfall, LossLines } from "./LedgerWaterfall";
import { PrivateCoverage } from "./PrivateCoverage";
import "./import.css";

type Props = FigureProps<DataSpec, DatasetResult>;

/** What is written of the data set, to be taken along. */
function Downloads({ spec, outcome }: Props): JSX.Element {
  const { data } = usePage();
  const [problem, setProblem] = useState<string>();
  const stem = stemOf(outcome.name);
  const { written } = outcome;
  const downloadAll = (id: string): void => {
    data
      ?.download(id, outcome.name)
      .then(() => setProblem(undefined))
      .catch((thrown: unknown) => setProblem(String(thrown)));
  };
  return (
    <div className="set-tools downloads">
      {written?.isKept && "id" in spec && (
        <Button onClick={() => downloadAll(spec.id)}>
          Download the data set (zip, for scale/)
        </Button>
      )}
      {written && (
        <Button onClick={() => saveFile(`${stem}.report.json`, written.report)}>report.json</Button>
      )}
      {written?.rejected && (
        <Button onClick={() => saveFile(`${stem}.rejected.csv`, written.rejected!)}>
          All rejected rows (CSV)
        </Button>
      )}
      {problem !== undefined && <span role="alert">{problem}</span>}
    </div>
  );
}

function KeptLine({ outcome }: Props): JSX.Element | null {
  const { written } = outcome;
  if (written?.isKept === undefined) return null;
  return (
    <p className="note" data-kept={written.isKept}>
      {written.isKept
        ? "Kept in this browser’s own storage: it is there again after a reload, and “Your data” removes it."
        : "This browser gives the page no storage of its own (a private window, perhaps): the data set is in memory and gone when the tab is closed."}
    </p>
  );
}

/** Real people: what came in, what the rules left, and where it lies. */
export default function ImportedData(props: Props): JSX.Element {
  const { outcome } = props;
  const { counts, parts, coverage, ledger } = outcome;
  const { data, files, calendar, fileCount = 1 } = outcome.written ?? {};
  return (
    <>
      <Facts
        facts={[
          ["people", formatCount(counts.users)],
          ["points", formatCount(counts.points)],
          ["check-ins", formatCount(counts.checkIns)],
          ["trajectories", formatCount(counts.trajectories)],
          ["train / validation / test", parts.map(formatCount).join(" / ")],
          ["cells visited", formatCount(counts.visitedCells)],
        ]}
      />
      <LossLines ledger={ledger} />
      <div className="map-and-ledger">
        {coverage.people && (
          <PrivateCoverage
            name="coverage"
            title={`Check-ins per cell of resolution ${outcome.coverageResolution}`}
            cells={coverage.cells}
            counts={coverage.values}
            people={coverage.people}
            heightPx={400}
          />
        )}
        <LedgerWaterfall ledger={ledger} />
      </div>
      <KeptLine {...props} />
      <Downloads {...props} />
      {calendar && (
        <div className="imported-days" data-calendar={calendar.country}>
          <p className="note">
            Days off: {[calendar.country, calendar.region].filter(Boolean).join("-")},{" "}
            {formatCounted(calendar.holidays, "holiday")} in the time of the data (calendar.json).
          </p>
          <DayBars checkInsOn={calendar.checkInsOn} />
        </div>
      )}
      {data && <DataReport data={data} ledger={ledger} isOneFile={fileCount === 1} />}
      {files && <FileFactsTable files={files} fileCount={fileCount} />}
      <details>
        <summary>Every rule as a table</summary>
        <LedgerTable ledger={ledger} />
      </details>
    </>
  );
}
