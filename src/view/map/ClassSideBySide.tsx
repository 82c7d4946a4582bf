import { useMemo } from "react";
import type { JSX, ReactNode } from "react";
import type { CellTable } from "../../core/geo/cells";
import { ClassLegend } from "../ui/ClassLegend";
import type { Basemap } from "./basemap";
import { classFigure } from "./class-figure";
import { MapFigure } from "./MapFigure";
import { useSameList } from "./use-same";

interface ClassSideBySideProps {
  /** Short name for tests, `data-figure`. */
  name: string;
  /** What is shown, e.g. "borough". */
  title: string;
  cells: CellTable;
  /** Numbers of true classes, NaN for none. [N] */
  truth: ArrayLike<number>;
  /** Numbers of inferred classes of the same cells. [N] */
  predicted: ArrayLike<number>;
  /** Names of the classes; keep the array while it does not change. */
  classes: readonly string[];
  basemap: Basemap | Promise<Basemap>;
  unit: string;
  titles: readonly [truth: string, predicted: string, agreement: string];
  /** CSS pixels of one map, default 380. */
  heightPx?: number;
  caption?: ReactNode;
}

/** Classes as they are and as they were inferred, in the same colours, and where the two agree. */
export function ClassSideBySide(props: ClassSideBySideProps): JSX.Element {
  const { cells, truth, predicted, classes, unit } = props;
  const titles = useSameList(props.titles);
  const { panels, entries, otherCount, twin } = useMemo(
    () => classFigure({ cells, truth, predicted, classes, titles, unit }),
    [cells, truth, predicted, classes, titles, unit],
  );
  return (
    <MapFigure
      name={props.name}
      label={`${props.title}: ${titles.join(", ").toLowerCase()}`}
      panels={panels}
      cells={cells}
      basemap={props.basemap}
      twin={twin}
      heightPx={props.heightPx ?? 380}
      caption={props.caption}
      legend={<ClassLegend title={unit} agreement={titles[2]} {...{ entries, otherCount }} />}
    />
  );
}
