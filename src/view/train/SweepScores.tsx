import { useMemo, useState, type JSX } from "react";
import {
  scoreFinding,
  scorePoints,
  scoreTable,
  summariseScores,
} from "../../core/job/sweep/score-summary";
import type { SweepStatus } from "../../core/job/sweep/sweep";
import { SWEEP_WORDS } from "../../core/job/sweep/words";
import type { ChartFacts } from "../../core/task/experiments/names";
import type { SplitName } from "../../core/task/tasks/examples";
import { lazyPart } from "../steps/lazy-part";
import { Select } from "../ui/Select";
import { Table } from "../ui/Table";

const PointsFigure = lazyPart(async () => {
  const { PointsFigure: Figure } = await import("../experiments/ExperimentChart");
  return { default: Figure };
});

const CHART: ChartFacts = { measure: "probeGain", shape: "places", isLog: false };

const SPLITS: readonly { value: SplitName; text: string }[] = [
  { value: "random", text: "at random, as in the papers" },
  { value: "block", text: "by blocks of neighbours" },
];

/** What the frozen states of the runs know of places, beside their random twins (TK-01, PT-02). */
export function SweepScores({ status }: { status: SweepStatus }): JSX.Element | null {
  const [split, setSplit] = useState<SplitName>("random");
  const rows = useMemo(() => summariseScores(status), [status]);
  const points = useMemo(() => scorePoints(rows, split), [rows, split]);
  if (rows.length === 0) return null;
  const { column } = SWEEP_WORDS[status.over];
  const table = scoreTable(rows, column);
  const finding = scoreFinding(rows);
  const isComparison = new Set(points.map(({ at }) => at)).size > 1;
  return (
    <section className="training-part" data-part="sweep-scores">
      <h3>What frozen states know of places</h3>
      {finding !== undefined && <p className="finding">{finding}</p>}
      {isComparison && (
        <>
          <Select label="Tested places drawn" value={split} options={SPLITS} onChange={setSplit} />
          <PointsFigure
            name="sweep-scores"
            title="Gain of a linear probe over the random twin"
            {...{ chart: CHART, points, column }}
          />
        </>
      )}
      <div className="wide-table" data-table="sweep-scores">
        <Table
          label="Scores on tasks"
          head={table.head}
          rows={table.rows}
          numeric={table.head.map((_, at) => at).slice(2)}
        />
      </div>
    </section>
  );
}
