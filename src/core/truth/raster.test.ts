import { cellToBoundary, gridDisk, latLngToCell } from "h3-js";
import { writeArrayBuffer } from "geotiff";
import { describe, expect, it } from "vitest";
import { finish } from "../pace";
import { polygonArea } from "./cover";
import { openRaster } from "./raster";
import { toTable } from "./truth.testing";
import { chooseLevel, zonalStatistics } from "./zonal";

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
  const all = {
    height: SIZE,
    width: SIZE,
    ModelPixelScale: [PIXEL, PIXEL, 0],
    ModelTiepoint: [0, 0, 0, NORTH_WEST[1], NORTH_WEST[0], 0],
    ...GEOGRAPHIC,
    ...metadata,
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return writeArrayBuffer(values, Object.fromEntries(given));
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
    const statistic = { kind: "share", values: [2] } as const;
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

describe("zonalStatistics by statistic and shape", () => {
  it("names the value that most of a cell has, and its place among the winners", async () => {
    const raster = await openRaster(makeRaster((column) => (column < 100 ? 7 : 3)));
    const cells = [latLngToCell(35, 136.92, 8), latLngToCell(35, 136.98, 8)];
    const truth = await finish(zonalStatistics(raster, toTable(cells), { kind: "majority" }));
    expect(truth.codes).toEqual([3, 7]);
    expect(Array.from(truth.values)).toEqual([1, 0]);
  });

  it("adds the shares of several classes and refuses to call a measurement a class", async () => {
    const thirds = await openRaster(makeRaster((column) => column % 3));
    const both = { kind: "share", values: [0, 1] } as const;
    const truth = await finish(zonalStatistics(thirds, toTable([MIDDLE]), both));
    expect(truth.values[0]).toBeCloseTo(2 / 3, 2);
    const noise = await openRaster(makeRaster((column, row) => column + row * SIZE));
    const work = finish(zonalStatistics(noise, toTable([MIDDLE]), { kind: "majority" }));
    await expect(work).rejects.toThrow(/no classes/);
  });

  it("measures the same on a turned grid", async () => {
    const [cos, sin] = [Math.cos(0.5) * PIXEL, Math.sin(0.5) * PIXEL];
    const matrix = [cos, sin, 0, 136.9, sin, -cos, 0, 35, 0, 0, 0, 0, 0, 0, 0, 1];
    const field = (lat: number, lng: number): number => 1000 * (lat - 35) + 300 * (lng - 136.9);
    const turned = await openRaster(
      makeRaster(
        (column, row) =>
          field(
            35 + sin * (column + 0.5) - cos * (row + 0.5),
            136.9 + cos * (column + 0.5) + sin * (row + 0.5),
          ),
        { ModelTransformation: matrix, ModelPixelScale: undefined, ModelTiepoint: undefined },
      ),
    );
    const cell = latLngToCell(35, 136.98, 8);
    const truth = await finish(zonalStatistics(turned, toTable([cell]), { kind: "mean" }));
    const corners = cellToBoundary(cell);
    const middle = corners.reduce((sum, [lat, lng]) => sum + field(lat, lng) / corners.length, 0);
    expect(truth.inside[0]).toBe(1);
    expect(Math.abs(truth.values[0]! - middle)).toBeLessThan(0.05);
  });

  it("cuts a cell that is larger than a read, and loses nothing", async () => {
    const large = writeArrayBuffer(new Float32Array(3000 * 1600).fill(1), {
      height: 1600,
      width: 3000,
      ModelPixelScale: [0.001, 0.001, 0],
      ModelTiepoint: [0, 0, 0, 135.5, 35.9, 0],
      ...GEOGRAPHIC,
    });
    const raster = await openRaster(large);
    const windows: number[] = [];
    const watched = {
      ...raster,
      tileHeight: 512,
      read: (window: Parameters<typeof raster.read>[0]) => {
        windows.push((window.right - window.left) * (window.bottom - window.top));
        return raster.read(window);
      },
    };
    const cell = latLngToCell(35.2, 137, 3);
    const truth = await finish(zonalStatistics(watched, toTable([cell]), { kind: "sum" }));
    const corners = cellToBoundary(cell).flatMap(([lat, lng]) => raster.toPixel(lat, lng));
    expect(truth.values[0]! / polygonArea(corners)).toBeCloseTo(1, 9);
    expect(windows.length).toBeGreaterThan(1);
    expect(Math.max(...windows)).toBeLessThan(3000 * 1600);
  });

  it("does not smear a cell that the map projection tears apart", async () => {
    const world = writeArrayBuffer(new Float32Array(360 * 180).fill(1), {
      height: 180,
      width: 360,
      ModelPixelScale: [100_000, 100_000, 0],
      ModelTiepoint: [0, 0, 0, -18_000_000, 9_000_000, 0],
      GTModelTypeGeoKey: 1,
      GTRasterTypeGeoKey: 1,
      ProjectedCSTypeGeoKey: 8857, // equal earth
    });
    const cells = [latLngToCell(-17, 179.999, 3), latLngToCell(-17, 100, 3)];
    const raster = await openRaster(world);
    expect(raster.turn).toBeUndefined();
    const truth = await finish(zonalStatistics(raster, toTable(cells), { kind: "mean" }));
    expect(Array.from(truth.values)).toEqual([NaN, 1]);
  });

  it("takes an overview only where a cell keeps enough pixels, and never for a sum", async () => {
    const raster = await openRaster(makeRaster(() => 1));
    const coarse = { ...raster, factor: 2 };
    const fine = { ...raster, overviews: [coarse, { ...raster, factor: 64 }] };
    const level = (resolution: number, kind: "mean" | "sum"): number =>
      chooseLevel(fine, toTable([latLngToCell(35, 136.95, resolution)]), { kind }).factor;
    expect(level(8, "mean")).toBe(1);
    expect(level(3, "mean")).toBe(2);
    expect(level(3, "sum")).toBe(1);
  });

  it("takes a coordinate system that the user names, and says which band there is", async () => {
    const metadata = { GTModelTypeGeoKey: 32767 };
    const bare = makeRaster(() => 1, metadata);
    await expect(openRaster(bare)).rejects.toThrow(/does not say its coordinate system/);
    const named = await openRaster(bare, { crs: "EPSG:4326" });
    expect(named.toPixel(...NORTH_WEST).map(Math.round)).toEqual([0, 0]);
    await expect(openRaster(bare, { crs: "the usual" })).rejects.toThrow(/EPSG code/);
    await expect(openRaster(bare, { band: 2, name: "x.tif" })).rejects.toThrow(
      "x.tif: band 3 was asked for, the file has 1",
    );
  });
});
