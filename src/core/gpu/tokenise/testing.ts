import { cellToBoundary, cellToLatLng, getPentagons, gridDisk, latLngToCell } from "h3-js";
import type { Points } from "../../data/points";
import { createRandom } from "../../random";
import { findAdapter } from "../webgpu";

export type Place = [lat: number, lng: number];

/** A device of its own for a test, without optional features and with default limits. */
export async function openTestDevice(): Promise<GPUDevice> {
  const { adapter } = await findAdapter();
  return adapter!.adapter.requestDevice();
}

/** One point a place, each a minute after the one before, `perUser` a user. */
export function pointsAt(places: readonly Place[], perUser = 100): Points {
  return {
    users: Array.from({ length: Math.ceil(places.length / perUser) }, (_, u) => `user ${u}`),
    user: Uint32Array.from(places, (_, i) => Math.floor(i / perUser)),
    timeMs: Float64Array.from(places, (_, i) => 1_700_000_000_000 + 60_000 * i),
    lat: Float64Array.from(places, ([lat]) => lat),
    lng: Float64Array.from(places, ([, lng]) => lng),
  };
}

const { uniform } = createRandom(1, "tokenise");
const between = (from: number, to: number): number => from + (to - from) * uniform();

/** Anywhere in a square of so many degrees, by its south-west corner. */
export const inSquare = (south: number, west: number, sizeDeg: number): Place => [
  between(south, south + sizeDeg),
  between(west, west + sizeDeg),
];
export const onGlobe = (): Place => [
  (Math.asin(between(-1, 1)) * 180) / Math.PI,
  between(-180, 180),
];

export const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** A place within 1e-12 to 10^reach degrees of another, on the globe. */
function beside([lat, lng]: Place, reach: number): Place {
  const far = 10 ** between(-12, reach);
  const inside = (value: number, most: number): number => Math.min(most, Math.max(-most, value));
  return [inside(lat + far * between(-1, 1), 90), inside(lng + far * between(-1, 1), 180)];
}

/** Corners of cells, and places on and beside their edges. */
export function borders(cells: readonly string[]): Place[] {
  return cells.flatMap((cell) => {
    const corners = cellToBoundary(cell);
    return corners.flatMap(([lat, lng], i): Place[] => {
      const [nextLat, nextLng] = corners[(i + 1) % corners.length]!;
      if (Math.abs(nextLng - lng) > 180) return [[lat, lng]]; // across the antimeridian
      const on = (share: number): Place => [
        lat + share * (nextLat - lat),
        lng + share * (nextLng - lng),
      ];
      return [on(0), on(0.5), beside(on(uniform()), -4), beside(on(uniform()), -4)];
    });
  });
}

/** Places on which methods differ if they differ anywhere. */
export function hardPlaces(resolution: number): Place[] {
  const cellAt = ([lat, lng]: Place): string => latLngToCell(lat, lng, resolution);
  const middles = getPentagons(resolution).flatMap((cell) =>
    times(4, () => beside(cellToLatLng(cell), 0)),
  );
  const poles: Place[] = [90, -90].flatMap((lat) => [
    [lat, between(-180, 180)],
    ...times(8, () => beside([lat, between(-180, 180)], 0)),
  ]);
  const antimeridian: Place[] = [180, -180].flatMap((lng) => [
    [between(-90, 90), lng],
    ...times(8, () => beside([between(-90, 90), lng], -2)),
  ]);
  const tileCorners = times(40, () => {
    const [lat, lng] = inSquare(24, 122, 22);
    return beside([Math.round(2 * lat) / 2, Math.round(2 * lng) / 2], -6);
  });
  const outside: Place[] = [
    [100, 20],
    [20, 200],
    [-91, -400],
    [-0, -0],
  ];
  const japan = borders(times(40, () => cellAt(inSquare(24, 122, 22))));
  const globe = borders(times(20, () => cellAt(onGlobe())));
  const around = borders(getPentagons(resolution).flatMap((cell) => gridDisk(cell, 1)));
  return [around, middles, poles, antimeridian, tileCorners, outside, japan, globe].flat();
}
