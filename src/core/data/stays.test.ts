import { readFileSync } from "node:fs";
import fc from "fast-check";
import { latLngToCell } from "h3-js";
import { describe, expect, it } from "vitest";
import { cellHash, CellTableBuilder, haversineKm, indexCells } from "../geo/cells";
import type { CheckIns } from "./check-ins";
import { MINUTE } from "./fixtures.testing";
import { locatePoints, type Points } from "./points";
import { resample, type Fill } from "./resample";
import { runSlices } from "./slices";
import { findStops, type PlacedPoints, type StopOptions } from "./stops";

/** [user, minute, metres north, metres east] of a place in Beijing. */
type Step = readonly [user: number, minute: number, north: number, east: number];

const NEAR = { lat: 39.9, lng: 116.4 };
const METRE = 1 / 111_195;

function placed({ users, user, timeMs, lat, lng }: Points): PlacedPoints {
  const cells = new CellTableBuilder(8);
  return runSlices(locatePoints({ users, user, timeMs, lat, lng }, cells)) as PlacedPoints;
}

function trackOf(steps: readonly Step[]): PlacedPoints {
  const users = [...new Set(steps.map(([user]) => user))];
  return placed({
    users: users.map(String),
    user: Uint32Array.from(steps, ([user]) => users.indexOf(user)),
    timeMs: Float64Array.from(steps, ([, minute]) => minute * MINUTE),
    lat: Float64Array.from(steps, ([, , north]) => NEAR.lat + north * METRE),
    lng: Float64Array.from(
      steps,
      ([, , , east]) => NEAR.lng + (east * METRE) / Math.cos((NEAR.lat * Math.PI) / 180),
    ),
  });
}

const STANDARD: StopOptions = { radiusM: 200, minMs: 20 * MINUTE, maxGapMs: 1440 * MINUTE };

function stopsOf(track: PlacedPoints, options: Partial<StopOptions> = {}): CheckIns {
  const cells = new CellTableBuilder(8);
  return runSlices(findStops(track, { ...STANDARD, ...options }, cells));
}

const spans = ({ startMs, endMs, points }: CheckIns): number[][] =>
  Array.from(startMs, (start, i) => [start / MINUTE, endMs[i]! / MINUTE, points[i]!]);

/** A rest of `minutes`, a point a minute, trembling by some metres. */
const rest = (from: number, minutes: number, north: number): Step[] =>
  Array.from({ length: minutes + 1 }, (_, i) => [1, from + i, north + 9 * (i % 3), 7 * (i % 2)]);

describe("findStops", () => {
  it("finds rests and passes over walks", () => {
    const walk = Array.from({ length: 20 }, (_, i): Step => [1, 31 + i, 120 * (i + 1), 0]);
    const track = trackOf([...rest(0, 30, 0), ...walk, ...rest(51, 25, 2520)]);
    expect(spans(stopsOf(track))).toEqual([
      [0, 31, 32], // the first step of the walk is still within 200 m of the first point
      [50, 76, 27], // the last step is the first place of the second rest
    ]);
  });

  it("is not fooled by waiting a little less than long enough", () => {
    expect(spans(stopsOf(trackOf(rest(0, 19, 0))))).toEqual([]);
    expect(spans(stopsOf(trackOf(rest(0, 20, 0))))).toEqual([[0, 20, 21]]);
  });

  it("keeps stops that follow one another at once", () => {
    const track = trackOf([...rest(0, 30, 0), ...rest(31, 30, 300), ...rest(62, 30, 600)]);
    expect(spans(stopsOf(track)).map(([, , points]) => points)).toEqual([31, 31, 31]);
  });

  it("ends at a long time without a point, and at another user", () => {
    const track = trackOf([...rest(0, 30, 0), ...rest(30 + 1441, 30, 0)]);
    expect(stopsOf(track).user.length).toBe(2);
    expect(spans(stopsOf(track, { maxGapMs: Infinity }))).toEqual([[0, 1501, 62]]);
    const second = rest(10, 15, 0).map(([, ...where]): Step => [2, ...where]);
    expect(stopsOf(trackOf([...rest(0, 15, 0), ...second])).user.length).toBe(0);
  });

  it("agrees with the definition, searched plainly", () => {
    const step = fc.tuple(
      fc.constantFrom(1, 2),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: -150, max: 150 }),
      fc.integer({ min: -150, max: 150 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const times = new Map<number, number>();
        const rows = steps
          .map(([user, wait, ...where]): Step => {
            times.set(user, (times.get(user) ?? 0) + wait);
            return [user, times.get(user)!, ...where];
          })
          .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        const track = trackOf(rows);
        expect(spans(stopsOf(track, { maxGapMs: 30 * MINUTE }))).toEqual(plainStops(track, 30));
      }),
    );
  });
});

