import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBasemap, ringToCoasts } from "./basemap";
import type { FlatLine } from "./basemap";
import { clipLine, clipRing, cropBasemap, isCropFor, thinLine } from "./basemap-crop";
import type { Bounds } from "./cell-geometry";
import { joinRings, toSegments } from "./shapes";

const FILE = {
  source: "made up",
  stepDeg: 0.5,
  land: [[[0, 0, 20, 0, 0, 20, -20, 0, 0, -20]]], // a square of 10 degrees
  borders: [[0, 10, 20, 0]],
};

/** Ray casting: is a place inside a ring? */
function isInside(ring: FlatLine, lng: number, lat: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [x1, y1, x2, y2] = [ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!];
    if (y1 > lat !== y2 > lat && lng < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

describe("readBasemap", () => {
  it("adds the differences up and scales them", () => {
    const { land, borders, source } = readBasemap(FILE);
    expect([...land[0]![0]!]).toEqual([0, 0, 10, 0, 10, 10, 0, 10, 0, 0]);
    expect([...borders[0]!]).toEqual([0, 5, 10, 5]);
    expect(source).toBe("made up");
  });

  it("refuses what is not a basemap", () => {
    for (const json of [null, {}, { land: [] }, { land: [], borders: [] }, "text"]) {
      expect(() => readBasemap(json)).toThrowError(/stepDeg, land and borders/);
    }
  });
});

describe("ringToCoasts", () => {
  it("takes the cut along the antimeridian out", () => {
    const ring = Float64Array.of(170, 0, 180, 0, 180, 10, 170, 10, 170, 0);
    expect(ringToCoasts(ring).map((line) => [...line])).toEqual([[170, 10, 170, 0]]);
  });
});

describe("cropping", () => {
  const star = Float64Array.from({ length: 40 }, (_, i) => {
    const angle = ((i >> 1) / 20) * 2 * Math.PI;
    const radius = (i >> 1) % 2 === 0 ? 10 : 4;
    return radius * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });

  it("leaves every place in the box on its side of the coast", () => {
    const number = fc.integer({ min: -1200, max: 1200 }).map((n) => n / 100 + 0.00317);
    fc.assert(
      fc.property(number, number, number, number, number, number, (a, b, c, d, u, v) => {
        fc.pre(a !== c && b !== d);
        const box: Bounds = [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
        const lng = box[0] + (box[2] - box[0]) * (0.5 + u / 25.017);
        const lat = box[1] + (box[3] - box[1]) * (0.5 + v / 25.017);
        expect(isInside(clipRing(star, box), lng, lat)).toBe(isInside(star, lng, lat));
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps the segments that touch the box and no others", () => {
    const line = Float64Array.of(0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0);
    expect(clipLine(line, [1.5, -1, 2.5, 1]).map((run) => [...run])).toEqual([[1, 0, 2, 0, 3, 0]]);
    expect(clipLine(line, [0, 2, 5, 3])).toEqual([]);
  });

  it("leaves out points that nobody could tell apart, never the ends", () => {
    const wave = Float64Array.from({ length: 2000 }, (_, i) =>
      i % 2 === 0 ? i / 1000 : Math.sin(i / 1000),
    );
    const thin = thinLine(wave, 0.01);
    expect(thin.length).toBeLessThan(wave.length / 4);
    expect([...thin.slice(0, 2), ...thin.slice(-2)]).toEqual([
      ...wave.slice(0, 2),
      ...wave.slice(-2),
    ]);
    for (let i = 0; i < wave.length; i += 2) {
      const distances = Array.from({ length: thin.length / 2 }, (_, k) =>
        Math.hypot(wave[i]! - thin[2 * k]!, wave[i + 1]! - thin[2 * k + 1]!),
      );
      expect(Math.min(...distances)).toBeLessThan(0.015);
    }
  });

  it("serves views inside its box, and not those far closer in", () => {
    const crop = cropBasemap(readBasemap(FILE), [2, 2, 4, 4], 400);
    expect(crop.basemap.land.length).toBe(1);
    expect(isCropFor(crop, [2.5, 2.5, 4.5, 4.5])).toBe(true);
    expect(isCropFor(crop, [8, 2, 10, 4])).toBe(false);
    expect(isCropFor(crop, [2.5, 2.5, 2.6, 2.6])).toBe(false);
    expect(cropBasemap(readBasemap(FILE), [40, 40, 41, 41], 400).basemap.land).toEqual([]);
  });
});

describe("what the GPU gets", () => {
  it("joins rings with the places of the holes", () => {
    const rings = [Float64Array.of(0, 0, 9, 0, 0, 9), Float64Array.of(1, 1, 2, 1, 1, 2)];
    expect(joinRings(rings)).toEqual({
      positions: Float64Array.of(0, 0, 9, 0, 0, 9, 1, 1, 2, 1, 1, 2),
      holeIndices: [6],
    });
  });

  it("cuts lines into segments", () => {
    const lines = [Float64Array.of(0, 1, 2, 3, 4, 5), Float64Array.of(6, 7)];
    expect([...toSegments(lines)]).toEqual([0, 1, 2, 3, 2, 3, 4, 5]);
  });
});
