import fc from "fast-check";
import { cellToChildren, cellToLatLng, cellToParent, gridDisk, latLngToCell } from "h3-js";
import { describe, expect, it } from "vitest";
import {
  CellTableBuilder,
  cellCentres,
  cellDescendant,
  cellDigit,
  cellHash,
  cellParent,
  cellPath,
  cellResolution,
  checkCell,
  halvesToHash,
  hashToHi,
  hashToLo,
  haversineKm,
  indexCells,
  parentTable,
} from "./cells";

const AICHI = "882e601a5dfffff"; // paper 1's own example

const anyPlace = fc.record({
  lat: fc.double({ min: -85, max: 85, noNaN: true }),
  lng: fc.double({ min: -180, max: 180, noNaN: true }),
});

describe("cells", () => {
  it("keeps the cell through its two halves", () => {
    fc.assert(
      fc.property(anyPlace, fc.integer({ min: 0, max: 15 }), ({ lat, lng }, resolution) => {
        const hash = latLngToCell(lat, lng, resolution);
        expect(halvesToHash(hashToHi(hash), hashToLo(hash))).toBe(hash);
        expect(cellResolution(hashToHi(hash))).toBe(resolution);
      }),
    );
  });

  it("finds the same ancestors and descendants as H3", () => {
    fc.assert(
      fc.property(anyPlace, fc.integer({ min: 0, max: 7 }), ({ lat, lng }, coarse) => {
        const hash = latLngToCell(lat, lng, 8);
        const [hi, lo] = [hashToHi(hash), hashToLo(hash)];
        const parent = cellParent(hi, lo, coarse);
        expect(halvesToHash(...parent)).toBe(cellToParent(hash, coarse));
        const digits = Array.from({ length: 8 - coarse }, (_, i) =>
          cellDigit(hi, lo, coarse + 1 + i),
        );
        expect(halvesToHash(...cellDescendant(...parent, digits))).toBe(hash);
      }),
    );
  });

  it("reads a path of digits as an octal integer", () => {
    const children = cellToChildren(cellToParent(AICHI, 5), 8);
    const paths = children.map((hash) => cellPath(hashToHi(hash), hashToLo(hash), 6, 8));
    expect(new Set(paths).size).toBe(343);
    expect(Math.max(...paths)).toBe(0o666);
    expect(cellPath(hashToHi(AICHI), hashToLo(AICHI), 9, 8)).toBe(0);
  });

  it("numbers distinct cells in the order of their coming", () => {
    const disk = gridDisk(AICHI, 60); // 10,981 cells: the builder grows several times
    const builder = new CellTableBuilder();
    const numbers = [...disk, ...disk].map((hash) => builder.add(hash));
    expect(numbers).toEqual([...disk.keys(), ...disk.keys()]);
    const table = builder.build();
    expect(table.resolution).toBe(8);
    expect(disk.every((hash, n) => cellHash(table, n) === hash)).toBe(true);
    expect(indexCells(table).find(hashToHi(AICHI), hashToLo(AICHI))).toBe(disk.indexOf(AICHI));
    expect(indexCells(table).find(1, 2)).toBe(-1);
  });

  it("refuses cells of two resolutions in one table", () => {
    const builder = new CellTableBuilder();
    builder.add(AICHI);
    expect(() => builder.add(cellToParent(AICHI, 7))).toThrow(/has resolution 7, expected 8/);
  });

  it("groups cells by ancestor", () => {
    const builder = new CellTableBuilder();
    const disk = gridDisk(AICHI, 10);
    disk.forEach((hash) => builder.add(hash));
    const { parents, parentOf } = parentTable(builder.build(), 5);
    disk.forEach((hash, n) => expect(cellHash(parents, parentOf[n]!)).toBe(cellToParent(hash, 5)));
  });

  it("gives H3's centres to a centimetre", () => {
    const builder = new CellTableBuilder();
    builder.add(AICHI);
    const { lat, lng } = cellCentres(builder.build());
    const [expectedLat, expectedLng] = cellToLatLng(AICHI);
    expect(Math.abs(lat[0]! - expectedLat)).toBeLessThan(1e-7);
    expect(Math.abs(lng[0]! - expectedLng)).toBeLessThan(1e-7);
    expect(Math.round(lat[0]! * 1e7) / 1e7).toBe(lat[0]);
  });

  it("names the text that is not a cell", () => {
    expect(() => checkCell("88zz")).toThrow(/"88zz" is not an H3 cell/);
    expect(checkCell(" 882E601A5DFFFFF ")).toBe(AICHI);
  });

  it("measures a degree of latitude and half the globe", () => {
    expect(haversineKm(0, 0, 1, 0)).toBeCloseTo(111.195, 2);
    expect(haversineKm(90, 0, -90, 0)).toBeCloseTo(Math.PI * 6371.0088, 6);
    expect(haversineKm(35.68, 139.77, 34.7, 135.5)).toBeCloseTo(403, 0); // Tokyo to Osaka, about
  });
});
