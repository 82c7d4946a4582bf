import type { Rgb } from "../map/color-tables";
import type { MapPanel } from "../map/MapPanels";
import { scaleColor } from "../map/scale";
import type { LngLat, Shape } from "../map/shapes";

/** Fewer places than this are drawn as dots too: a hexagon of one would be lost in a country. */
const FEW_PLACES = 1500;

/** Dots for places that are few and far between, coloured as their cells. */
export function placeDots(panels: readonly MapPanel[], places: readonly LngLat[]): Shape[] {
  if (places.length > FEW_PLACES) return [];
  return panels.flatMap(({ id, values, scale }) => {
    const byColor = new Map<string, { color: Rgb; places: LngLat[] }>();
    places.forEach((place, n) => {
      const color = values && scale && scaleColor(scale, values[n]!);
      if (color === undefined) return;
      const group = byColor.get(color.join()) ?? { color, places: [] };
      group.places.push(place);
      byColor.set(color.join(), group);
    });
    const halo: Shape = {
      id: "halo",
      panel: id,
      kind: "dots",
      places: [...byColor.values()].flatMap((group) => group.places),
      radiusPx: 5,
      color: [60, 62, 66, 255],
    };
    const dots = [...byColor].map(([name, group]): Shape => {
      const color = [...group.color, 255] as const;
      return {
        id: `dots ${name}`,
        panel: id,
        kind: "dots",
        places: group.places,
        radiusPx: 4,
        color,
      };
    });
    return [halo, ...dots];
  });
}
