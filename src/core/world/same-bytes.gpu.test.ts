import { describe, expect, it } from "vitest";
import { finish } from "../pace";
import { buildCountry } from "./country";
import { fingerprint } from "./fingerprint";
import { encodeCells } from "./land";
import { buildRegion } from "./region.fixture";
import { simulateResidents } from "./residents";

/** No GPU is used: this file runs in Node and in Chromium, and both must find the same digits. */
const REGION = "7392b4e91aa8f9f9";
const RESIDENTS = "e95e297d6a475bfb";
const ARCHIPELAGO = "39c01a5ed607f045";

describe("the simulated country in Node and in the browser", () => {
  it("has the same bytes", async () => {
    const region = await buildRegion();
    const { population, builtUp, trees, crops, water, prefecture, municipality } = region;
    const truths = [population, builtUp, trees, crops, water, prefecture, municipality];
    expect(fingerprint(truths)).toBe(REGION);
    const [points] = simulateResidents(region, { from: 0, to: 100 });
    const { user, timeMs, lat, lng } = points!;
    expect(fingerprint([user, timeMs, lat, lng])).toBe(RESIDENTS);
  });

  it("has another one whose coast and cities have the same bytes", async () => {
    const noFile = () => Promise.reject<Uint8Array>(new Error("the archipelago reads no file"));
    const country = await finish(buildCountry({ shape: "archipelago", seed: 123 }, noFile));
    const { cells, cities } = country;
    const numbers = cities.flatMap((city) => [
      city.lat,
      city.lng,
      city.population,
      city.prefecture,
    ]);
    const names = new TextEncoder().encode(cities.map(({ name }) => name).join(" "));
    expect(fingerprint([encodeCells(cells), Float64Array.from(numbers), names])).toBe(ARCHIPELAGO);
  }, 120_000);
});
