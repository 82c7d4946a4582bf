import { useMemo, type JSX, type ReactNode } from "react";
import { boundsOfCells } from "../map/bounds";
import { cellPlace, trajectoryLine } from "../map/check-ins";
import type { Twin } from "../map/cell-twin";
import { mapColors, type MapColors, type Rgba } from "../map/map-colors";
import { MapFigure } from "../map/MapFigure";
import type { Shape } from "../map/shapes";
import { usePage } from "../page-context";
import { useTheme } from "../style/theme";
import { Key, type KeyItem } from "../ui/Key";

/** A way over the map, cell by cell. */
export interface DrawnRoute {
  readonly id: string;
  readonly hashes: readonly string[];
  readonly color: "path" | "truth" | "guess" | "ink";
  readonly widthPx: number;
  /** Colour of each place instead of the line's; default that. */
  readonly dots?: readonly Rgba[];
  readonly radiusPx?: number;
}

interface RoutesMapProps {
  name: string;
  label: string;
  routes: readonly DrawnRoute[];
  /** Cells to look at first; default all. */
  near?: readonly string[] | undefined;
  items: readonly KeyItem[];
  legend?: ReactNode;
  twin: Twin;
  caption?: ReactNode;
}

/** Places of one colour together: a layer for each would be too many. */
function dotShapes(
  { id, hashes, color, dots, radiusPx = 3.5 }: DrawnRoute,
  colors: MapColors,
): Shape[] {
  const groups = new Map<string, { color: Rgba; hashes: string[] }>();
  hashes.forEach((hash, i) => {
    const [red, green, blue] = dots?.[i] ?? colors[color];
    const own: Rgba = [red, green, blue, 255];
    const group = groups.get(own.join()) ?? { color: own, hashes: [] };
    group.hashes.push(hash);
    groups.set(own.join(), group);
  });
  return [...groups].map(([key, group]) => ({
    id: `${id} ${key}`,
    kind: "dots",
    places: group.hashes.map(cellPlace),
    radiusPx,
    color: group.color,
  }));
}

/** Some ways on one map. */
export function RoutesMap(props: RoutesMapProps): JSX.Element {
  const { name, label, routes, near, items, legend, twin, caption } = props;
  const { basemap } = usePage();
  const colors = mapColors(useTheme());
  const shapes = useMemo(
    () =>
      routes.flatMap((route): Shape[] => {
        const { id, hashes, widthPx, color } = route;
        const line = trajectoryLine(hashes.map((hash) => ({ hash })));
        return [
          { id: `${id} line`, kind: "line", lines: [line], widthPx, color: colors[color] },
          ...dotShapes(route, colors),
        ];
      }),
    [routes, colors],
  );
  const bounds = useMemo(
    () => boundsOfCells(near ?? routes.flatMap(({ hashes }) => [...hashes])),
    [near, routes],
  );
  const panels = useMemo(() => [{ id: "routes", title: label }], [label]);
  return (
    <MapFigure
      name={name}
      label={label}
      panels={panels}
      shapes={shapes}
      bounds={bounds}
      basemap={basemap}
      twin={twin}
      heightPx={340}
      legend={
        <>
          <Key items={items} />
          {legend}
        </>
      }
      caption={caption}
    />
  );
}
