import type { Marker } from "./markers";

type Side = NonNullable<Marker["side"]>;

/** A marker and where it falls on its panel, CSS pixels. */
export interface Placed {
  readonly marker: Marker;
  readonly x: number;
  readonly y: number;
  /** Distance of a label beside its place. */
  readonly clearPx: number;
}

/** A label beside its place stands at least this far away. */
export const SMALLEST_CLEAR_PX = 9;

/** Who chooses its room first. */
const RANK: Record<Marker["look"], number> = {
  masked: 0,
  guess: 1,
  truth: 1,
  text: 2,
  hidden: 2,
  "check-in": 3,
};
const BESIDE: readonly Side[] = ["above", "right", "below", "left"];

const CHARACTER_PX = 6.6;
const PADDING_PX = 10;
const HEIGHT_PX = 17;

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Where a marker's text stands, roughly: fonts are not measured. */
function boxOf({ marker, x, y, clearPx }: Placed, side: Side): Box {
  const width = Math.max(18, marker.text.length * CHARACTER_PX + PADDING_PX);
  const aside = width / 2 + clearPx - 5; // the padding is there for pills; plain labels come closer
  const apart = HEIGHT_PX / 2 + clearPx;
  const dx = side === "left" ? -aside : side === "right" ? aside : 0;
  const dy = side === "above" ? -apart : side === "below" ? apart : 0;
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

/** A centred marker stays where it is; a label may move to another side. */
function sidesOf({ side = "centre" }: Marker): readonly Side[] {
  return side === "centre" ? [side] : [side, ...BESIDE.filter((other) => other !== side)];
}

/**
 * The markers that find room, each on a side where it does, the more important first. What is hidden is still
 * in the table and in the strip of check-ins.
 */
export function declutter(placed: readonly Placed[]): Placed[] {
  const taken: Box[] = [];
  return placed
    .toSorted((a, b) => RANK[a.marker.look] - RANK[b.marker.look])
    .flatMap((item) => {
      for (const side of sidesOf(item.marker)) {
        const box = boxOf(item, side);
        if (taken.some((other) => isOverlap(box, other))) continue;
        taken.push(box);
        return [{ ...item, marker: { ...item.marker, side } }];
      }
      return [];
    });
}
