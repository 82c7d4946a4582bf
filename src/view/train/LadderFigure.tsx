import { useMemo, useState, type JSX } from "react";
import { ladderFinding, toLadder } from "../../core/job/sweep/ladder";
import type { SettingSummary } from "../../core/job/sweep/summary";
import { LazyLadderChart } from "../chart/LazyCharts";
import { Select } from "../ui/Select";

const COSTS = [
  { value: "parameters", text: "parameters" },
  { value: "seconds", text: "seconds" },
  { value: "operations", text: "operations" },
] as const;

/** Loss against what a size costs, with the law and its band where there is one. */
export function LadderFigure({ rows }: { rows: readonly SettingSummary[] }): JSX.Element {
  const [cost, setCost] = useState<(typeof COSTS)[number]["value"]>("parameters");
  const ladder = useMemo(() => toLadder(rows), [rows]);
  const { rungs, band } = ladder;
  const points = useMemo(
    () => rungs.map((rung) => ({ name: rung.name, x: rung[cost], y: rung.loss })),
    [rungs, cost],
  );
  const drawn = useMemo(
    () => (cost === "parameters" ? band.map(({ parameters: x, ...rest }) => ({ x, ...rest })) : []),
    [band, cost],
  );
  return (
    <div data-part="ladder">
      <h3>Loss against size</h3>
      <p className="finding">{ladderFinding(ladder)}</p>
      <Select label="Against" value={cost} options={COSTS} onChange={setCost} />
      <LazyLadderChart points={points} band={drawn} xLabel={cost} yLabel="loss of a hidden token" />
    </div>
  );
}
