import { existsSync, openAsBlob, readFileSync } from "node:fs";
import { cellToBoundary, gridDisk, latLngToCell } from "h3-js";
import { writeArrayBuffer } from "geotiff";
import { describe, expect, it } from "vitest";
import { CellTableBuilder, type CellTable } from "../geo/cells";
import { finish } from "../pace";
import { epsgToProj4, toCoordinateSystem } from "./coordinate-system";
import { openRaster } from "./raster";
import { zonalStatistics } from "./zonal";

const DATA = new URL("../../../../shared/data/", import.meta.url);
const reference = JSON.parse(
  readFileSync(new URL("../../../test/reference/raster.json", import.meta.url), "utf8"),
);

function toTable(hashes: string[]): CellTable {
  const builder = new CellTableBuilder();
  hashes.forEach((hash) => builder.add(hash));
  return builder.build();
}

const SIZE = 200;
const PIXEL = 0.0005;
const NORTH_WEST = [35.05, 136.9] as const;
const GEOGRAPHIC = { GTModelTypeGeoKey: 2, GTRasterTypeGeoKey: 1, GeographicTypeGeoKey: 4326 };

/** A raster of 200 x 200 pixels over Aichi whose value is made by `valueAt`. */
function makeRaster(
  valueAt: (column: number, row: number) => number,
  metadata: Record<string, unknown> = {},
): ArrayBuffer {
  const values = Float32Array.from({ length: SIZE * SIZE }, (_, i) =>
    valueAt(i % SIZE, Math.floor(i / SIZE)),
  );
  return writeArrayBuffer(values, {
    height: SIZE,
    width: SIZE,
    ModelPixelScale: [PIXEL, PIXEL, 0],
    ModelTiepoint: [0, 0, 0, NORTH_WEST[1], NORTH_WEST[0], 0],
    ...GEOGRAPHIC,
    ...metadata,
  });
}

/** All cells on and around the made raster. */
const AROUND = gridDisk(latLngToCell(35, 136.95, 8), 14);
const MIDDLE = AROUND[0]!;

describe("zonalStatistics on a made raster", () => {
  it("shares out every person once: the sums of all cells are the sum of all pixels", async () => {
    const isFar = (n: number): boolean => n > 30 && n < 170;
    const people = (column: number, row: number): number =>
      isFar(column) && isFar(row) ? ((column * 7 + row * 13) % 11) + 0.25 : 0;
    const raster = await openRaster(makeRaster(people));
    const truth = await finish(zonalStatistics(raster, toTable(AROUND), { kind: "sum" }));
    let total = 0;
    for (let i = 0; i < SIZE * SIZE; i++) total += people(i % SIZE, Math.floor(i / SIZE));
    const sum = truth.values.reduce((a, b) => a + (Number.isNaN(b) ? 0 : b), 0);
    expect(sum / total).toBeCloseTo(1, 9);
    expect(truth.count).toBeLessThan(AROUND.length); // those at the rim have no value
    expect(truth.values.filter((_, n) => truth.inside[n]! < 0.9).every(Number.isNaN)).toBe(true);
  });

  it("averages a slope to its value at the middle of the cell", async () => {
    const raster = await openRaster(makeRaster((column, row) => column + 3 * row));
    const truth = await finish(zonalStatistics(raster, toTable([MIDDLE]), { kind: "mean" }));
    const corners = cellToBoundary(MIDDLE).map(([lat, lng]) => raster.toPixel(lat, lng));
    const middle = corners.reduce((sum, [x, y]) => sum + (x - 0.5 + 3 * (y - 0.5)) / 6, 0);
    expect(Math.abs(truth.values[0]! - middle)).toBeLessThan(0.05); // of a range of about 80
  });

  it("gives the share of one class and leaves pixels without data out", async () => {
    const classes = (column: number): number => [1, 2, 2, -9999, NaN][column % 5]!;
    const raster = await openRaster(makeRaster(classes, { GDAL_NODATA: "-9999" }));
    expect(raster.noData).toBe(-9999);
    const statistic = { kind: "share", value: 2 } as const;
    const truth = await finish(zonalStatistics(raster, toTable([MIDDLE]), statistic));
    expect(truth.values[0]).toBeCloseTo(2 / 3, 1);
    const all = await finish(
      zonalStatistics(await openRaster(makeRaster(() => 1)), toTable([MIDDLE]), statistic),
    );
    expect(truth.pixels[0]! / all.pixels[0]!).toBeCloseTo(3 / 5, 1);
  });

  it("lies half a pixel off when the tie is the middle of a pixel", async () => {
    const raster = await openRaster(makeRaster(() => 1, { GTRasterTypeGeoKey: 2 }));
    expect(raster.toPixel(...NORTH_WEST).map((n) => Math.round(n * 1e6) / 1e6)).toEqual([0.5, 0.5]);
  });

  it("finds cells on both sides of the antimeridian and across it", async () => {
    const globe = writeArrayBuffer(
      Float32Array.from({ length: 360 * 180 }, (_, i) => i % 360),
      {
        height: 180,
        width: 360,
        ModelPixelScale: [1, 1, 0],
        ModelTiepoint: [0, 0, 0, -180, 90, 0],
        ...GEOGRAPHIC,
      },
    );
    const cells = [latLngToCell(-17, 179.999, 3), latLngToCell(-17, 170.5, 3)];
    const raster = await openRaster(globe);
    const truth = await finish(zonalStatistics(raster, toTable(cells), { kind: "mean" }));
    expect(truth.inside[0]).toBeCloseTo(1, 6);
    expect(truth.values[0]).toBeGreaterThan(30); // columns 0, 1 and 358, 359
    expect(truth.values[0]).toBeLessThan(330);
    expect(truth.values[1]).toBeCloseTo(350, -1);
  });

  it("says where both lie when they do not meet", async () => {
    const raster = await openRaster(
      makeRaster(() => 1),
      { name: "aichi.tif" },
    );
    const work = finish(
      zonalStatistics(raster, toTable([latLngToCell(40.7, -74, 8)]), { kind: "mean" }),
    );
    await expect(work).rejects.toThrow(
      "aichi.tif covers lat 34.95 to 35.05, lng 136.90 to 137.00, " +
        "but the cells lie at lat 40.70 to 40.70, lng -73.99 to -73.99",
    );
  });

  it("refuses what is no raster and what is cut off", async () => {
    await expect(openRaster(new ArrayBuffer(40), { name: "x.tif" })).rejects.toThrow(
      /^x.tif cannot/,
    );
    const cut = await openRaster(makeRaster(() => 1).slice(0, 60_000), { name: "cut.tif" });
    const work = finish(zonalStatistics(cut, toTable([MIDDLE]), { kind: "mean" }));
    await expect(work).rejects.toMatchObject({ code: "bad-file" });
  });
});

