import { useMemo, type JSX } from "react";
import type { Bounds } from "../map/cell-geometry";
import { describePlaces } from "../map/cell-twin";
import { mapColors, withAlpha } from "../map/map-colors";
import { MapFigure } from "../map/MapFigure";
import type { LngLat, Shape } from "../map/shapes";
import { usePage } from "../page-context";
import { useTheme } from "../style/theme";
import { Key } from "../ui/Key";

interface ExtentMapProps {
  /** The layer's box. */
  layer: Bounds;
  /** The data's box, where the people are there. */
  data: Bounds | undefined;
  heightPx?: number;
}

const ringOf = ([west, south, east, north]: Bounds): LngLat[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];

const middleOf = ([west, south, east, north]: Bounds): LngLat => [
  (west + east) / 2,
  (south + north) / 2,
];

/** A box around both, with some room. */
function around(boxes: readonly Bounds[]): Bounds {
  const of = (side: number, pick: (...values: number[]) => number): number =>
    pick(...boxes.map((box) => box[side]!));
  const [west, south, east, north] = [
    of(0, Math.min),
    of(1, Math.min),
    of(2, Math.max),
    of(3, Math.max),
  ];
  const [x, y] = [0.08 * (east - west), 0.08 * (north - south)];
  return [west - x, Math.max(-85, south - y), east + x, Math.min(85, north + y)];
}

const ROLES = [
  ["layer", "the layer", "var(--guess)"],
  ["data", "the data", "var(--truth)"],
] as const;

/** Where a layer lies, beside where the data lie: two boxes on the land. */
export function ExtentMap({ layer, data, heightPx = 230 }: ExtentMapProps): JSX.Element {
  const { basemap } = usePage();
  const theme = useTheme();
  const figure = useMemo(() => {
    const { guess, truth } = mapColors(theme);
    const boxes = data === undefined ? [layer] : [layer, data];
    const colors = [guess, truth];
    const shapes = boxes.flatMap((box, i): Shape[] => [
      { id: `fill-${i}`, kind: "fill", color: withAlpha(colors[i]!, 36), rings: [ringOf(box)] },
      { id: `line-${i}`, kind: "line", color: colors[i]!, lines: [ringOf(box)], widthPx: 2 },
      // a box of a city is less than a pixel where both lie oceans apart
      { id: `dot-${i}`, kind: "dots", color: colors[i]!, places: [middleOf(box)], radiusPx: 4 },
    ]);
    const rows = boxes.map((box, i) => [ROLES[i]![1], describePlaces(box)]);
    const twin = {
      summary: rows.map(([what, place]) => `${what}: ${place}.`).join(" "),
      head: ["", "place"],
      rows,
    };
    return { shapes, twin, bounds: around(boxes) };
  }, [layer, data, theme]);
  const panels = useMemo(() => [{ id: "map", title: "Where it lies" }], []);
  return (
    <MapFigure
      name="extents"
      label="Where the layer lies"
      {...{ panels, basemap, heightPx, ...figure }}
      legend={
        <Key
          items={ROLES.slice(0, data === undefined ? 1 : 2).map(([, text, color]) => ({
            text,
            color,
            look: "outline",
          }))}
        />
      }
    />
  );
}
