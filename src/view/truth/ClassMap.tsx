import { useMemo, type JSX } from "react";
import type { CellTable } from "../../core/geo/cells";
import { boundsOfTable } from "../map/bounds";
import { classScale, toEntries, type ClassEntry } from "../map/class-figure";
import { describePlaces, type Twin } from "../map/cell-twin";
import { formatShare } from "../map/format";
import { MapFigure } from "../map/MapFigure";
import { usePage } from "../page-context";
import { ClassLegend } from "../ui/ClassLegend";
import { formatCount, formatCounted } from "../words";

interface ClassMapProps {
  title: string;
  unit: string;
  cells: CellTable;
  /** Numbers of classes, NaN for none. [N] */
  values: ArrayLike<number>;
  /** Those of all cells, shown or not: what decides the colours and what is counted. */
  all: ArrayLike<number>;
  classes: readonly string[];
  heightPx: number;
}

const NOBODY: ArrayLike<number> = [];

function toTwin(cells: CellTable, entries: readonly ClassEntry[]): Twin {
  const known = entries.reduce((sum, { truth }) => sum + truth, 0);
  const rows = entries
    .filter(({ truth }) => truth > 0)
    .map(({ name, truth }) => [name, formatCount(truth), formatShare(truth / known)]);
  const place = known > 0 ? `${describePlaces(boundsOfTable(cells))}. ` : "";
  return {
    summary: `${place}${formatCounted(known, "cell")} of ${formatCounted(rows.length, "class", "classes")}.`,
    head: ["class", "cells", "of all"],
    rows,
  };
}

/** The class of each cell; the nine most frequent have colours of their own. */
export function ClassMap(props: ClassMapProps): JSX.Element {
  const { title, unit, cells, values, all, classes, heightPx } = props;
  const { basemap } = usePage();
  const figure = useMemo(() => {
    const { entries, colorOf } = toEntries({ truth: all, predicted: NOBODY, classes });
    const shown = entries.filter(({ truth }) => truth > 0);
    const panel = {
      id: "map",
      title,
      values,
      scale: classScale(colorOf, unit),
      format: (value: number) => classes[value] ?? "no value",
      isClasses: true,
    };
    const own = new Set(shown.slice(0, 9).map(({ color }) => color));
    const otherCount = shown.length - own.size;
    return { panels: [panel], entries: shown, otherCount, twin: toTwin(cells, entries) };
  }, [cells, values, all, classes, title, unit]);
  return (
    <MapFigure
      name="truth"
      label={title}
      panels={figure.panels}
      {...{ cells, basemap, heightPx }}
      twin={figure.twin}
      legend={<ClassLegend title={unit} entries={figure.entries} otherCount={figure.otherCount} />}
    />
  );
}
