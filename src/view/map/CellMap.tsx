import { useMemo } from "react";
import type { JSX, ReactNode } from "react";
import type { CellTable } from "../../core/geo/cells";
import { Legend } from "../ui/Legend";
import type { Basemap } from "./basemap";
import type { Bounds } from "./cell-geometry";
import { cellTwin } from "./cell-twin";
import { formatTick } from "./format";
import { MapFigure } from "./MapFigure";
import type { Marker } from "./markers";
import { sharedScale } from "./scale";
import type { Scale } from "./scale";
import type { Shape } from "./shapes";
import { useSameFormat } from "./use-same";

export interface CellMapProps {
  /** Short name for tests, `data-figure`. */
  name: string;
  title: string;
  cells: CellTable;
  /** One value a cell, NaN for none. [N] */
  values: ArrayLike<number>;
  basemap: Basemap | Promise<Basemap>;
  /** What is counted, default "". */
  unit?: string;
  /** Default: linear over the values. Log suits counts. */
  scale?: Scale;
  /** How a value reads, default three significant digits. */
  format?: (value: number) => string;
  shapes?: readonly Shape[];
  markers?: readonly Marker[];
  /** What to look at first; default all cells. */
  bounds?: Bounds;
  /** Nearest first look, default 12. */
  maxZoom?: number;
  /** CSS pixels, default 420. */
  heightPx?: number;
  caption?: ReactNode;
  /** A click on a cell of the table. */
  onCell?: (cell: number) => void;
}

/** One map of one value per cell, with legend and table. */
export function CellMap(props: CellMapProps): JSX.Element {
  const { title, cells, values, unit = "", heightPx = 420 } = props;
  const format = useSameFormat(props.format);
  const scale = useMemo(
    () => props.scale ?? sharedScale([values], { unit }),
    [props.scale, values, unit],
  );
  const panels = useMemo(
    () => [{ id: "map", title, values, scale, ...(format ? { format } : {}) }],
    [title, values, scale, format],
  );
  const twin = useMemo(
    () => cellTwin(cells, [{ title: unit || title, values, format }]),
    [cells, values, unit, title, format],
  );
  return (
    <MapFigure
      {...props}
      base="maplibre"
      label={title}
      panels={panels}
      twin={twin}
      heightPx={heightPx}
      legend={<Legend scale={scale} format={format ?? formatTick} />}
    />
  );
}
