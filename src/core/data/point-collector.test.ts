import fc from "fast-check";
import { getPentagons, cellToLatLng, latLngToCell } from "h3-js";
import { describe, expect, it } from "vitest";
import { cellHash } from "../geo/cells";
import { finish } from "../pace";
import { PointCollector, type CollectedPoints, type LocatePoints } from "./point-collector";
import { locatePlaces } from "./points";
import { runSlices } from "./slices";
import type { FoundPoint } from "./read/source";

const START = Date.UTC(2020, 0);
const SECOND = 1000;

type Row = [user: string, second: number, lat: number, lng: number, offsetMin?: number];

function collect(
  rows: readonly Row[],
  options: Partial<ConstructorParameters<typeof PointCollector>[0]> = {},
): Promise<CollectedPoints> {
  const collector = new PointCollector({ anonymousSeed: 1, ...options });
  collector.beginFile("points.csv");
  rows.forEach(([user, second, lat, lng, offsetMin], i) => {
    collector.add({ user, timeMs: START + second * SECOND, lat, lng, offsetMin }, i + 2);
  });
  return finish(collector.build());
}

describe("PointCollector", () => {
  it("says why a row cannot be used, with file and line", async () => {
    const collector = new PointCollector({ anonymousSeed: 1 });
    const good: FoundPoint = { user: "a", timeMs: START, lat: 35, lng: 139 };
    const bad: Partial<FoundPoint>[] = [
      { user: "" },
      { timeMs: NaN },
      { timeMs: 1e16 },
      { lat: NaN },
      { lng: Infinity },
      { lat: 90.000001 },
      { lng: -180.5 },
      { lat: 0, lng: 0 },
      { lat: 0.00001, lng: -0.00001 },
    ];
    collector.beginFile("one.csv");
    collector.add(good, 2);
    bad.forEach((change, i) => collector.add({ ...good, ...change }, 3 + i));
    collector.beginFile("two.csv");
    collector.reject("a cut line", 7);
    const { report, rejected } = await finish(collector.build());
    expect([report.rowsRead, report.points, rejected.count]).toEqual([11, 1, 10]);
    expect(report.files).toEqual([
      { path: "one.csv", rows: 10, rejected: 9 },
      { path: "two.csv", rows: 1, rejected: 1 },
    ]);
    expect(report.rejected).toMatchObject([
      { reason: "no time that can be read", count: 2, firstLines: [4, 5] },
      { reason: "a coordinate that is not a number", count: 2, firstLines: [6, 7] },
      { reason: "coordinates 0, 0 (no fix)", count: 2, firstLines: [10, 11] },
      { reason: "no user", count: 1, firstLines: [3] },
      { reason: "latitude outside -90 to 90", count: 1, firstLines: [8] },
      { reason: "longitude outside -180 to 180", count: 1, firstLines: [9] },
      { reason: "a cut line", count: 1, firstLines: [7], firstFiles: ["two.csv"] },
    ]);
    const csv = [...rejected.toCsv()].join("").split("\n");
    expect(csv.slice(0, 2)).toEqual(["file,line,reason", '"one.csv",3,"no user"']);
    expect(csv.length).toBe(12); // a line a row, the header and the end
  });

  it("throws where no row is left", async () => {
    await expect(collect([["", 0, 1, 1]])).rejects.toThrow(
      "points.csv: none of 1 rows can be used; most often: no user, line 2",
    );
  });

  it("finds h3-js's cell for every point, at the poles, the antimeridian and the pentagons, too", async () => {
    const odd: [number, number][] = [
      [90, 0],
      [-90, 0],
      [90, 180],
      [89.9999, -179.9999],
      [0.00011, 0],
      [-17, 180],
      [-17, -180],
      [-17, 179.99999],
      [-17, -179.99999],
      ...getPentagons(8).map((cell) => cellToLatLng(cell)),
    ];
    const near = fc.tuple(
      fc.constantFrom(...odd),
      fc.double({ min: -0.01, max: 0.01, noNaN: true }),
      fc.double({ min: -0.01, max: 0.01, noNaN: true }),
    );
    const inside = near
      .map(([[lat, lng], dLat, dLng]): [number, number] => [lat + dLat, lng + dLng])
      .filter(([lat, lng]) => Math.abs(lat) <= 90 && Math.abs(lng) <= 180)
      .filter(([lat, lng]) => Math.abs(lat) > 1e-4 || Math.abs(lng) > 1e-4);
    const cases = fc.array(inside, { minLength: 1 }).map((places) => [...odd, ...places]);
    await fc.assert(
      fc.asyncProperty(cases, fc.integer({ min: 5, max: 10 }), async (places, resolution) => {
        const rows = places.map(([lat, lng], i): Row => ["a", i, lat, lng]);
        const { points } = await collect(rows, { resolution });
        expect(Array.from(points.cell, (cell) => cellHash(points.cells, cell))).toEqual(
          places.map(([lat, lng]) => latLngToCell(lat, lng, resolution)),
        );
      }),
    );
  });

  it("counts duplicates, jumps, rows out of order, gaps and intervals", async () => {
    const day = 86_400;
    const { report } = await collect([
      ["a", 0, 35, 139],
      ["a", 60, 35, 139],
      ["a", 60, 35, 139], // again
      ["a", 60, 36, 139], // at the same moment 111 km away
      ["a", 30, 35, 139], // back, and a jump back in space: 111 km in 30 s
      ["b", 0, 35, 139],
      ["b", 2 * day, 35.001, 139],
    ]);
    expect(report).toMatchObject({
      points: 7,
      users: 2,
      duplicates: 1,
      elsewhere: 1,
      outOfOrder: 1,
    });
    expect(report.speeding).toMatchObject({ limitKmh: 1000, count: 2 });
    expect(report.speeding.first).toEqual([
      { path: "points.csv", line: 5 },
      { path: "points.csv", line: 6 },
    ]);
    expect(report.gaps).toEqual({ count: 1, longestMs: 2 * day * SECOND, users: 1 });
    expect(report.intervals.filter(({ count }) => count > 0)).toEqual([
      { upTo: 0, count: 2 },
      { upTo: 30, count: 2 },
      { upTo: 604_800, count: 1 },
    ]);
    expect(report.medianIntervalS).toBe(30);
    expect(report.pointsPerUserQuartiles).toEqual([2, 2, 5, 5, 5]);
    expect(report.box).toEqual({ south: 35, west: 139, north: 36, east: 139 });
  });

  it("keeps coordinates and offsets only where they are asked for or told", async () => {
    const rows: Row[] = [
      ["a", 0, 35, 139],
      ["a", 1, 36, 140, 540],
      ["a", 2, 37, 141],
    ];
    const lean = await collect(rows.map(([user, second, lat, lng]) => [user, second, lat, lng]));
    expect(Object.keys(lean.points).sort()).toEqual(["cell", "cells", "timeMs", "user", "users"]);
    const { points, report } = await collect(rows, { keepCoordinates: true });
    expect(points.lat).toEqual(Float64Array.of(35, 36, 37));
    expect(points.offsetMin).toEqual(Int16Array.of(-32_768, 540, -32_768));
    expect(report.withOffset).toBe(1);
  });

  it("gives users new names and puts them into the report and the labels", async () => {
    const collector = new PointCollector({ anonymousSeed: 1 });
    collector.beginFile("a.plt");
    const hours = Array.from({ length: 400 }, (_, hour) => hour);
    for (const hour of hours) {
      collector.add({ user: "Ann", timeMs: START + hour * 3_600_000, lat: 35, lng: 139 }, hour);
    }
    collector.add({ user: "Bob", timeMs: Date.UTC(2000, 0), lat: 35, lng: 139 }, 999);
    collector.label("Bob", 0, 3_600_000, "walk");
    collector.label("Eve", 0, 3_600_000, "bus");
    const { names, points, report, labels } = await finish(collector.build());
    expect(points.users).toEqual(["Ann", "Bob"]);
    expect(report.clocks).toMatchObject([{ user: names[1], points: 1 }]);
    expect(labels.user).toEqual([names[1]]);
    expect(report.labels).toEqual([{ label: "walk", spans: 1, users: 1, hours: 1 }]);
    expect(JSON.stringify(report)).not.toMatch(/Ann|Bob|Eve/);
  });

  it("keeps the same where the cells are found at the end", async () => {
    const rows: Row[] = [
      ["b", 5, 35.1, 139.2],
      ["a", 9, 35.6, 139.7, 540],
      ["a", 2, 35.6, 139.9],
    ];
    const locate: LocatePoints = async (places, cells) => runSlices(locatePlaces(places, cells));
    const [now, later] = [await collect(rows), await collect(rows, { locate })];
    expect(later.points).toEqual(now.points);
    expect(later.report).toEqual(now.report);
    const kept = { keepCoordinates: true };
    const [nowKept, laterKept] = [
      await collect(rows, kept),
      await collect(rows, { ...kept, locate }),
    ];
    expect(laterKept.points).toEqual(nowKept.points);
  });

  it.each([false, true])(
    "lets half a million places wait, places kept: %s",
    async (keepCoordinates) => {
      const calls: number[] = [];
      const locate: LocatePoints = async ({ lat, lng }, cells) => {
        calls.push(lat.length);
        const first = { lat: lat.slice(0, 1), lng: lng.slice(0, 1) }; // all are there
        return new Uint32Array(lat.length).fill(runSlices(locatePlaces(first, cells))[0]!);
      };
      const collector = new PointCollector({ anonymousSeed: 1, keepCoordinates, locate });
      const add = (n: number): void =>
        collector.add({ user: "a", timeMs: START + n * SECOND, lat: 35, lng: 139 }, n);
      for (let n = 0; n < 2 ** 19; n++) {
        if (n === 1000) await collector.settle();
        add(n);
      }
      await collector.settle();
      add(2 ** 19);
      const { points } = await finish(collector.build());
      expect(calls).toEqual([2 ** 19, 1]);
      expect(points.cell).toEqual(new Uint32Array(2 ** 19 + 1));
      expect(points.lat?.length).toBe(keepCoordinates ? 2 ** 19 + 1 : undefined);
    },
  );

  it("stops when told to", async () => {
    const collector = new PointCollector({ anonymousSeed: 1 });
    collector.add({ user: "a", timeMs: 0, lat: 1, lng: 1 }, 1);
    await expect(finish(collector.build(AbortSignal.abort()))).rejects.toMatchObject({
      code: "stopped",
    });
  });
});
