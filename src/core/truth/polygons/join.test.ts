import fc from "fast-check";
import { cellToBoundary, gridDisk, latLngToCell, polygonToCells } from "h3-js";
import { describe, expect, it } from "vitest";
import { cellHash } from "../../geo/cells";
import { finish } from "../../pace";
import { averagePolygons } from "./average";
import { coverByPolygons } from "./cover";
import { joinPolygons } from "./join";
import {
  dataTitle,
  featuresFile,
  hasData,
  readLayer,
  readReference,
  realFile,
  toTable,
} from "./polygons.testing";

/** Digits of a share: GEOS and PROJ, on the ellipsoid, differ by up to 2e-6. */
const SHARE = 5;

type Ring = number[][];

const box = (west: number, south: number, east: number, north: number): Ring => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];

const AROUND = gridDisk(latLngToCell(35, 137, 8), 12);
const cells = toTable(AROUND);
const whole = box(136.5, 34.5, 137.5, 35.5);

const named = (name: string, ...coordinates: Ring[]) => ({ coordinates, properties: { name } });
const joinNames = async (features: Parameters<typeof featuresFile>[0], table = cells) =>
  finish(joinPolygons(await readLayer(featuresFile(features)), table, { column: "name" }));

/** Numbers between a and b that are not round. */
const between = (a: number, b: number) =>
  fc.integer({ min: 1, max: 999_983 }).map((n) => a + ((b - a) * n) / 999_984);

/** A star around the middle of the cells: a ring that does not cross itself, of any raggedness. */
const star = fc
  .array(fc.tuple(between(0.002, 0.08), between(0, 2 * Math.PI)), { minLength: 3, maxLength: 40 })
  .map((rays) => rays.toSorted((a, b) => a[1] - b[1]))
  .filter((rays) => rays.every((ray, i) => (rays[i + 1]?.[1] ?? rays[0]![1] + 7) - ray[1] > 0.01))
  .map((rays): Ring =>
    rays.map(([r, angle]) => [137 + r * Math.cos(angle), 35 + r * Math.sin(angle)]),
  );

