import { useMemo } from "react";
import type { JSX, ReactNode } from "react";
import type { CellTable } from "../../core/geo/cells";
import { Legend } from "../ui/Legend";
import type { Basemap } from "./basemap";
import type { Bounds } from "./cell-geometry";
import { cellTwin } from "./cell-twin";
import { formatTick, formatValue, signed } from "./format";
import { MapFigure } from "./MapFigure";
import type { MapPanel } from "./MapPanels";
import { difference, differenceScale, sharedScale } from "./scale";
import type { Scale } from "./scale";
import { useSameFormat, useSameList } from "./use-same";

export interface SideBySideProps {
  /** Short name for tests, `data-figure`. */
  name: string;
  /** What is shown, e.g. "Population". */
  title: string;
  cells: CellTable;
  /** True values, NaN for none. [N] */
  truth: ArrayLike<number>;
  /** Inferred values of the same cells, NaN for none. [N] */
  predicted: ArrayLike<number>;
  basemap: Basemap | Promise<Basemap>;
  /** What is measured, e.g. "people per cell"; default "". */
  unit?: string;
  /** Scale of truth and inference, default "linear". Log suits people. */
  scaleKind?: "linear" | "log";
  /** Fixed ends of that scale, e.g. [0, 1] for shares; default what both columns need. */
  domain?: readonly [number, number];
  /** How a value reads in titles and table, default three significant digits. */
  format?: (value: number) => string;
  /** How a tick reads, default 1.2k. */
  formatTick?: (value: number) => string;
  /** Panel titles, default "Truth", "Inferred", "Inferred minus truth". */
  titles?: readonly [truth: string, predicted: string, difference: string];
  /** The third map, default true. */
  showDifference?: boolean;
  /** What to look at first; default all cells. */
  bounds?: Bounds;
  /** CSS pixels of one map, default 380. */
  heightPx?: number;
  caption?: ReactNode;
}

const TITLES = ["Truth", "Inferred", "Inferred minus truth"] as const;

type ComparedProps =
  "truth" | "predicted" | "unit" | "scaleKind" | "domain" | "format" | "titles" | "showDifference";

/** What decides the panels; see SideBySideProps. */
export type Compared = {
  readonly [Name in ComparedProps]: SideBySideProps[Name] | undefined;
};

/** Everything the figure shows, as plain objects: truth and inference share one scale. */
export function comparePanels(props: Compared): {
  panels: MapPanel[];
  scale: Scale;
  differenceScale: Scale | undefined;
} {
  const {
    truth = [],
    predicted = [],
    unit = "",
    scaleKind = "linear",
    format = formatValue,
  } = props;
  const [truthTitle, predictedTitle, differenceTitle] = props.titles ?? TITLES;
  const scale = sharedScale([truth, predicted], {
    kind: scaleKind,
    unit,
    ...(props.domain ? { domain: props.domain } : {}),
  });
  const panels: MapPanel[] = [
    { id: "truth", title: truthTitle, values: truth, scale, format },
    { id: "predicted", title: predictedTitle, values: predicted, scale, format },
  ];
  if (props.showDifference === false) return { panels, scale, differenceScale: undefined };
  const values = difference(predicted, truth);
  const around = differenceScale(values, { unit });
  panels.push({
    id: "difference",
    title: differenceTitle,
    values,
    scale: around,
    format: signed(format),
  });
  return { panels, scale, differenceScale: around };
}

function legendTitle(panels: readonly (MapPanel | undefined)[], unit: string): string {
  const titles = panels.map((panel) => panel?.title ?? "").join(", ");
  return unit === "" ? titles : `${titles}: ${unit}`;
}

/**
 * Truth and inference on one scale, and their difference, as maps that move together; the pointer shows the
 * values of all of them (house rule 15).
 */
export function SideBySide(props: SideBySideProps): JSX.Element {
  const { truth, predicted, unit = "", scaleKind, showDifference } = props;
  const domain = useSameList(props.domain);
  const titles = useSameList(props.titles);
  const format = useSameFormat(props.format);
  const {
    panels,
    scale,
    differenceScale: around,
  } = useMemo(
    () =>
      comparePanels({ truth, predicted, unit, scaleKind, domain, format, titles, showDifference }),
    [truth, predicted, unit, scaleKind, domain, format, titles, showDifference],
  );
  const twin = useMemo(
    () =>
      cellTwin(
        props.cells,
        panels.map(({ title, values = [], format: read }) => ({ title, values, format: read })),
      ),
    [props.cells, panels],
  );
  const tick = props.formatTick ?? format ?? formatTick;
  return (
    <MapFigure
      name={props.name}
      label={`${props.title}: ${panels.map(({ title }) => title.toLowerCase()).join(", ")}`}
      panels={panels}
      cells={props.cells}
      basemap={props.basemap}
      bounds={props.bounds}
      twin={twin}
      heightPx={props.heightPx ?? 380}
      caption={props.caption}
      legend={
        <>
          <Legend scale={scale} title={legendTitle([panels[0], panels[1]], unit)} format={tick} />
          {around && <Legend scale={around} title={legendTitle([panels[2]], unit)} format={tick} />}
        </>
      }
    />
  );
}
