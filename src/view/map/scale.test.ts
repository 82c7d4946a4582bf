import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DIVERGING, rampBetween, SEQUENTIAL } from "./color-tables";
import type { Rgb } from "./color-tables";
import {
  colorCells,
  difference,
  differenceScale,
  linearTicks,
  logTicks,
  scaleColor,
  scalePosition,
  sharedScale,
} from "./scale";

/** Relative luminance (WCAG 2). */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((c) => {
    const share = c / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** sRGB as a deuteranope sees it (Viénot, Brettel and Mollon 1999, in linear light). */
function asDeuteranope(rgb: Rgb): number[] {
  const [r, g, b] = rgb.map((c) => (c / 255) ** 2.2) as [number, number, number];
  const yellow = 0.29275 * r + 0.70725 * g;
  return [yellow, yellow, -0.02234 * r + 0.02234 * g + b];
}

describe("colour tables", () => {
  it("rise in lightness all the way, so that a grey print keeps the order", () => {
    for (let i = 1; i < 256; i++) {
      expect(luminance(SEQUENTIAL[i]!)).toBeGreaterThan(luminance(SEQUENTIAL[i - 1]!) - 1e-3);
    }
    expect(luminance(SEQUENTIAL[255]!) / luminance(SEQUENTIAL[0]!)).toBeGreaterThan(10);
  });

  it("tell above from below without red and green", () => {
    const [below, above] = [asDeuteranope(DIVERGING[20]!), asDeuteranope(DIVERGING[235]!)];
    const distance = Math.hypot(...below.map((c, i) => c - above[i]!));
    expect(distance).toBeGreaterThan(0.25);
    expect(luminance(DIVERGING[128]!)).toBeGreaterThan(0.8);
  });

  it("start a ramp visibly away from the land", () => {
    const ramp = rampBetween([243, 240, 233], [184, 74, 32]);
    expect(ramp[255]).toEqual([184, 74, 32]);
    expect(luminance([243, 240, 233]) - luminance(ramp[0]!)).toBeGreaterThan(0.08);
  });
});

describe("sharedScale", () => {
  it("covers both columns, starts at zero, and says where values go beyond", () => {
    const truth = Float32Array.from({ length: 1000 }, (_, i) => i);
    const scale = sharedScale([truth, [5000]], { unit: "people" });
    expect(scale.domain[0]).toBe(0);
    expect(scale.domain[1]).toBeLessThan(1000);
    expect(scale.beyond).toEqual([false, true]);
    expect(scalePosition(scale, 5000)).toBe(1);
  });

  it("leaves out NaN, and on a log scale zeros too", () => {
    const scale = sharedScale([[Number.NaN, 0, 1, 10, 100]], { kind: "log", clipShare: 0 });
    expect(scale.domain).toEqual([1, 100]);
    expect(scale.ticks).toEqual([1, 3, 10, 30, 100]);
    expect(scalePosition(scale, 10)).toBeCloseTo(0.5);
    expect(scaleColor(scale, 0)).toBeUndefined();
    expect(scaleColor(scale, Number.NaN)).toBeUndefined();
  });

  it("survives columns without values and without spread", () => {
    expect(sharedScale([[]]).domain).toEqual([0, 1]);
    expect(sharedScale([[Number.NaN]], { kind: "log" }).domain).toEqual([1, 2]);
    expect(sharedScale([[7, 7]]).domain).toEqual([0, 7]);
  });

  it("keeps a fixed domain", () => {
    expect(sharedScale([[0.2, 0.4]], { domain: [0, 1] }).domain).toEqual([0, 1]);
  });
});

describe("differenceScale", () => {
  it("is symmetric, so that its middle means equal", () => {
    const scale = differenceScale([-4, 1, 2]);
    expect(scale.domain).toEqual([-4, 4]);
    expect(scalePosition(scale, 0)).toBe(0.5);
    expect(scale.ticks).toEqual([-4, -2, 0, 2, 4]);
  });

  it("does not break where all is equal", () => {
    expect(differenceScale([0, 0]).domain).toEqual([-1, 1]);
  });
});

describe("ticks", () => {
  it("are round, inside, and few", () => {
    const spans = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(spans, ([low, span]) => {
        const ticks = linearTicks(low, low + span);
        expect(ticks.length).toBeLessThanOrEqual(7);
        const slack = span * 1e-6;
        for (const tick of ticks)
          expect(tick >= low - slack && tick <= low + span + slack).toBe(true);
      }),
    );
  });

  it("are powers of ten over a wide log range", () => {
    expect(logTicks(0.5, 20_000)).toEqual([1, 10, 100, 1000, 10_000]);
  });
});

describe("colorCells", () => {
  it("leaves cells without value transparent", () => {
    const scale = sharedScale([[0, 1]], { domain: [0, 1] });
    const colors = colorCells([Number.NaN, 0, 1], scale);
    expect([...colors.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    expect([...colors.subarray(4, 8)]).toEqual([...SEQUENTIAL[0]!, 255]);
    expect([...colors.subarray(8)]).toEqual([...SEQUENTIAL[255]!, 255]);
  });

  it("gives equal values equal colours in every column of one scale", () => {
    const scale = sharedScale([
      [1, 5, 9],
      [2, 5, 7],
    ]);
    expect(colorCells([5], scale)).toEqual(colorCells([5], scale));
    expect([...difference([3, Number.NaN], [1, 1])]).toEqual([2, Number.NaN]);
  });
});