describe("joinPolygons", () => {
  it("gives every cell to the polygons by centre as h3-js's polygonToCells does", async () => {
    await fc.assert(
      fc.asyncProperty(star, async (ring) => {
        const { byCentre } = await joinNames([named("star", ring)]);
        const ours = AROUND.filter((_, n) => byCentre[n] === 0);
        const theirs = new Set(polygonToCells(ring, 8, true));
        expect(ours.toSorted()).toEqual(AROUND.filter((cell) => theirs.has(cell)).toSorted());
      }),
      { seed: 123, numRuns: 200 },
    );
  });

  it("shares of a partition add up to 1, and a hole is what the star in it has", async () => {
    await fc.assert(
      fc.asyncProperty(star, between(136.93, 137.07), async (ring, middle) => {
        const left = box(136.5, 34.5, middle, 35.5);
        const right = box(middle, 34.5, 137.5, 35.5);
        const layer = await readLayer(
          featuresFile([
            named("star", ring),
            named("around", whole, ring),
            { coordinates: [left], properties: { side: "left" } },
            { coordinates: [right], properties: { side: "right" } },
          ]),
        );
        const cover = async (column: string, ...classes: string[]) =>
          (await finish(coverByPolygons(layer, cells, { column, classes }))).share;
        const [inside, outside] = [await cover("name", "star"), await cover("name", "around")];
        const [west, east] = [await cover("side", "left"), await cover("side", "right")];
        const both = await cover("name", "star", "around");
        inside.forEach((share, n) => {
          expect(share + outside[n]!).toBeCloseTo(1, 9);
          expect(west[n]! + east[n]!).toBeCloseTo(1, 9);
          expect(both[n]).toBeCloseTo(1, 9);
        });
      }),
      { seed: 123, numRuns: 40 },
    );
  });

  it("does not care in which order and direction corners come, or where a ring begins", async () => {
    await fc.assert(
      fc.asyncProperty(star, fc.nat(), async (ring, start) => {
        const k = start % ring.length;
        const turned = [...ring.slice(k), ...ring.slice(0, k)].toReversed();
        const a = await joinNames([named("a", ring)]);
        const b = await joinNames([named("a", turned)]);
        expect(b.byCentre).toEqual(a.byCentre);
        a.share.forEach((share, n) => expect(b.share[n]).toBeCloseTo(share, 9));
      }),
      { seed: 123, numRuns: 40 },
    );
  });

  it("knows a cell's own outline as the whole cell, at any resolution and place", async () => {
    const place = fc.tuple(between(-80, 80), between(-180, 180), fc.integer({ min: 1, max: 11 }));
    await fc.assert(
      fc.asyncProperty(place, async ([lat, lng, resolution]) => {
        const cell = latLngToCell(lat, lng, resolution);
        const near = gridDisk(cell, 1);
        const joined = await joinNames([named("cell", cellToBoundary(cell, true))], toTable(near));
        near.forEach((other, n) =>
          expect(joined.share[n]).toBeCloseTo(other === cell ? 1 : 0, resolution < 4 ? 3 : 7),
        );
        expect([...joined.byCentre].filter((name) => name === 0)).toHaveLength(1);
      }),
      { seed: 123, numRuns: 200 },
    );
  });

  it("unites overlapping polygons and counts where values lie on one another", async () => {
    const features = [
      named("a", box(136.95, 34.95, 137.02, 35.05)),
      named("a", box(136.98, 34.95, 137.05, 35.05)),
      named("b", box(137, 34.96, 137.01, 35.04)),
    ];
    const { byArea, share, covered, report } = await joinNames(features);
    const middle = AROUND.indexOf(latLngToCell(35, 137.005, 8));
    expect([byArea[middle], share[middle], covered[middle]]).toEqual([0, 1, 1]);
    expect(report.overlapping).toBeGreaterThan(10);
    const layer = await readLayer(featuresFile(features));
    const cover = await finish(coverByPolygons(layer, cells, { column: "name", classes: ["a"] }));
    expect(Math.max(...cover.share)).toBe(1);
    expect(cover.twiceKm2).toBeCloseTo(40.51, 1); // 0.04 x 0.1 degrees at 35 north
  });

  it("takes a ring that crosses itself by the even-odd rule, in both joins", async () => {
    const bow: Ring = [
      [136.95, 34.95],
      [137.05, 35.05],
      [137.05, 34.95],
      [136.95, 35.05],
    ];
    const crossed = await joinNames([named("bow", bow)]);
    const apart = await joinNames([
      named("bow", [bow[0]!, [137, 35], bow[3]!]),
      named("bow", [[137, 35], bow[1]!, bow[2]!]),
    ]);
    expect(crossed.byCentre).toEqual(apart.byCentre);
    apart.share.forEach((share, n) => expect(crossed.share[n]).toBeCloseTo(share, 9));
  });

  it("joins across the antimeridian, however the polygon is written", async () => {
    const table = toTable(gridDisk(latLngToCell(0, 180, 5), 5));
    const ways = [
      [named("x", box(179.5, -0.5, 180.5, 0.5))],
      [named("x", box(-180.5, -0.5, -179.5, 0.5))],
      [
        named("x", [
          [179.5, -0.5],
          [-179.5, -0.5],
          [-179.5, 0.5],
          [179.5, 0.5],
        ]),
      ],
      [named("x", box(179.5, -0.5, 180, 0.5)), named("x", box(-180, -0.5, -179.5, 0.5))],
    ];
    const [first, ...others] = await Promise.all(ways.map((way) => joinNames(way, table)));
    expect(first!.share.reduce((a, b) => a + b, 0)).toBeGreaterThan(30);
    for (const other of others) {
      expect(other.byCentre).toEqual(first!.byCentre);
      first!.share.forEach((share, n) => expect(other.share[n]).toBeCloseTo(share, 9));
    }
  });

  it("gives no class to a sliver, but says that it is covered", async () => {
    const { byArea, report } = await joinNames([
      named("sliver", box(136.9, 34.9999999, 137.1, 35)),
    ]);
    expect(report.withArea).toBe(0);
    expect([...byArea].every((n) => n === -1)).toBe(true);
  });

  it("classifies by suffix or by a table", async () => {
    const layer = await readLayer(
      featuresFile([
        named("名古屋市", box(136.5, 34.5, 137, 35.5)),
        named("幸田町", box(137, 34.5, 137.5, 35.5)),
      ]),
    );
    const join = (rule: Parameters<typeof joinPolygons>[2]["rule"]) =>
      finish(joinPolygons(layer, cells, { column: "name", ...(rule && { rule }) }));
    expect((await join({ kind: "suffix" })).classes).toEqual(["shi", "machi"]);
    const table = await join({ kind: "table", classes: { 名古屋市: "city" } });
    expect(table.classes).toEqual(["city"]);
    await expect(join({ kind: "table", classes: { Nagoya: "city" } })).rejects.toThrow(
      /no value of the column "name" has a class \(it holds "名古屋市", "幸田町"\)/,
    );
  });

  it("refuses layers and columns that do not fit, in one sentence", async () => {
    const layer = await readLayer(featuresFile([named("far", box(10, 50, 11, 51))]));
    const join = (column: string) => finish(joinPolygons(layer, cells, { column }));
    await expect(join("name")).rejects.toThrow(
      /^made\.geojson covers lat 50\.00 to 51\.00, lng 10\.00 to 11\.00, but the cells lie at lat 34\.\d\d to 35\.\d\d, lng 136\.\d\d to 137\.\d\d: no cell lies in it$/,
    );
    await expect(join("nmae")).rejects.toThrow('made.geojson has no column "nmae"; it has: name');
    await expect(finish(averagePolygons(layer, cells, { column: "name" }))).rejects.toThrow(
      /holds text such as "far" and has no mean/,
    );
    await expect(
      finish(coverByPolygons(layer, cells, { column: "name", classes: ["near"] })),
    ).rejects.toThrow(/has no "near"; its most frequent values are far/);
  });

  it("stops when it is told to", async () => {
    const layer = await readLayer(featuresFile([named("a", whole)]));
    const stop = AbortSignal.abort();
    await expect(finish(joinPolygons(layer, cells, { column: "name" }, stop))).rejects.toThrow(
      /stop/,
    );
  });
});

