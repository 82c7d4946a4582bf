import { cellToBoundary, latLngToCell } from "h3-js";
import { expect, it } from "vitest";
import { createRandom } from "../random";
import { halvesToHash } from "./cells";
import { TileEncoder } from "./tile-encoder";

type Place = [lat: number, lng: number];

const { uniform } = createRandom(1, "tile-encoder");
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** Places that get another cell than h3-js gives them, when their tiles have all been fitted. */
function differences(places: readonly Place[], resolution: number): Place[] {
  const encoder = new TileEncoder(resolution);
  for (let visit = 0; visit < 100; visit++) {
    for (const [lat, lng] of places) encoder.encode(lat, lng);
  }
  return places.filter(([lat, lng]) => {
    encoder.encode(lat, lng);
    const [hi, lo] = encoder.halves;
    return halvesToHash(hi!, lo!) !== latLngToCell(lat, lng, resolution);
  });
}

const onGlobe = (): Place => [
  (Math.asin(2 * uniform() - 1) * 180) / Math.PI,
  360 * uniform() - 180,
];

/** Places on and within 10^-12 to 10^-4 degrees of a cell's corners and edges. */
const borders = (cell: string): Place[] =>
  cellToBoundary(cell).flatMap(([lat, lng], i, corners): Place[] => {
    const [nextLat, nextLng] = corners[(i + 1) % corners.length]!;
    if (Math.abs(nextLng - lng) > 180) return [];
    const share = uniform();
    const far = 10 ** (-12 + 8 * uniform());
    const on: Place = [lat + share * (nextLat - lat), lng + share * (nextLng - lng)];
    return [[lat, lng], on, [on[0] + far, on[1] - far]];
  });

it.each([0, 3, 5, 7, 8, 9, 10, 12])("finds h3-js' cells at resolution %i", (resolution) => {
  const places = times(1000, onGlobe);
  const hard = times(150, () => latLngToCell(...onGlobe(), resolution)).flatMap(borders);
  const odd: Place[] = [
    [90, 0],
    [-90, -180],
    [89.9999999, 180],
    [100, 20],
    [20, -540],
    [-0, -0],
  ];
  expect(differences([...places, ...hard, ...odd], resolution)).toEqual([]);
});

it("finds them while people walk, in and out of tiles", () => {
  const encoder = new TileEncoder(9);
  let place: Place = [34.9, 131.9]; // an edge between two faces is near
  const wrong = times(20_000, () => {
    place = [place[0] + 0.002 * (uniform() - 0.5), place[1] + 0.002 * (uniform() - 0.495)];
    encoder.encode(...place);
    const [hi, lo] = encoder.halves;
    return halvesToHash(hi!, lo!) === latLngToCell(...place, 9) ? 0 : 1;
  });
  expect(wrong.filter(Boolean)).toHaveLength(0);
});

it("throws what h3-js throws for NaN", () => {
  expect(() => new TileEncoder(8).encode(NaN, 1)).toThrow("Latitude");
});
