import { readFileSync } from "node:fs";
import { cellToParent } from "h3-js";
import { describe, expect, it } from "vitest";
import { cellHash } from "../geo/cells";
import { finish } from "../pace";
import { openRaster, type Raster } from "./raster";
import { keepBlocks } from "./range";
import type { CellTruth, Statistic } from "./tally";
import { isThere, openReal, toTable } from "./truth.testing";
import { chooseLevel, zonalStatistics } from "./zonal";

interface ReferenceCell {
  cell: string;
  pixels: number;
  sum: number;
  mean: number | null;
  shares?: Record<string, number>;
}
type Reference = Record<string, { file: string; cells: ReferenceCell[] }>;

const { areas } = JSON.parse(
  readFileSync(new URL("../../../test/reference/raster.json", import.meta.url), "utf8"),
) as { areas: Reference };

/** The reference counts 1,600 points a pixel, which is off by about 0.0003 of a pixel at each of the rim's. */
const SHARE_TOLERANCE = 0.002;

async function measure(
  file: string,
  cells: readonly string[],
  statistic: Statistic,
): Promise<CellTruth> {
  const raster = await openRaster((await openReal(file)).blob);
  return finish(zonalStatistics(raster, toTable(cells), statistic));
}

describe.each(["beijing", "newYork", "tokyo", "antimeridian"])(
  "sums and means of real %s (needs ../shared/data)",
  (name) => {
    const { file, cells } = areas[name]!;
    it.skipIf(!isThere(file)).each(["sum", "mean"] as const)("%s equals rasterio", async (kind) => {
      const hashes = cells.map(({ cell }) => cell);
      const truth = await measure(file, hashes, { kind });
      cells.forEach((wanted, n) => {
        if (truth.inside[n]! < 0.99) return; // rasterio's window reads on beyond the rim
        expect(Math.abs(truth.pixels[n]! - wanted.pixels), wanted.cell).toBeLessThan(0.1);
        if (wanted.pixels === 0) return expect(truth.values[n]).toBeNaN();
        const size = Math.max(1, Math.abs(wanted[kind]!));
        const error = Math.abs(truth.values[n]! - wanted[kind]!) / size;
        expect(error, wanted.cell).toBeLessThan(SHARE_TOLERANCE);
      });
      expect(truth.count).toBeGreaterThan(kind === "sum" ? 15 : 20);
    });
  },
);

describe.each(["saoTome", "utah"])("shares of real %s (needs ../shared/data)", (name) => {
  const { file, cells } = areas[name]!;
  const hashes = cells.map(({ cell }) => cell);
  const codes = [...new Set(cells.flatMap(({ shares }) => Object.keys(shares!)))].map(Number);

  it.skipIf(!isThere(file))("of each class equal rasterio", async () => {
    for (const code of codes) {
      const truth = await measure(file, hashes, { kind: "share", values: [code] });
      cells.forEach(({ cell, shares, pixels }, n) => {
        if (truth.inside[n]! < 0.99) return;
        expect(Math.abs(truth.pixels[n]! - pixels), cell).toBeLessThan(0.5);
        if (pixels === 0) return expect(truth.values[n]).toBeNaN();
        const error = Math.abs(truth.values[n]! - (shares![code] ?? 0));
        expect(error, `${cell} class ${code}`).toBeLessThan(SHARE_TOLERANCE);
      });
    }
  });

  it.skipIf(!isThere(file))("agree with the majority", async () => {
    const { values, codes: winners } = await measure(file, hashes, { kind: "majority" });
    cells.forEach(({ cell, shares }, n) => {
      if (Number.isNaN(values[n])) return;
      const [best] = Object.entries(shares!).reduce((a, b) => (b[1] > a[1] ? b : a));
      expect(winners[values[n]!], cell).toBe(Number(best));
    });
  });
});

const ESA = areas["saoTome"]!.file;

describe.skipIf(!isThere(ESA))("the cloud-optimised ESA tile (needs ../shared/data)", () => {
  const trees = { kind: "share", values: [10] } as const;

  it("is read by windows: few bytes and few requests for one cell", async () => {
    const { blob } = await openReal(ESA);
    let [bytes, requests] = [0, 0];
    const range = keepBlocks({
      size: blob.size,
      read: async (offset, length) => {
        requests++;
        bytes += Math.min(length, blob.size - offset);
        return blob.slice(offset, offset + length).arrayBuffer();
      },
    });
    const raster = await openRaster(range);
    await finish(zonalStatistics(raster, toTable([areas["saoTome"]!.cells[8]!.cell]), trees));
    expect(bytes).toBeLessThan(blob.size / 3);
    expect(requests).toBeLessThan(20);
  });

  it("answers from an overview within half a per cent of the cell", async () => {
    const raster = await openRaster((await openReal(ESA)).blob);
    const cells = areas["saoTome"]!.cells.map(({ cell }) => cellToParent(cell, 5));
    const table = toTable([...new Set(cells)]);
    const level = chooseLevel(raster, table, trees);
    expect(level.factor).toBe(2);
    const exact = await finish(zonalStatistics(raster, table, trees));
    const quick = await finish(zonalStatistics(level, table, trees));
    exact.values.forEach((share, n) => {
      expect(Math.abs(quick.values[n]! - share), cellHash(table, n)).toBeLessThan(0.005);
    });
  });
});

describe("real files at the edge (needs ../shared/data)", () => {
  const open = async (file: string, crs?: string): Promise<Raster> =>
    openRaster((await openReal(file)).blob, { name: file, crs });

  const rotated = "readers/rotated.tif";
  it.skipIf(!isThere(rotated))("a turned grid lies where rasterio says", async () => {
    const raster = await open(rotated, "EPSG:32633");
    const there = await openRaster((await openReal(rotated)).blob, {
      crs: "+proj=utm +zone=33 +datum=WGS84",
    });
    // rasterio: transform * (10, 15) = (348.205..., 170.096...)
    const [lat, lng] = raster.toPlace(10, 15);
    expect(there.toPixel(lat, lng).map((n) => n.toFixed(3))).toEqual(["10.000", "15.000"]);
    await expect(open(rotated)).rejects.toThrow(/does not say its coordinate system/);
  });

  const noData = "readers/float_raster_with_nodata.tif";
  it.skipIf(!isThere(noData))("no data is known by its value as a float", async () => {
    const raster = await open(noData);
    const values = await raster.read({ left: 0, top: 0, right: 13, bottom: 12 });
    expect(Array.from(values).filter((value) => value === raster.noData).length).toBeGreaterThan(0);
    expect(raster.noData).toBeLessThan(-3.39e38);
  });

  const corrupt = "readers/corrupt.tif";
  it.skipIf(!isThere(corrupt))("a damaged file is refused with a reason", async () => {
    const raster = await open(corrupt);
    const all = { left: 0, top: 0, right: raster.width, bottom: raster.height };
    await expect(raster.read(all)).rejects.toThrow(
      /^readers\/corrupt.tif is damaged or cut: its pixels in columns/,
    );
  });
});