interface Area {
  file: string;
  column: string;
  classes?: string[];
  cells: [cell: string, ...(string | number | null)[]][];
}

describe.skipIf(!hasData)(`joins ${dataTitle}`, () => {
  const areas = Object.entries(
    readReference<{ areas: Record<string, Area> }>("polygons.json").areas,
  );
  const open = async ({ file, cells: rows }: Area) => ({
    layer: await readLayer(await realFile(file)),
    table: toTable(rows.map(([cell]) => cell)),
  });

  it.each(areas.filter(([, { classes }]) => !classes))("%s: as GEOS and PROJ", async (_, area) => {
    const { layer, table } = await open(area);
    const { column } = area;
    const joined = await finish(joinPolygons(layer, table, { column }));
    const nameOf = (n: number): string | null => joined.classes[n] ?? null;
    area.cells.forEach(([cell, centre, most, share, covered], n) => {
      expect(cell).toBe(cellHash(table, n));
      expect(nameOf(joined.byCentre[n]!)).toBe(centre === null ? null : String(centre));
      expect(joined.covered[n]).toBeCloseTo(covered as number, SHARE);
      if ((share as number) < 0.001) return;
      expect(joined.share[n]).toBeCloseTo(share as number, SHARE);
      expect(nameOf(joined.byArea[n]!)).toBe(String(most));
    });
  });

  it("averages a column of numbers as GEOS and PROJ do", async () => {
    const [, area] = areas.find(([name]) => name === "districts")!;
    const { layer, table } = await open(area);
    const { byArea } = await finish(averagePolygons(layer, table, { column: "BoroCD" }));
    area.cells.forEach(([, , , share, , mean], n) => {
      if ((share as number) >= 0.01) expect(byArea[n]! / (mean as number)).toBeCloseTo(1, SHARE);
    });
  });

  it.each(areas.filter(([, { classes }]) => classes))("%s: the union of GEOS", async (_, area) => {
    const { layer, table } = await open(area);
    const { column, classes } = area;
    const cover = await finish(coverByPolygons(layer, table, { column, classes: classes! }));
    let twice = 0;
    area.cells.forEach(([, union, sum], n) => {
      expect(cover.share[n]).toBeCloseTo(union as number, SHARE);
      twice += (sum as number) - (union as number);
    });
    expect(cover.count).toBe(area.cells.filter(([, union]) => (union as number) > 0).length);
    expect(cover.twiceKm2 / 0.74).toBeCloseTo(twice, 0); // mean area of the cells, km2
  });
});
