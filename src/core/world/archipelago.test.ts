import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { cellBase } from "../geo/cells";
import { finish } from "../pace";
import { drawCoast } from "./archipelago";
import { buildCountry } from "./country";
import { fingerprintsOf } from "./country.fixture";
import type { Geography } from "./geography";
import { decodeLand } from "./land";
import { planeKm } from "./plane";
import { CITIES } from "./seats";
import { correlation } from "./statistics.fixture";

/** The archipelago of seed 123: Node 20 and Chromium draw the same coast and cities (same-bytes.gpu.test.ts). */
const GOLDEN = { truths: "6350127966032013", residents: "a3905cd93d6d9e86" };

const NO_FILE = (): Promise<Uint8Array> =>
  Promise.reject(new Error("the archipelago reads no file"));

describe("the archipelago", () => {
  let country: Geography;
  beforeAll(async () => {
    country = await finish(buildCountry({ shape: "archipelago", seed: 123 }, NO_FILE));
  }, 120_000);

  it("is the same to the last bit", () => {
    expect(fingerprintsOf(country)).toEqual(GOLDEN);
  });

  it("shares no base cell, and so no coarse token, with Japan's shape", () => {
    const japan = decodeLand(readFileSync("public/data/land-r8.bin")).cells;
    const [own, others] = [country.cells, japan].map(({ hi }) => new Set(hi.map(cellBase)));
    expect([...own!].filter((base) => others!.has(base))).toEqual([]);
    expect(country.cells.hi.length).toBe(500_775);
  });

  it("gives each of 24 prefectures and six regions land, and each capital its own prefecture", () => {
    const cellsOf = (column: Uint8Array, count: number): number[] =>
      Array.from({ length: count }, (_, k) => column.filter((one) => one === k).length);
    expect(Math.min(...cellsOf(country.prefecture, 24))).toBeGreaterThan(5000);
    expect(Math.min(...cellsOf(country.region, 6))).toBeGreaterThan(40_000);
    country.names.prefectures.forEach((name, prefecture) => {
      expect(country.cities.find((city) => city.name === name)?.prefecture).toBe(prefecture);
    });
    const names = [...country.names.municipalities, ...country.names.regions];
    expect(new Set(names).size).toBe(names.length);
  });

  it("has cities by rank and size at least 9 km apart, none of a name of Japan's", () => {
    const { cities } = country;
    expect(cities).toHaveLength(400);
    for (const [rank, city] of cities.entries()) {
      if (rank > 0) expect(city.population).toBeLessThan(cities[rank - 1]!.population);
      for (const other of cities.slice(0, rank)) {
        const km = planeKm(city.lat, city.lng, other.lat, other.lng);
        if (km < 9) expect.fail(`${city.name} and ${other.name} are ${km} km apart`);
      }
    }
    const real = new Set(CITIES.map(({ name }) => name));
    expect(cities.filter(({ name }) => real.has(name))).toEqual([]);
  });

  it("has land cover made by the same rules", () => {
    const people = Float64Array.from(country.population, (count) => Math.log1p(count));
    expect(Math.abs(correlation(country.water, people))).toBeLessThan(0.03);
    expect(correlation(country.builtUp, people)).toBeGreaterThan(0.7);
    for (const kind of [0, 1, 2]) {
      const share = country.municipalityClass.filter((c) => c === kind).length / country.lat.length;
      expect(share).toBeGreaterThan(0.1);
    }
  });
});

it("the drawing of the coast stops when told", async () => {
  const stop = new AbortController();
  const work = drawCoast(stop.signal);
  await work.next();
  stop.abort();
  await expect(work.next()).rejects.toMatchObject({ code: "stopped" });
});