/** The definition: from each start the longest run within the radius; the first long enough one is a stop. */
function plainStops({ user, timeMs, lat, lng }: PlacedPoints, maxGapMin: number): number[][] {
  const found: number[][] = [];
  let free = 0;
  for (let from = 0; from < user.length; from++) {
    if (from < free) continue;
    const isIn = (i: number): boolean =>
      user[i] === user[from] &&
      (i === from || timeMs[i]! - timeMs[i - 1]! <= maxGapMin * MINUTE) &&
      haversineKm(lat[from]!, lng[from]!, lat[i]!, lng[i]!) <= 0.2;
    let to = from;
    while (to < user.length && isIn(to)) to++;
    if (timeMs[to - 1]! - timeMs[from]! < 20 * MINUTE) continue;
    found.push([timeMs[from]! / MINUTE, timeMs[to - 1]! / MINUTE, to - from]);
    free = to;
  }
  return found;
}

interface Reference {
  t: number[];
  lat: number[];
  lng: number[];
  /** First point, points, from, to, latitude and longitude of the middle. */
  stops: [number, number, number, number, number, number][];
  /** Time, latitude, longitude, points. */
  resampled: Record<Fill, [number, number, number, number][]>;
}

const reference = JSON.parse(
  readFileSync(new URL("../../../test/reference/rules.json", import.meta.url), "utf8"),
) as Reference;

describe("against NumPy (test/reference/make_rules_reference.py)", () => {
  const { t, lat, lng } = reference;
  const track = placed({
    users: ["a"],
    user: new Uint32Array(t.length),
    timeMs: Float64Array.from(t, (seconds) => seconds * 1000),
    lat: Float64Array.from(lat),
    lng: Float64Array.from(lng),
  });
  const rowsOf = ({ cells, cell, startMs, endMs, points }: CheckIns) =>
    Array.from(cell, (n, i) => [cellHash(cells, n), startMs[i], endMs[i], points[i]]);

  it("finds the same stops, across the antimeridian", () => {
    expect(rowsOf(stopsOf(track, { maxGapMs: 180 * MINUTE }))).toEqual(
      reference.stops.map(([, points, from, to, middleLat, middleLng]) => {
        return [latLngToCell(middleLat, middleLng, 8), from * 1000, to * 1000, points];
      }),
    );
  });

  it.each(["hold", "linear", "drop"] as const)("finds the same positions by %s", (fill) => {
    const options = { intervalMs: 15 * MINUTE, fill, maxGapMs: 180 * MINUTE };
    const { checkIns, filled } = runSlices(resample(track, options, indexCells(track.cells)));
    const expected = reference.resampled[fill].map(([seconds, slotLat, slotLng, points]) => {
      return [latLngToCell(slotLat, slotLng, 8), seconds * 1000, seconds * 1000, points];
    });
    expect(rowsOf(checkIns)).toEqual(expected);
    expect(filled).toBe(expected.filter(([, , , points]) => points === 0).length);
  });
});

describe("resample", () => {
  it("gives RAW's 960 positions for ten days of one point a day, held", () => {
    const steps = Array.from({ length: 11 }, (_, day): Step => [1, day * 1440, day * 1000, 0]);
    const track = trackOf(steps);
    const options = { intervalMs: 15 * MINUTE, fill: "hold" as const, maxGapMs: 1440 * MINUTE };
    const { checkIns, filled } = runSlices(resample(track, options, indexCells(track.cells)));
    expect([checkIns.user.length, filled]).toEqual([961, 950]);
  });

  it("counts every point once, at the end of its interval", () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1 });
    fc.assert(
      fc.property(minutes, fc.constantFrom<Fill>("hold", "linear", "drop"), (times, fill) => {
        const sorted = [...times].sort((a, b) => a - b);
        const track = trackOf(sorted.map((minute): Step => [1, minute, minute, 0]));
        const options = { intervalMs: 15 * MINUTE, fill, maxGapMs: 60 * MINUTE };
        const { checkIns } = runSlices(resample(track, options, indexCells(track.cells)));
        expect(checkIns.points.reduce((sum, n) => sum + n, 0)).toBe(times.length);
        checkIns.startMs.forEach((atMs, i) => {
          expect(atMs % (15 * MINUTE)).toBe(0);
          if (i > 0) expect(atMs).toBeGreaterThan(checkIns.startMs[i - 1]!);
        });
      }),
    );
  });
});
