import fc from "fast-check";
import { cellToBoundary, cellToLatLng, getPentagons, gridDisk, latLngToCell } from "h3-js";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random";
import { CellTableBuilder, halvesToHash, hashToHi, hashToLo } from "./cells";
import { CellLocator } from "./locate";

type Place = [lat: number, lng: number];

/** Number of places, each asked three times, that are put into another cell than h3-js puts them. */
function countDifferences(places: readonly Place[], resolution: number): number {
  const cells = new CellTableBuilder(resolution);
  const locator = new CellLocator(resolution, cells);
  const expected = places.map(([lat, lng]) => latLngToCell(lat, lng, resolution));
  let differences = 0;
  for (let round = 0; round < 3; round++) {
    places.forEach(([lat, lng], i) => {
      const hash = expected[i]!;
      const number = locator.locate(lat, lng);
      if (number !== cells.find(hashToHi(hash), hashToLo(hash))) differences++;
    });
  }
  return differences;
}

/** Places on and beside the edges and corners of cells, from a nanometre to many metres away. */
function placesNearBorders(cells: readonly string[], random: () => number): Place[] {
  return cells.flatMap((cell) => {
    const corners = cellToBoundary(cell);
    return corners.flatMap(([lat, lng], i): Place[] => {
      const [nextLat, nextLng] = corners[(i + 1) % corners.length]!;
      return Array.from({ length: 8 }, () => {
        const share = random();
        const reach = 10 ** (-14 + 12 * random());
        return [
          lat + share * (nextLat - lat) + reach * (random() - 0.5),
          lng + share * (nextLng - lng) + reach * (random() - 0.5),
        ];
      });
    });
  });
}

describe("CellLocator", () => {
  const { uniform } = createRandom(1, "locate");

  it.each([5, 6, 7, 8, 9, 10])("agrees with h3-js in a city at resolution %i", (resolution) => {
    const reach = 40 / 7 ** (resolution / 2);
    const places = Array.from({ length: 30_000 }, (): Place => {
      return [35.7 + reach * (uniform() - 0.5), 139.7 + reach * (uniform() - 0.5)];
    });
    expect(countDifferences(places, resolution)).toBe(0);
  });

  it.each([
    ["Japan", "882e601a5dfffff"],
    ["Tromsø", latLngToCell(69.65, 18.96, 8)],
    ["the antimeridian", latLngToCell(-17, 179.99, 8)],
    ["the pole", latLngToCell(89.99, 0, 8)],
    ["a pentagon", getPentagons(8)[3]!],
    ["an edge of the icosahedron", latLngToCell(58.4, 11.2, 8)],
  ])("agrees with h3-js on the borders of cells: %s", (_, cell) => {
    expect(countDifferences(placesNearBorders(gridDisk(cell, 6), uniform), 8)).toBe(0);
  });

  it("agrees with h3-js anywhere", () => {
    const lat = fc.double({ min: -90, max: 90, noNaN: true });
    const lng = fc.double({ min: -180, max: 180, noNaN: true });
    const spread = fc.double({ min: -0.02, max: 0.02, noNaN: true });
    fc.assert(
      fc.property(lat, lng, fc.array(fc.tuple(spread, spread)), (lat0, lng0, steps) => {
        const places = steps.map(([dLat, dLng]): Place => [lat0 + dLat, lng0 + dLng]);
        expect(countDifferences(places, 8)).toBe(0);
      }),
    );
  });

  it("agrees with h3-js a hair from the pole and from the antimeridian", () => {
    const hair = 1e-14;
    const rows = Array.from({ length: 400 }, (_, n): Place[] => [
      [90 - hair, n / 400],
      [-90 + hair, -n / 400],
      [35 + n / 1000, 180 - 2 * hair],
      [35 + n / 1000, -180 + 2 * hair],
      [45.25, 179.6 + n / 1000],
    ]);
    expect(countDifferences(rows.flat(), 8)).toBe(0);
  });

  it("numbers cells as the builder does", () => {
    const cells = new CellTableBuilder(8);
    const locator = new CellLocator(8, cells);
    const [lat, lng] = cellToLatLng("882e601a5dfffff");
    expect([1, 2, 3, 4].map(() => locator.locate(lat, lng))).toEqual([0, 0, 0, 0]);
    const { hi, lo } = cells.build();
    expect(halvesToHash(hi[0]!, lo[0]!)).toBe("882e601a5dfffff");
  });
});
