import type { Marker } from "./markers";

/** A marker and where it falls on its panel, CSS pixels. */
export interface Placed {
  readonly marker: Marker;
  readonly x: number;
  readonly y: number;
}

/** Who stays when two overlap: the smaller number. */
const RANK: Record<Marker["look"], number> = {
  masked: 0,
  guess: 1,
  truth: 1,
  text: 2,
  "check-in": 3,
};

const CHARACTER_PX = 6.8;
const PADDING_PX = 10;
const HEIGHT_PX = 17;
const OFFSET_PX = 17;

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Where a marker's text stands, roughly: fonts are not measured. */
function boxOf({ marker, x, y }: Placed): Box {
  const width = Math.max(18, marker.text.length * CHARACTER_PX + PADDING_PX);
  const side = marker.side ?? "centre";
  const dx = side === "left" ? -width / 2 - 9 : side === "right" ? width / 2 + 9 : 0;
  const dy = side === "above" ? -OFFSET_PX : side === "below" ? OFFSET_PX : 0;
  return {
    left: x + dx - width / 2,
    right: x + dx + width / 2,
    top: y + dy - HEIGHT_PX / 2,
    bottom: y + dy + HEIGHT_PX / 2,
  };
}

function isOverlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** The markers that find room, the more important first; what is hidden is still in the table and the strip. */
export function declutter(placed: readonly Placed[]): Placed[] {
  const order = placed.toSorted((a, b) => RANK[a.marker.look] - RANK[b.marker.look]);
  const taken: Box[] = [];
  return order.filter((item) => {
    const box = boxOf(item);
    if (taken.some((other) => isOverlap(box, other))) return false;
    taken.push(box);
    return true;
  });
}
