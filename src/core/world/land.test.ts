import { readFileSync } from "node:fs";
import fc from "fast-check";
import { cellToChildren, getResolution, isValidCell, latLngToCell } from "h3-js";
import { describe, expect, it } from "vitest";
import { cellHash } from "../geo/cells";
import { decodeLand, encodeLand } from "./land";

const hashesOf = (bytes: Uint8Array): string[] => {
  const { cells } = decodeLand(bytes);
  return Array.from(cells.hi, (_, n) => cellHash(cells, n));
};

describe("the land mask", () => {
  const children = cellToChildren(latLngToCell(34.7, 135.5, 4), 8);

  it("gives back any set of cells, in ascending order", () => {
    fc.assert(
      fc.property(fc.subarray(children, { minLength: 1 }), (hashes) => {
        expect(hashesOf(encodeLand(hashes))).toEqual([...hashes].sort());
      }),
      { numRuns: 30 },
    );
  });

  it("groups the cells by their parent", () => {
    const { parents, starts, cells } = decodeLand(encodeLand(children));
    expect(parents.hi.length).toBe(7);
    expect(Array.from(starts)).toEqual([0, 343, 686, 1029, 1372, 1715, 2058, 2401]);
    for (let p = 0; p < 7; p++) {
      const expected = cellToChildren(cellHash(parents, p), 8);
      const found = Array.from({ length: 343 }, (_, c) => cellHash(cells, starts[p]! + c));
      expect(found).toEqual(expected.sort());
    }
  });

  it("refuses bytes that are no land mask, or are cut short", () => {
    const bytes = encodeLand(children);
    for (const bad of [new Uint8Array(0), new Uint8Array(60), bytes.subarray(0, -1)]) {
      expect(() => decodeLand(bad)).toThrow("the land mask has");
    }
  });

  it("ships the 572,642 cells of Japan's shape", () => {
    const { cells, parents } = decodeLand(readFileSync("public/data/land-r8.bin"));
    expect(cells.hi.length).toBe(572_642);
    expect(parents.hi.length).toBe(2_217);
    for (let n = 0; n < cells.hi.length; n += 997) {
      const hash = cellHash(cells, n);
      expect(isValidCell(hash) && getResolution(hash) === 8, hash).toBe(true);
    }
  });
});
