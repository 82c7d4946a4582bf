import { useMemo, type JSX } from "react";
import { hideRareCells } from "../../core/data/privacy";
import type { CellTable } from "../../core/geo/cells";
import { CoverageMap } from "../map/CoverageMap";
import { usePage } from "../page-context";
import { KField } from "../ui/KField";
import { formatCount, formatCounted, formatPercent } from "../words";
import { usePeopleK } from "../people";

interface PrivateCoverageProps {
  name: string;
  title: string;
  cells: CellTable;
  /** Check-ins of each cell. [N] */
  counts: Float32Array;
  /** People of each cell. [N] */
  people: Uint32Array;
  heightPx?: number;
}

/** The counts without the cells of fewer than `k` people (NaN), and what that hides. */
export function hideFew(
  counts: Float32Array,
  people: Uint32Array,
  k: number,
): { shown: Float32Array; hiddenCells: number; hiddenShare: number } {
  const { shown: isShown, hidden: hiddenCells } = hideRareCells(people, k);
  let [hidden, all] = [0, 0];
  const shown = counts.map((count, n) => {
    all += count;
    if (isShown[n] === 1) return count;
    hidden += count;
    return NaN;
  });
  return { shown, hiddenCells, hiddenShare: all === 0 ? 0 : hidden / all };
}

/** Check-ins per cell; cells of fewer than k people are hidden, and the legend says so. */
export function PrivateCoverage(props: PrivateCoverageProps): JSX.Element {
  const { cells, counts, people } = props;
  const { basemap } = usePage();
  const [k, setK] = usePeopleK();
  const { shown, hiddenCells, hiddenShare } = useMemo(
    () => hideFew(counts, people, k),
    [counts, people, k],
  );
  return (
    <div className="private-coverage" data-k={k}>
      <CoverageMap
        name={props.name}
        title={props.title}
        cells={cells}
        counts={shown}
        basemap={basemap}
        unit={k > 1 ? `check-ins per cell of ${k} or more people` : "check-ins per cell"}
        heightPx={props.heightPx ?? 420}
      />
      <KField
        k={k}
        onChange={setK}
        hidden={hiddenCells}
        hiddenText={`${formatCount(hiddenCells)} of ${formatCounted(counts.length, "cell")} hidden, with ${formatPercent(hiddenShare)} of the check-ins`}
      />
    </div>
  );
}
