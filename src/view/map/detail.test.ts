import { gridDisk, latLngToCell } from "h3-js";
import { describe, expect, it } from "vitest";
import { CellTableBuilder } from "../../core/geo/cells";
import type { CellTable } from "../../core/geo/cells";
import { drawnResolution, meanByParent, mostByParent, toDetail } from "./detail";

function disk(rings: number): CellTable {
  const builder = new CellTableBuilder();
  for (const hash of gridDisk(latLngToCell(35.68, 139.76, 8), rings)) builder.add(hash);
  return builder.build();
}

const at = (zoom: number): { longitude: number; latitude: number; zoom: number } => ({
  longitude: 139.76,
  latitude: 35.68,
  zoom,
});

describe("drawnResolution", () => {
  it("gets finer with every zoom until the cells themselves", () => {
    const cells = disk(40);
    const resolutions = [3, 4, 5, 6, 7, 8, 9, 10].map((zoom) => drawnResolution(cells, at(zoom)));
    expect(resolutions).toEqual(resolutions.toSorted((a, b) => a - b));
    expect(resolutions[0]).toBeLessThan(6);
    expect(resolutions.at(-1)).toBe(8);
  });

  it("draws few cells as they are", () => {
    expect(drawnResolution(disk(3), at(2))).toBe(8);
  });
});

it("takes the most frequent class of each parent, and none where there is none", () => {
  const parentOf = Uint32Array.of(0, 0, 0, 1, 1, 2);
  const classes = [4, 1, 4, 3, 2, Number.NaN];
  expect(Array.from(mostByParent(classes, parentOf, 3))).toEqual([4, 2, Number.NaN]);
});

describe("toDetail", () => {
  it("gives the same objects at the table's own resolution", () => {
    const cells = disk(2);
    const panels = [{ id: "a", title: "A" }];
    expect(toDetail(cells, panels, 8)).toEqual({ cells, panels });
    expect(toDetail(cells, panels, 8).panels).toBe(panels);
  });

  it("takes the mean over the cells of each parent", () => {
    const cells = disk(20);
    const values = Float32Array.from(cells.hi, () => 3);
    const { cells: parents, panels } = toDetail(cells, [{ id: "a", title: "A", values }], 7);
    expect(parents.resolution).toBe(7);
    expect(parents.hi.length).toBeLessThan(cells.hi.length / 4);
    expect(new Set(Array.from(panels[0]!.values!))).toEqual(new Set([3]));
  });
});

describe("meanByParent", () => {
  it("leaves NaN out, and gives NaN where nothing is left", () => {
    const means = meanByParent([1, 3, Number.NaN, Number.NaN], Uint32Array.of(0, 0, 0, 1), 2);
    expect([...means]).toEqual([2, Number.NaN]);
  });
});
