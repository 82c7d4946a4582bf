import { useMemo, type JSX } from "react";
import type { FoundPoint } from "../../core/data/read/source";
import { boundsOf } from "../map/bounds";
import { formatPlace } from "../map/format";
import { mapColors } from "../map/map-colors";
import { MapFigure } from "../map/MapFigure";
import type { LngLat, Shape } from "../map/shapes";
import { usePage } from "../page-context";
import { useTheme } from "../style/theme";
import { formatCounted } from "../words";

interface PointsMapProps {
  /** The first points of a file, as they will be read. */
  points: readonly FoundPoint[];
  heightPx?: number;
}

const isPlace = ({ lat, lng }: FoundPoint): boolean => Math.abs(lat) <= 90 && Math.abs(lng) <= 180;

function momentOf({ timeMs }: FoundPoint): string {
  return Number.isNaN(timeMs)
    ? "no time"
    : new Date(timeMs).toISOString().replace("T", " ").slice(0, 19);
}

/** Where the first points of a file lie: a wrong column or swapped coordinates are seen at once. */
export function PointsMap({ points, heightPx = 250 }: PointsMapProps): JSX.Element {
  const { basemap } = usePage();
  const theme = useTheme();
  const figure = useMemo(() => {
    const shown = points.filter(isPlace);
    const places = shown.map(({ lat, lng }): LngLat => [lng, lat]);
    const { truth } = mapColors(theme);
    const shapes: Shape[] = [{ id: "points", kind: "dots", color: truth, places, radiusPx: 3 }];
    const [west, south, east, north] = boundsOf(places);
    const where =
      places.length === 0 ? "" : ` ${formatPlace(south, west)} to ${formatPlace(north, east)}.`;
    const twin = {
      summary: `${formatCounted(places.length, "point")}.${where}`,
      head: ["person", "time (UTC)", "latitude", "longitude"],
      rows: shown
        .slice(0, 12)
        .map((point) => [point.user, momentOf(point), String(point.lat), String(point.lng)]),
    };
    return { shapes, twin, bounds: [west, south, east, north] as const };
  }, [points, theme]);
  const panels = useMemo(() => [{ id: "map", title: "The first points" }], []);
  return (
    <MapFigure
      name="first-points"
      label="The first points"
      {...{ panels, basemap, heightPx, ...figure }}
    />
  );
}
