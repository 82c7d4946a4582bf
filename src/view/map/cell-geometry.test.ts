import fc from "fast-check";
import { getPentagons, gridDisk, latLngToCell } from "h3-js";
import { describe, expect, it } from "vitest";
import { CellTableBuilder } from "../../core/geo/cells";
import type { CellTable } from "../../core/geo/cells";
import { buildCellGeometry, getCellGeometry, spreadColors } from "./cell-geometry";
import type { CellGeometry } from "./cell-geometry";

function tableOf(hashes: readonly string[]): CellTable {
  const builder = new CellTableBuilder();
  for (const hash of hashes) builder.add(hash);
  return builder.build();
}

/** 1e-9 of the common space, 0.08 mm on the equator: far below a pixel at every zoom. */
const PER_UNIT = 1e9;

/** How many cells have each edge, the edge named by its ends to 0.08 mm. */
function countEdges({ starts, positions }: CellGeometry): Map<string, number> {
  const counts = new Map<string, number>();
  const place = (v: number, axis: 0 | 1): number =>
    Math.round((positions[v * 4 + axis]! + positions[v * 4 + 2 + axis]!) * PER_UNIT);
  const name = (v: number): string => `${place(v, 0)},${place(v, 1)}`;
  for (let n = 0; n + 1 < starts.length; n++) {
    const [first, end] = [starts[n]!, starts[n + 1]!];
    for (let v = first; v < end; v++) {
      const ends = [name(v), name(v + 1 < end ? v + 1 : first)].toSorted().join(" ");
      counts.set(ends, (counts.get(ends) ?? 0) + 1);
    }
  }
  return counts;
}

describe("buildCellGeometry", () => {
  it("gives neighbours the same edges, so that no pixel falls between", () => {
    const place = fc.record({
      lat: fc.double({ min: -75, max: 75, noNaN: true }),
      lng: fc.double({ min: -170, max: 170, noNaN: true }),
      resolution: fc.integer({ min: 4, max: 12 }),
    });
    fc.assert(
      fc.property(place, ({ lat, lng, resolution }) => {
        const centre = latLngToCell(lat, lng, resolution);
        const edges = countEdges(buildCellGeometry(tableOf(gridDisk(centre, 1))));
        // Each edge of the middle cell is also an edge of one of its neighbours.
        const middle = countEdges(buildCellGeometry(tableOf([centre])));
        for (const edge of middle.keys()) expect(edges.get(edge)).toBe(2);
      }),
      { numRuns: 300 },
    );
  });

  it("fills every cell with a fan, pentagons too", () => {
    const pentagon = getPentagons(8)[0]!;
    const { starts, indices } = buildCellGeometry(tableOf(gridDisk(pentagon, 1)));
    const vertexCount = starts.at(-1)!;
    expect(indices.length).toBe((vertexCount - 2 * (starts.length - 1)) * 3);
    expect(Math.max(...indices)).toBe(vertexCount - 1);
  });

  it("knows its bounds in degrees", () => {
    const { bounds } = buildCellGeometry(tableOf(gridDisk(latLngToCell(35.68, 139.76, 8), 3)));
    const [west, south, east, north] = bounds;
    expect(west).toBeGreaterThan(139.7);
    expect(east).toBeLessThan(139.82);
    expect(south).toBeGreaterThan(35.63);
    expect(north).toBeLessThan(35.73);
  });

  it("keeps the place of a vertex within a millimetre", () => {
    const hash = latLngToCell(35.68, 139.76, 8);
    const { positions, bounds } = buildCellGeometry(tableOf([hash]));
    const xs = Array.from({ length: 6 }, (_, v) => positions[v * 4]! + positions[v * 4 + 2]!);
    const west = (Math.min(...xs) / 512) * 360 - 180;
    expect(Math.abs(west - bounds[0]) * 111_000_000).toBeLessThan(1);
  });

  it("is empty for no cells", () => {
    expect(buildCellGeometry(tableOf([])).indices.length).toBe(0);
  });
});

describe("getCellGeometry", () => {
  it("is made once per table and equals the one made in one go", async () => {
    const cells = tableOf(gridDisk(latLngToCell(35, 139, 8), 20));
    const geometry = await getCellGeometry(cells);
    expect(await getCellGeometry(cells)).toBe(geometry);
    expect(geometry).toEqual(buildCellGeometry(cells));
  });
});

describe("spreadColors", () => {
  it("gives every vertex the colour of its cell", () => {
    const colors = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const spread = spreadColors(colors, Uint32Array.of(0, 2, 5));
    expect([...spread]).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8]);
  });
});
