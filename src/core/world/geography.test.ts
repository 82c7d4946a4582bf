import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../random";
import { nearestCell, visitCellsWithin } from "./cell-grid";
import { fingerprint } from "./fingerprint";
import { buildGeography } from "./geography";
import type { Geography } from "./geography";
import { planeKm } from "./plane";
import { PREFECTURES } from "./prefectures";
import { buildRegion, createRegionMask } from "./region.fixture";
import { CITIES, headStartKm } from "./seats";

const truths = (geography: Geography): string => {
  const { population, builtUp, trees, crops, water, prefecture, municipality } = geography;
  return fingerprint([population, builtUp, trees, crops, water, prefecture, municipality]);
};

describe("the geography of a region", () => {
  let region: Geography;
  beforeAll(async () => {
    region = await buildRegion();
  });

  it("is the same for the same seed and another for another", async () => {
    expect(truths(await buildRegion())).toBe(truths(region));
    expect(truths(await buildRegion(7))).not.toBe(truths(region));
  });

  it("has shares of land cover between 0 and 1 that leave a bare rest", () => {
    region.lat.forEach((_, n) => {
      const shares = [region.builtUp, region.trees, region.crops, region.water].map((s) => s[n]!);
      const bare = 1 - shares.reduce((a, b) => a + b, 0);
      if (Math.min(...shares) < 0 || bare < -0.0015) expect.fail(`cell ${n}: ${shares.join(" ")}`);
    });
  });

  it("draws prefectures by the least weighted distance over all cities", () => {
    const random = createRandom(1, "test");
    for (let k = 0; k < 300; k++) {
      const n = random.integer(region.lat.length);
      const reach = CITIES.map(
        ({ lat, lng, population }) =>
          planeKm(region.lat[n]!, region.lng[n]!, lat, lng) - headStartKm(population),
      );
      const least = Math.min(...reach);
      const own = reach.filter((_, c) => CITIES[c]!.prefecture === region.prefecture[n]);
      expect(Math.min(...own) - least).toBeLessThan(0.1); // the patch's scale, not the cell's
      expect(region.region[n]).toBe(PREFECTURES[region.prefecture[n]!]!.region);
    }
  });

  it("finds the nearest cell and the cells around a place as a plain search does", () => {
    const random = createRandom(2, "test");
    for (let k = 0; k < 100; k++) {
      const lat = 34.8 + 0.8 * random.uniform();
      const lng = 136.5 + 0.8 * random.uniform();
      const kms = Array.from(region.lat, (y, n) => planeKm(lat, lng, y, region.lng[n]!));
      const least = Math.min(...kms);
      const found = nearestCell(region.grid, lat, lng);
      if (least < 0.64) expect(kms[found]! - least).toBeLessThan(0.002);
      if (least > 0.66) expect(found).toBe(-1);
      let count = 0;
      visitCellsWithin(region.grid, { lat, lng, radiusKm: 5 }, () => count++);
      const expected = kms.filter((km) => km < 5).length;
      expect(Math.abs(count - expected)).toBeLessThanOrEqual(2); // cells on the rim
    }
  });

  it("reports rising progress to its total", async () => {
    const work = buildGeography(createRegionMask(35.18, 136.91));
    const reports: number[] = [];
    let total = 0;
    for await (const report of work) {
      reports.push(report.done);
      total = report.total;
    }
    expect(reports.length).toBeGreaterThan(1);
    expect(reports).toEqual([...reports].sort((a, b) => a - b));
    expect(reports.at(-1)).toBeLessThanOrEqual(total);
  });

  it("stops when told", async () => {
    const stop = new AbortController();
    const work = buildGeography(createRegionMask(35.18, 136.91), { signal: stop.signal });
    await work.next();
    stop.abort();
    await expect(work.next()).rejects.toMatchObject({ code: "stopped" });
  });
});
