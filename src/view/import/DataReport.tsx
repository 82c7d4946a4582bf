import type { JSX } from "react";
import type { Ledger } from "../../core/data/ledger";
import type { PointReport } from "../../core/data/point-report";
import { Table } from "../ui/Table";
import { formatCount, formatCounted, formatPercent } from "../words";
import { CountBars } from "./CountBars";
import "./import.css";

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

/** "45 s", "5 min", "3 h", "1 day", "7 days". */
export function formatSpan(seconds: number): string {
  if (seconds === 0) return "0 s";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h`;
  return formatCounted(Math.round(seconds / 86_400), "day");
}

/** What came in, as report.json has it. */
type ReportedPoints = Omit<PointReport, "rowsRead" | "rejected" | "files">;

interface DataReportProps {
  data: ReportedPoints;
  ledger: Ledger;
  /** Lines of several files are told with their file. */
  isOneFile: boolean;
}

/** A share that is not nothing never reads as nothing. */
function shareText(count: number, of: number): string {
  if (of === 0) return "–";
  const share = count / of;
  return share > 0 && share < 0.0005 ? "under 0.1%" : formatPercent(share);
}

interface Finding {
  what: string;
  count: number;
  /** Of how many it is a share. */
  of: number;
  /** What is done about it, or can be. */
  note: string;
}

/** What the report found, and what is done about each. */
export function findingsOf(data: ReportedPoints, ledger: Ledger): Finding[] {
  const { points, duplicates, elsewhere, gaps, outOfOrder, speeding, clocks } = data;
  const badClocks = clocks.reduce((sum, clock) => sum + clock.points, 0);
  const rejected = ledger.rejected.reduce((sum, { count }) => sum + count, 0);
  return [
    {
      what: "rows that cannot be used",
      count: rejected,
      of: ledger.rowsRead,
      note: "left out, listed below",
    },
    {
      what: "duplicates: one person, moment and cell",
      count: duplicates,
      of: points,
      note: "merge into one check-in anyway; “duplicates” leaves them out",
    },
    { what: "one moment, another cell", count: elsewhere, of: points, note: "kept" },
    { what: "out of order in the file", count: outOfOrder, of: points, note: "sorted by time" },
    {
      what: `jumps faster than ${formatCount(speeding.limitKmh)} km/h`,
      count: speeding.count,
      of: points,
      note: `up to ${formatCount(speeding.fastestKmh)} km/h; kept unless “impossible speed” is on`,
    },
    {
      what: "gaps of more than a day",
      count: gaps.count,
      of: points,
      note: `${formatCounted(gaps.users, "person", "people")}, the longest ${formatSpan(gaps.longestMs / 1000)}`,
    },
    {
      what: "clocks a year or more off",
      count: badClocks,
      of: points,
      note: `${formatCounted(clocks.length, "person", "people")}; kept unless “clocks a year off” is on`,
    },
  ];
}

function RejectedTable({ ledger, isOneFile }: Omit<DataReportProps, "data">): JSX.Element | null {
  if (ledger.rejected.length === 0) return null;
  const place = (line: number, file: string | undefined): string =>
    isOneFile || file === undefined ? formatCount(line) : `${file}:${line}`;
  return (
    <div data-table="rejected">
      <Table
        caption="Rows that cannot be used (the header is line 1)"
        head={["because", "rows", "first lines"]}
        rows={ledger.rejected.map(({ reason, count, firstLines, firstFiles }) => [
          reason,
          formatCount(count),
          firstLines.map((line, i) => place(line, firstFiles?.[i])).join(", "),
        ])}
        numeric={[1]}
      />
    </div>
  );
}

/** What came in, before any rule: what is odd about it, and what is done about that (DI-14). */
export function DataReport({ data, ledger, isOneFile }: DataReportProps): JSX.Element {
  const [least, , median, , most] = data.pointsPerUserQuartiles;
  return (
    <div className="data-report" data-table="data-report">
      <p className="finding">
        {formatCount(data.points)} points of {formatCounted(data.users, "person", "people")},{" "}
        {day.format(data.fromMs)} to {day.format(data.toMs)}; half of all steps take{" "}
        {formatSpan(data.medianIntervalS)} or less. A person has {formatCount(least)} to{" "}
        {formatCount(most)} points, half of them {formatCount(median)} or fewer.
      </p>
      <Table
        head={["found", "count", "share", "and now"]}
        rows={findingsOf(data, ledger).map(({ what, count, of, note }) => [
          what,
          formatCount(count),
          shareText(count, of),
          count === 0 ? "" : note,
        ])}
        numeric={[1, 2]}
      />
      <RejectedTable ledger={ledger} isOneFile={isOneFile} />
      {data.labels.length > 0 && (
        <p className="note">
          Labels kept:{" "}
          {data.labels.map(({ label, hours }) => `${label} ${formatCount(hours)} h`).join(", ")}.
        </p>
      )}
      <div className="two-columns">
        <CountBars
          name="intervals"
          title="Time from one point of a person to the next"
          bars={data.intervals}
          format={formatSpan}
        />
        <CountBars
          name="points-per-person"
          title="People by their number of points"
          bars={data.pointsPerUser}
          format={(upTo) => `${formatCount(upTo)} points`}
        />
      </div>
    </div>
  );
}
