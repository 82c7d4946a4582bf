import { cellToLatLng } from "h3-js";
import type { Marker } from "./markers";
import type { LngLat } from "./shapes";

/** One check-in of a trajectory as a map shows it. */
export interface CheckInMark {
  /** Its cell, 15 hexadecimal digits. */
  readonly hash: string;
  /** When, e.g. "Mon 4 May, 08:20"; default none. */
  readonly time?: string | undefined;
}

/** The middle of a cell. */
export function cellPlace(hash: string): LngLat {
  const [lat, lng] = cellToLatLng(hash);
  return [lng, lat];
}

/** Check-ins by cell: for each distinct cell the positions (from 0) in the trajectory. */
export function groupByCell(checkIns: readonly CheckInMark[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  checkIns.forEach(({ hash }, i) => groups.set(hash, [...(groups.get(hash) ?? []), i]));
  return groups;
}

/** Numbers from 1 as people count: "3", "1, 4", "1, 4, +7". */
export function listPositions(positions: readonly number[]): string {
  const shown = positions.length > 3 ? positions.slice(0, 2) : positions;
  const rest = positions.length - shown.length;
  return [...shown.map((i) => String(i + 1)), ...(rest > 0 ? [`+${rest}`] : [])].join(", ");
}

interface CheckInMarkerOptions {
  chosen: number;
  /** Positions of check-ins that the model does not see either. */
  hidden?: readonly number[] | undefined;
  panel?: string | undefined;
  onChoose?: ((index: number) => void) | undefined;
}

/** A numbered marker per distinct cell; choosing one of several check-ins there chooses the first. */
export function checkInMarkers(
  checkIns: readonly CheckInMark[],
  { chosen, hidden = [], panel, onChoose }: CheckInMarkerOptions,
): Marker[] {
  return [...groupByCell(checkIns)].map(([hash, positions]) => {
    const isChosen = positions.includes(chosen);
    const isHidden = positions.every((position) => hidden.includes(position));
    const first = positions[0]!;
    const text = isChosen ? String(chosen + 1) : listPositions(positions);
    return {
      id: `check-in-${first + 1}`,
      place: cellPlace(hash),
      text,
      label: `Check-in ${text}, cell ${hash}`,
      look: isChosen ? "masked" : isHidden ? "hidden" : "check-in",
      ...(panel === undefined ? {} : { panel }),
      ...(onChoose ? { onChoose: () => onChoose(isChosen ? chosen : first) } : {}),
    };
  });
}

/** The trajectory as a line through the middles of its cells. */
export function trajectoryLine(checkIns: readonly CheckInMark[]): LngLat[] {
  return checkIns.map(({ hash }) => cellPlace(hash));
}
