import { useMemo, type JSX } from "react";
import type { CellTable } from "../../core/geo/cells";
import { bivariate, cutThirds, thirdsOfSteps } from "../map/bivariate";
import { cellTwin } from "../map/cell-twin";
import { formatValue } from "../map/format";
import { MapFigure } from "../map/MapFigure";
import { usePage } from "../page-context";
import { SquareLegend } from "../ui/SquareLegend";

interface OneMapOfTwoProps {
  cells: CellTable;
  /** NaN for none; deciles as 0 to 9. [N] */
  truth: Float32Array;
  predicted: Float32Array;
  isDecile: boolean;
  format?: (value: number) => string;
}

/** Truth and inference of a number in one 3 x 3 colour scheme (MC-05). */
export default function OneMapOfTwo(props: OneMapOfTwoProps): JSX.Element {
  const { cells, truth, predicted, isDecile, format = formatValue } = props;
  const { basemap } = usePage();
  const pair = useMemo(() => {
    const thirds = isDecile ? thirdsOfSteps(10) : cutThirds(truth);
    return bivariate({ id: "both", title: "Truth and inference" }, [
      { name: "truth", values: truth, thirds, format },
      { name: "inferred", values: predicted, thirds, format },
    ]);
  }, [truth, predicted, isDecile, format]);
  const panels = useMemo(() => [pair.panel], [pair]);
  const twin = useMemo(() => {
    const columns = [
      { title: "truth", values: truth, format },
      { title: "inferred", values: predicted, format },
    ];
    const { summary, ...table } = cellTwin(cells, columns);
    return { ...table, summary: `${summary} ${pair.summary}` };
  }, [cells, truth, predicted, format, pair]);
  return (
    <MapFigure
      name="both"
      label="Truth and inference in one map"
      panels={panels}
      cells={cells}
      basemap={basemap}
      twin={twin}
      heightPx={330}
      legend={<SquareLegend {...pair} />}
    />
  );
}
