import type { JSX } from "react";
import type { StagesResult } from "../../core/job/stages";
import type { TokenWindowsJob, WindowRow } from "../../core/job/token-windows";
import { toTokenWindows } from "../../notebook/steps/tokens";
import { useAnswer } from "../asking";
import { Provenance } from "../Provenance";
import { Table } from "../ui/Table";
import { formatCount, formatCounted, formatPercent } from "../words";
import { AskLine } from "./AskLine";
import { SHORT_NAMES } from "./names";
import { PAPER_WIDTH, plainCells, rowColumns } from "./row-columns";

const COLUMNS = rowColumns(PAPER_WIDTH);

/** What wider windows leave of the check-ins and of the tokens, in a sentence; empty before there are two. */
export function windowFinding(rows: readonly WindowRow[]): string {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined || first === last) return "";
  const widths = `From ${formatCounted(first.windowMin, "minute")} to ${formatCount(last.windowMin)},`;
  if (first.checkIns === last.checkIns) {
    return `${widths} nothing changes: no two points of one person in one cell lie so close together.`;
  }
  const tokens = (row: WindowRow): string => formatCount(Math.round(row.tokensPerTrajectory.mean));
  const left = formatPercent(last.checkIns / first.checkIns);
  return `${widths} ${left} of the check-ins are left, and a trajectory goes from ${tokens(first)} to ${tokens(last)} tokens.`;
}

/** One row per window (TK-06, SD-02). */
export function WindowTable({ rows }: { rows: readonly WindowRow[] }): JSX.Element {
  const head = ["minutes", "trajectories", "check-ins", ...COLUMNS.map(({ title }) => title)];
  return (
    <div className="wide-table" data-table="token-windows">
      <Table
        label="Windows side by side"
        head={head}
        rows={rows.map((row) => [
          String(row.windowMin),
          formatCount(row.trajectories),
          formatCount(row.checkIns),
          ...plainCells(row, COLUMNS),
        ])}
        numeric={head.map((_, column) => column)}
      />
    </div>
  );
}

interface WindowStudyProps {
  outcome: StagesResult;
  isSimulated: boolean;
}

/** The step's tokeniser on points merged within windows of 1 to 60 minutes, with one click. */
export function WindowStudy({ outcome, isSimulated }: WindowStudyProps): JSX.Element {
  const { made, resolution, tokeniser } = outcome;
  const answer = useAnswer<TokenWindowsJob>(`${made.data} at ${resolution} ${tokeniser}`);
  const { rows = [], empty = [] } = answer.partial ?? answer.result ?? {};
  const finding = windowFinding(rows);
  return (
    <div className="study" data-part="token-windows">
      <p className="note">
        Points of one person in one cell within so many minutes of the first are one check-in (ten
        in the papers). The same points, merged anew, at resolution {resolution}, written with “
        {SHORT_NAMES[tokeniser]}”.
        {isSimulated &&
          " Simulated phones report once at a stop, so no window of minutes has much to merge: import points of your own to see what it does."}
      </p>
      <AskLine
        state={answer.state}
        start="Measure windows of 1 to 60 minutes"
        onStart={() => answer.start(toTokenWindows)}
        onStop={answer.stop}
      />
      {answer.result?.why !== undefined && <p role="status">{answer.result.why}</p>}
      {finding !== "" && <p className="finding">{finding}</p>}
      {rows.length > 0 && <WindowTable rows={rows} />}
      {empty.length > 0 && (
        <p className="note">
          No trajectory is left to test with windows of {empty.join(", ")} minutes.
        </p>
      )}
      {rows.length > 1 && (
        <p className="note">
          Each window asks about other check-ins: a lower perplexity of a shorter one may only say
          that people stay.
        </p>
      )}
      {answer.result && <Provenance made={answer.result.made} />}
    </div>
  );
}
