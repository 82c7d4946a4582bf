import { cellToLatLng } from "h3-js";
import { describe, expect, it } from "vitest";
import { finish } from "../pace";
import { createRandom } from "../random";
import { checkGeography, takeCellTokens } from "./geography-check";

/** 20 x 20 places, 0.1 degrees apart. */
const P = 400;
const places = {
  lat: Float64Array.from({ length: P }, (_, n) => 35 + 0.1 * Math.floor(n / 20)),
  lng: Float64Array.from({ length: P }, (_, n) => 136 + 0.1 * (n % 20)),
};

describe("checkGeography", () => {
  it("calls a map perfect that is one", async () => {
    const data = Float32Array.from({ length: P * 3 }, (_, i) => {
      const n = Math.floor(i / 3);
      return [places.lat[n]! - 36, places.lng[n]! - 137, 1][i % 3]!;
    });
    // on a sphere around (36, 137, 1) cosine neighbours are neighbours on the map
    const check = await finish(checkGeography({ data, width: 3 }, places, { seed: 1 }));
    expect(check.perfectKm).toBeGreaterThan(8);
    expect(check.medianKm).toBeLessThan(check.perfectKm * 1.3);
    expect(check.randomKm).toBeGreaterThan(80);
    expect(check).toMatchObject({ asked: P, places: P });
  });

  it("calls random embeddings random", async () => {
    const random = createRandom(1, "embeddings");
    const data = Float32Array.from({ length: P * 8 }, () => random.normal());
    const check = await finish(checkGeography({ data, width: 8 }, places, { seed: 1 }));
    expect(Math.abs(check.medianKm / check.randomKm - 1)).toBeLessThan(0.2);
  });

  it("needs three places", async () => {
    const two = { lat: places.lat.slice(0, 2), lng: places.lng.slice(0, 2) };
    const work = checkGeography({ data: new Float32Array(4), width: 2 }, two, { seed: 1 });
    await expect(finish(work)).rejects.toMatchObject({ code: "no-data" });
  });

  it("takes the tokens that are cells, with their own rows and centres", () => {
    const vocabulary = ["[PAD]", "852e601bfffffff", "6/000", "852e6007fffffff", "852e6003fffffff"];
    const words = { data: Float32Array.from({ length: 10 }, (_, i) => i), width: 2 };
    const taken = takeCellTokens(vocabulary, words)!;
    expect(Array.from(taken.embeddings.data)).toEqual([2, 3, 6, 7, 8, 9]);
    expect(taken.places.lat[1]).toBeCloseTo(cellToLatLng(vocabulary[3]!)[0], 6);
    expect(takeCellTokens(["[PAD]", "88##2e"], words)).toBeUndefined();
  });
});
