import { expect, test } from "vitest";
import { countryOf, simulatedOf } from "./country";

test("a shape is that of a country, and Japan's goes without saying", () => {
  const values = { country: "small", shape: "archipelago" };
  const archipelago = { size: "small", seed: 7, shape: "archipelago" };
  expect(simulatedOf(values, 7)).toEqual({ source: "simulated", ...archipelago });
  expect(countryOf({ ...values, residents: "30" }, "country", 7)).toEqual({
    ...archipelago,
    residents: 30,
  });
  const japan = { source: "simulated", size: "small", seed: 7 };
  expect(simulatedOf({ ...values, shape: "japan" }, 7)).toEqual(japan);
  expect(simulatedOf({}, 7)).toBeUndefined();
});

test("a shape without a country is refused, as no files have one", () => {
  const said = /--shape archipelago is of the simulated country, and no --country is given; give/;
  expect(() => simulatedOf({ shape: "archipelago" }, 7)).toThrow(said);
  expect(() => countryOf({ shape: "archipelago" }, "country", 7)).toThrow(said);
});
