import fc from "fast-check";
import {
  cellToBoundary,
  cellToLatLng,
  getPentagons,
  getRes0Cells,
  gridDisk,
  latLngToCell,
} from "h3-js";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random";
import { halvesToHash } from "./cells";
import { CellEncoder } from "./encode";

type Place = [lat: number, lng: number];

const { uniform } = createRandom(1, "encode");

/** Places that get another cell than h3-js gives them. */
function differences(places: readonly Place[], resolution: number): Place[] {
  const encoder = new CellEncoder(resolution);
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

/** A place within 10^-14 to 10^reach degrees of another, on the globe. */
function beside([lat, lng]: Place, reach: number): Place {
  const far = 10 ** (-14 + (14 + reach) * uniform());
  const move = (): number => far * (2 * uniform() - 1);
  return [Math.min(90, Math.max(-90, lat + move())), Math.min(180, Math.max(-180, lng + move()))];
}

/** Corners of cells, and places on and beside their edges. */
function borders(cells: readonly string[]): Place[] {
  return cells.flatMap((cell) => {
    const corners = cellToBoundary(cell);
    return corners.flatMap(([lat, lng], i): Place[] => {
      const [nextLat, nextLng] = corners[(i + 1) % corners.length]!;
      const on = (share: number): Place => [
        lat + share * (nextLat - lat),
        Math.max(-180, Math.min(180, lng + share * (nextLng - lng))),
      ];
      return [on(0), on(0.5), ...Array.from({ length: 4 }, () => beside(on(uniform()), -3))];
    });
  });
}

const RESOLUTIONS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe("CellEncoder agrees with h3-js to the last bit", () => {
  it.each([...RESOLUTIONS, 11, 15])("anywhere at resolution %i", (resolution) => {
    const places = Array.from({ length: 10_000 }, onGlobe);
    expect(differences(places, resolution)).toEqual([]);
  });

  it.each(RESOLUTIONS.slice(4))("on the borders of cells at resolution %i", (resolution) => {
    const cells = Array.from({ length: 200 }, () => latLngToCell(...onGlobe(), resolution));
    expect(differences(borders(cells), resolution)).toEqual([]);
  });

  it.each(RESOLUTIONS.slice(4))("around the twelve pentagons at resolution %i", (resolution) => {
    const cells = getPentagons(resolution).flatMap((pentagon) => gridDisk(pentagon, 2));
    const places = cells.flatMap((cell) =>
      Array.from({ length: 6 }, () => beside(cellToLatLng(cell), 0)),
    );
    expect(differences([...places, ...borders(cells)], resolution)).toEqual([]);
  });

  it.each([5, 8, 10])("near the middles of faces and base cells at resolution %i", (resolution) => {
    // H3 loses digits near the middle of a face, which is the middle of a base cell
    const places = getRes0Cells().flatMap((cell) =>
      Array.from({ length: 60 }, () => beside(cellToLatLng(cell), 0)),
    );
    expect(differences(places, resolution)).toEqual([]);
  });

  it.each([5, 8, 10])(
    "at poles, at the antimeridian and outside at resolution %i",
    (resolution) => {
      const places: Place[] = [
        ...([
          [90, 0],
          [-90, 0],
          [90, 180],
          [0, 180],
          [0, -180],
          [-0, -0],
          [0, 0],
        ] as Place[]),
        ...([
          [89.9999999, 12],
          [45.5, 180],
          [45.5, -180],
          [0.5, 0.5],
          [-0.5, -179.5],
        ] as Place[]),
        ...([
          [100, 20],
          [20, 200],
          [-91, -400],
          [35.7, 499.7],
        ] as Place[]), // h3-js turns these around
      ];
      expect(differences(places, resolution)).toEqual([]);
    },
  );

  it("wherever a property test looks", () => {
    const lat = fc.double({ min: -90, max: 90, noNaN: true });
    const lng = fc.double({ min: -180, max: 180, noNaN: true });
    fc.assert(
      fc.property(lat, lng, fc.constantFrom(5, 6, 7, 8, 9, 10), (a, b, resolution) => {
        expect(differences([[a, b]], resolution)).toEqual([]);
      }),
    );
  });
});

it("asks h3-js for next to nothing", () => {
  const encoder = new CellEncoder(8);
  const place = { face: 0, i: 0, j: 0 };
  const unsure = Array.from({ length: 200_000 }, onGlobe).filter(
    ([lat, lng]) => !encoder.locate(lat, lng, place),
  );
  expect(unsure.length).toBeLessThan(10);
});
