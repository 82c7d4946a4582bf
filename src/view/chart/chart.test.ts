import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration } from "../ui/Progress";
import { barTwin } from "./BarChart";
import { binValues, histogramTwin } from "./HistogramChart";
import { lossTwin, spreadNames, thinCurve } from "./LossChart";

describe("spreadNames", () => {
  it("leaves what is far apart, and moves what is near apart by a step, in order", () => {
    expect(spreadNames([100, 0, 50], 12)).toEqual([100, 0, 50]);
    expect(spreadNames([50, 50], 12)).toEqual([44, 56]);
    const places = fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { maxLength: 7 });
    fc.assert(
      fc.property(places, (list) => {
        const spread = spreadNames(list, 12).toSorted((a, b) => a - b);
        const gaps = spread.slice(1).map((place, n) => place - spread[n]!);
        expect(Math.min(12, ...gaps)).toBeGreaterThan(11.9);
      }),
    );
  });
});

describe("binValues", () => {
  it("counts every finite value once, on both axes", () => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.boolean(), (list, isLog) => {
        const bins = binValues([...list, Number.NaN], { isLog });
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(list.length);
      }),
    );
  });

  it("puts a value in the bin that holds it", () => {
    expect(binValues([0, 1, 2, 3, 4], { binCount: 2 }).map(({ count }) => count)).toEqual([2, 3]);
    const bins = binValues([1, 10, 100], { binCount: 2, isLog: true });
    expect(bins[1]!.low).toBeCloseTo(10);
  });

  it("is empty without values", () => {
    expect(binValues([Number.NaN])).toEqual([]);
    expect(histogramTwin({ name: "h", label: "km", values: [] }).summary).toBe("km: 0 cells.");
  });
});

describe("curves", () => {
  it("keep their ends when thinned", () => {
    const x = Array.from({ length: 5000 }, (_, i) => i);
    const points = thinCurve({ name: "train", x, y: x });
    expect(points.length).toBe(600);
    expect([points[0]!.x, points.at(-1)!.x]).toEqual([0, 4999]);
  });

  it("say where they begin and end", () => {
    const twin = lossTwin({ curves: [{ name: "train", x: [0, 10], y: [8, 2.5] }] });
    expect(twin.summary).toBe("train: loss from 8 to 2.5 after 10 (step).");
    expect(twin.rows).toEqual([
      ["train", "0", "8"],
      ["train", "10", "2.5"],
    ]);
    expect(lossTwin({ curves: [{ name: "train", x: [], y: [] }] }).summary).toBe(
      "train: no points.",
    );
  });
});

describe("bars", () => {
  it("name the best in the sense of the measure", () => {
    const bars = [
      { name: "model", value: 5.2 },
      { name: "previous place", value: 6.4 },
    ];
    expect(barTwin({ name: "b", label: "km", bars, better: "lower" }).summary).toContain(
      "best: model",
    );
    expect(barTwin({ name: "b", label: "km", bars }).summary).toContain("best: previous place");
  });
});

describe("formatDuration", () => {
  it("reads as people say it", () => {
    expect([0, 59.6, 200, 7500].map(formatDuration)).toEqual([
      "0 s",
      "1 min 00 s",
      "3 min 20 s",
      "2 h 05 min",
    ]);
  });
});
