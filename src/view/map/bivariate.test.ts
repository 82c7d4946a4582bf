import { describe, expect, it } from "vitest";
import { bivariate, cutThirds, thirdOf, type BivariateAxis } from "./bivariate";
import { BIVARIATE, type Rgb } from "./color-tables";
import { mapColors } from "./map-colors";
import { scaleColor } from "./scale";

/** What eyes without one kind of cone see, in linear sRGB (Machado, Oliveira and Fernandes 2009, severity 1). */
const EYES = {
  all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  deutan: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  tritan: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
} as const;

type Triple = [number, number, number];

const times = (m: readonly number[], [r, g, b]: Triple): Triple =>
  [0, 3, 6].map((row) => m[row]! * r + m[row + 1]! * g + m[row + 2]! * b) as Triple;

/** sRGB, as some eyes see it, in OKLab (Ottosson 2020): distances there are differences seen. */
function seen(rgb: Rgb, eyes: readonly number[]): Triple {
  const linear = rgb.map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  ) as Triple;
  const left = times(eyes, linear).map((c) => Math.max(0, Math.min(1, c))) as Triple;
  const cones = times(
    [
      0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566,
      0.0883024619, 0.2817188376, 0.6299787005,
    ],
    left,
  ).map(Math.cbrt) as Triple;
  return times(
    [
      0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099,
      0.0259040371, 0.7827717662, -0.808675766,
    ],
    cones,
  );
}

const apart = (a: Triple, b: Triple): number => Math.hypot(...a.map((c, i) => c - b[i]!));

describe("the nine colours", () => {
  it.each(Object.entries(EYES))("stay apart from one another for %s eyes", (_, eyes) => {
    const colors = BIVARIATE.map((rgb) => seen(rgb, eyes));
    const gaps = colors.flatMap((a, i) => colors.slice(0, i).map((b) => apart(a, b)));
    expect(gaps).toHaveLength(36);
    expect(Math.min(...gaps)).toBeGreaterThan(0.08); // 0.02 is about what can just be told
  });

  it("stay apart from the land of both themes", () => {
    for (const theme of ["light", "dark"] as const) {
      const [r, g, b] = mapColors(theme).land;
      const land = seen([r, g, b], EYES.all);
      const gaps = BIVARIATE.map((rgb) => apart(seen(rgb, EYES.all), land));
      expect(Math.min(...gaps)).toBeGreaterThan(0.06);
    }
  });

  it("darken as either quantity rises", () => {
    const light = BIVARIATE.map((rgb) => seen(rgb, EYES.all)[0]);
    for (const i of [0, 1, 3, 4, 6, 7]) expect(light[i + 1]).toBeLessThan(light[i]!);
    for (const i of [0, 1, 2, 3, 4, 5]) expect(light[i + 3]).toBeLessThan(light[i]!);
  });
});

describe("thirds", () => {
  it("are of equal size, without what has no value", () => {
    const values = [9, 1, NaN, 2, 3, 4, 5, 6, 7, 8];
    const thirds = cutThirds(values);
    expect(thirds).toEqual([3, 6]);
    const sizes = [0, 1, 2].map((k) => values.filter((v) => thirdOf(v, thirds) === k).length);
    expect(sizes).toEqual([3, 3, 3]);
    expect(thirdOf(NaN, thirds)).toBeNaN();
  });

  it("are of equal width where one would be empty, and never wrong where all values are one", () => {
    expect(cutThirds([0, 0, 0, 0, 0, 0, 0.9])).toEqual([expect.closeTo(0.3), expect.closeTo(0.6)]);
    expect(cutThirds([5, 5])).toEqual([5, 5]);
    expect([4, 5, 6].map((v) => thirdOf(v, [5, 5]))).toEqual([0, 0, 2]);
    expect(cutThirds([NaN])).toEqual([NaN, NaN]);
  });
});

describe("a bivariate map", () => {
  const people: BivariateAxis = { name: "people", values: [1, 1, 5, 9, 9, NaN], thirds: [3, 6] };
  const builtUp: BivariateAxis = {
    name: "built-up",
    values: [0.1, 0.9, 0.5, 0.9, 0.1, 0.5],
    thirds: [0.33, 0.66],
  };

  it("has a colour for each pair of thirds, of two quantities with thirds of their own", () => {
    const { panel, counts } = bivariate({ id: "both", title: "Both" }, [people, builtUp]);
    expect([...(panel.values as Float32Array)]).toEqual([0, 2, 4, 8, 6, NaN]);
    expect([...counts]).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1]);
    BIVARIATE.forEach((color, k) => expect(scaleColor(panel.scale!, k)).toEqual(color));
    expect([0, 2, 6, NaN].map(panel.format!)).toEqual([
      "both low",
      "people low, built-up high",
      "people high, built-up low",
      "no value",
    ]);
  });

  it("is said in words", () => {
    const { summary } = bivariate({ id: "both", title: "Both" }, [people, builtUp]);
    expect(summary).toBe(
      "Both, in thirds: 60% of 5 places alike, built-up lower than people in 20%, higher in 20%.",
    );
    const none = bivariate({ id: "", title: "Both" }, [{ ...people, values: [NaN] }, builtUp]);
    expect(none.summary).toBe("Both: no cell has both.");
  });
});
