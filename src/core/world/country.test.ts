import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { finish } from "../pace";
import { fingerprintsOf } from "./country.fixture";
import { buildGeography } from "./geography";
import type { Geography } from "./geography";
import { CITIES } from "./seats";
import { correlation, sum } from "./statistics.fixture";

/**
 * The whole country of seed 123, once. The same digits came from Node 20 and Chromium 156. The shipped model is
 * trained on these residents: whoever changes a number here must train it again.
 */
const GOLDEN = {
  truths: "754d726d64fb59bd",
  residents: "f1328397427d9cc8",
};

describe("the whole country", () => {
  let country: Geography;
  beforeAll(async () => {
    country = await finish(buildGeography(readFileSync("public/data/land-r8.bin")));
  });

  it("is the same to the last bit as the one that the model was trained on", () => {
    expect(fingerprintsOf(country)).toEqual(GOLDEN);
  });

  it("has 125 million people, most of them in and near the large cities", () => {
    expect(sum(country.population)).toBeCloseTo(125e6, -4);
    const people = country.names.prefectures.map((name, p) => ({
      name,
      millions: sum(country.population.filter((_, n) => country.prefecture[n] === p)) / 1e6,
    }));
    people.sort((a, b) => b.millions - a.millions);
    const largest = people.slice(0, 6).map(({ name }) => name);
    expect(largest).toEqual(expect.arrayContaining(["Tokyo", "Osaka", "Kanagawa"]));
    expect(people.at(-1)!.millions).toBeGreaterThan(0.2);
  });

  it("gives every prefecture and region land, and each city its own prefecture", () => {
    expect(new Set(country.prefecture).size).toBe(47);
    expect(new Set(country.region).size).toBe(8);
    const owners = country.names.municipalities.slice(0, CITIES.length);
    expect(owners).toEqual(CITIES.map((city) => city.name));
    country.municipality.forEach((seat, n) => {
      if (seat < CITIES.length && CITIES[seat]!.prefecture !== country.prefecture[n]) {
        expect.fail(`cell ${n} of ${CITIES[seat]!.name} lies in another prefecture`);
      }
    });
  });

  it("has cities, towns and villages in fair numbers", () => {
    const shares = [0, 1, 2].map(
      (kind) => country.municipalityClass.filter((c) => c === kind).length / country.lat.length,
    );
    for (const share of shares) expect(share).toBeGreaterThan(0.1);
  });

  it("has water that says nothing about people, and built-up land that does", () => {
    const people = Float64Array.from(country.population, (count) => Math.log1p(count));
    expect(Math.abs(correlation(country.water, people))).toBeLessThan(0.03);
    expect(correlation(country.builtUp, people)).toBeGreaterThan(0.7);
    expect(correlation(country.trees, country.elevation)).toBeGreaterThan(0.5);
  });
});