describe("toCoordinateSystem", () => {
  it("knows zones and plane systems", () => {
    expect(epsgToProj4(32654)).toMatch("+proj=utm +zone=54 +datum=WGS84");
    expect(epsgToProj4(6689)).toMatch("+zone=52");
    expect(epsgToProj4(6677)).toMatch("+lat_0=36 +lon_0=139.8333");
    expect(epsgToProj4(1)).toBeUndefined();
  });

  it("turns a false easting in feet into metres", () => {
    const keys = { GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: 32767, ProjCoordTransGeoKey: 1 };
    const feet = { ...keys, ProjLinearUnitsGeoKey: 9002, ProjFalseEastingGeoKey: 1000 };
    expect(toCoordinateSystem(feet).proj4).toMatch("+x_0=304.8");
  });

  it("gives advice for what it does not know", () => {
    const keys = { GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: 9999 };
    expect(() => toCoordinateSystem(keys)).toThrow(/EPSG:9999.*gdalwarp/);
    expect(() => toCoordinateSystem(null)).toThrow(/does not say/);
  });
});

/** The reference counts 1,600 points a pixel; a cell of 60 pixels has about 35 on its rim. */
const SHARE_TOLERANCE = 0.002;
const areas = Object.entries<{
  file: string;
  cells: { cell: string; sum: number; mean: number; pixels: number }[];
}>(reference.areas);

describe.each(areas)("zonalStatistics on real %s", (name, area) => {
  const file = new URL(area.file, DATA);
  const statistic = name === "beijing" ? "mean" : "sum";

  it.skipIf(!existsSync(file))("equals rasterio (needs ../shared/data)", async () => {
    const raster = await openRaster(await openAsBlob(file));
    const table = toTable(area.cells.map(({ cell }) => cell));
    const truth = await finish(zonalStatistics(raster, table, { kind: statistic }));
    area.cells.forEach((wanted, n) => {
      if (truth.inside[n]! < 0.99) return; // rasterio's window reads on beyond the rim
      const scale = statistic === "mean" ? 1 : Math.max(1, wanted.sum);
      expect(Math.abs(truth.pixels[n]! - wanted.pixels), wanted.cell).toBeLessThan(0.1);
      if (wanted.pixels === 0) expect(truth.values[n]).toBeNaN();
      else
        expect(Math.abs(truth.values[n]! - wanted[statistic]) / scale).toBeLessThan(
          SHARE_TOLERANCE,
        );
    });
    expect(truth.count).toBeGreaterThan(20);
  });
});
