import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FootfallError } from "../../errors";
import type { PolygonLayer } from "./layer";
import {
  featuresFile,
  fixture,
  readLayer,
  readReference,
  ringsOf,
  textFile,
} from "./polygons.testing";
import { writeAll } from "./writers.testing";

interface Expected {
  file: string;
  features: { values: Record<string, string | number | null>; rings: number[][][] }[];
}

const reference = readReference<{
  files: Expected[];
  wkb: Record<"little" | "big" | "high", string[]>;
  projjson: Record<string, object>;
}>("polygon-files.json");

/** Degrees; 1e-7 is a centimetre. The shift from the Tokyo datum is known to some metres only. */
const TOLERANCE = (file: string): number => (file === "tokyo-datum.zip" ? 2e-4 : 2e-7);

const valueOf = (layer: PolygonLayer, name: string, feature: number) =>
  layer.columns.find((column) => column.name === name)?.values[feature];

/** Every corner that GDAL found must be one of ours, and a ring of ours must not be longer. */
function expectRings(ours: number[][][], theirs: number[][][], tolerance: number): void {
  expect(ours).toHaveLength(theirs.length);
  const all = ours.flat();
  for (const [x, y] of theirs.flat()) {
    const distance = Math.min(...all.map(([a, b]) => Math.hypot(a! - x!, b! - y!)));
    expect(distance).toBeLessThan(tolerance);
  }
}

describe("readPolygons", () => {
  it.each(reference.files)("reads $file as GDAL does", async ({ file, features }) => {
    const layer = await readLayer(await fixture(file));
    expect(layer.count).toBe(features.length);
    features.forEach(({ values, rings }, i) => {
      expectRings(ringsOf(layer, i), rings, TOLERANCE(file));
      for (const [name, value] of Object.entries(values)) {
        const ours = valueOf(layer, name, i);
        if (ours !== undefined) expect(ours === "" ? null : ours).toBe(value === "" ? null : value);
      }
    });
    expect(layer.columns.find(({ name }) => /^name$/i.test(name))?.examples).toContain("名古屋市");
  });

  it("reads GeoParquet with heights, big-endian bytes and a projected system", async () => {
    const names = ["a", "b", "c"];
    for (const [kind, hexes] of Object.entries(reference.wkb)) {
      const geo = {
        version: "1.0.0",
        primary_column: "shape",
        columns: { shape: { encoding: "WKB" } },
      };
      const buffer = parquetWriteBuffer({
        columnData: [
          { name: "name", type: "STRING", data: names },
          { name: "shape", type: "BYTE_ARRAY", data: hexes.map((hex) => Buffer.from(hex, "hex")) },
          { name: "people", type: "INT64", data: [1n, 2n, 3n] },
        ],
        kvMetadata: [{ key: "geo", value: JSON.stringify(geo) }],
      });
      const layer = await readLayer({ path: `${kind}.parquet`, blob: new Blob([buffer]) });
      expect(layer.format).toBe("GeoParquet");
      expect(layer.columns.map(({ name, kind: type }) => [name, type])).toEqual([
        ["name", "text"],
        ["people", "number"],
      ]);
      reference.files[0]!.features.forEach(({ rings }, i) =>
        expectRings(ringsOf(layer, i), rings, 1e-9),
      );
    }
  });

  it("understands PROJJSON, and names a system that it does not know", async () => {
    const write = (crs: object) =>
      new Blob([
        parquetWriteBuffer({
          columnData: [
            {
              name: "geometry",
              type: "BYTE_ARRAY",
              data: reference.wkb.little.map((hex) => Buffer.from(hex, "hex")),
            },
          ],
          kvMetadata: [
            {
              key: "geo",
              value: JSON.stringify({ columns: { geometry: { encoding: "WKB", crs } } }),
            },
          ],
        }),
      ]);
    const japan = await readLayer({ path: "j.parquet", blob: write(reference.projjson["6675"]!) });
    expect(japan.system).toBe("EPSG:6675");
    const unknown = { name: "Moon plane", id: { authority: "IAU", code: 30100 } };
    await expect(readLayer({ path: "m.parquet", blob: write(unknown) })).rejects.toThrow(
      /m\.parquet: the coordinate system IAU:30100 \("Moon plane"\) is not known here/,
    );
  });

  it("reads TopoJSON with the ids of its objects", async () => {
    const path = "node_modules/world-atlas/countries-110m.json";
    const blob = new Blob([readFileSync(new URL(`../../../../${path}`, import.meta.url))]);
    const layer = await readLayer({ path: "countries.json", blob });
    expect(layer).toMatchObject({ format: "TopoJSON", count: 177, layers: ["countries", "land"] });
    expect(layer.warnings[0]).toMatch(/"countries" was taken; the file also holds: land/);
    expect(valueOf(layer, "id", 0)).toBe("242");
    const land = await readLayer({ path: "countries.json", blob }, { layer: "land" });
    expect(land.count).toBe(1);
  });

  it("takes the layer that is asked for", async () => {
    const layer = await readLayer(await fixture("two-layers.gpkg.zip"), { layer: "again" });
    expect(layer.name).toBe("two-layers.gpkg.zip (two-layers.gpkg)");
    expect(layer.layers).toEqual(["towns", "again"]);
    await expect(
      readLayer(await fixture("two-layers.gpkg.zip"), { layer: "none" }),
    ).rejects.toThrow(/has no layer "none"; it has: towns, again/);
  });

  it("lets the user name the encoding and the system", async () => {
    const layer = await readLayer(await fixture("utf-8.zip"), { encoding: "cp932" });
    expect(valueOf(layer, "name", 0)).not.toBe("名古屋市");
    const mercator = await readLayer(
      textFile(
        "m.geojson",
        JSON.stringify({
          type: "Polygon",
          coordinates: [
            [
              [0, 0],
              [111319.49, 0],
              [0, 111325.14],
            ],
          ],
        }),
      ),
      { system: "EPSG:3857" },
    );
    expect(mercator.bounds.map((degree) => degree.toFixed(4))).toEqual([
      "0.0000",
      "0.0000",
      "1.0000",
      "1.0000",
    ]);
  });

  it("keeps a polygon over the antimeridian in one piece, and Antarctica whole", async () => {
    const box = (...lngs: number[]) => [
      [lngs[0], -1],
      [lngs[1], -1],
      [lngs[1], 1],
      [lngs[0], 1],
    ];
    const layer = await readLayer(
      featuresFile([
        { coordinates: [box(179, -179)] },
        { coordinates: [box(179, 181)] },
        { coordinates: [box(-181, -179)] },
        {
          coordinates: [
            [
              [-180, -60],
              [0, -70],
              [180, -60],
              [180, -90],
              [-180, -90],
            ],
          ],
        },
      ]),
    );
    const width = (i: number): number => {
      const lngs = ringsOf(layer, i)[0]!.map(([lng]) => lng!);
      return Math.max(...lngs) - Math.min(...lngs);
    };
    expect([0, 1, 2, 3].map(width)).toEqual([2, 2, 2, 360]);
    expect(layer.warnings).toEqual(["1 ring taken as crossing the antimeridian the short way"]);
  });

  it("follows the edges of a projected layer, which bend in degrees", async () => {
    const edge = { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::3035" } };
    const square = [4e6, 2e6, 5e6, 2e6, 5e6, 3e6, 4e6, 3e6];
    const corners = [0, 2, 4, 6].map((i) => [square[i], square[i + 1]]);
    const text = JSON.stringify({ type: "Polygon", coordinates: [corners], crs: edge });
    const layer = await readLayer(textFile("laea.geojson", text));
    const [ring] = ringsOf(layer, 0);
    expect(ring!.length).toBeGreaterThan(100);
    const lats = ring!.filter(([lng]) => Math.abs(lng! - 10) < 0.02).map(([, lat]) => lat!);
    // cs2cs puts (4321000, 2000000) at 41.099683; between the corners, 41.03 and 40.77, the straight line is at 40.95
    expect(Math.min(...lats)).toBeCloseTo(41.099683, 3);
  });
});

describe("what is written is what is read", () => {
  const degrees = (from: number, to: number) =>
    fc.integer({ min: from * 1e6, max: to * 1e6 }).map((n) => n / 1e6);
  /** A box with a hole, somewhere between the poles and the antimeridian. */
  const polygon = fc
    .tuple(degrees(-170, 170), degrees(-80, 80), degrees(0.1, 5))
    .map(([x, y, size]) => {
      const box = (a: number, b: number) =>
        [
          [a, a],
          [a, b],
          [b, b],
          [b, a],
          [a, a],
        ].map(([dx, dy]) => [x + dx! * size, y + dy! * size]);
      return [box(0, 1), box(0.25, 0.75).toReversed()];
    });
  const name = fc
    .string({ minLength: 1, maxLength: 12, unit: "grapheme" })
    .filter((text) => text.trim() === text && !/[\p{Cc}\p{Cn}\p{Zs}]/u.test(text));
  const feature = fc.record({
    name,
    size: fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 64),
    polygons: fc.array(polygon, { minLength: 1, maxLength: 3 }),
  });

  it("in every format", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(feature, { minLength: 1, maxLength: 5 }), async (features) => {
        for (const file of await writeAll(features)) {
          const layer = await readLayer(file);
          expect(layer.count).toBe(features.length);
          features.forEach((made, i) => {
            expect(valueOf(layer, "name", i)).toBe(made.name);
            expect(Number(valueOf(layer, "size", i))).toBe(made.size); // KML has text only
            expect(ringsOf(layer, i)).toEqual(
              made.polygons.flat().map((ring) => ring.slice(0, -1)),
            );
          });
        }
      }),
      { seed: 123, numRuns: 60 },
    );
  });
});

describe("what readPolygons refuses or leaves out", () => {
  const triangle = [
    [0, 0],
    [1, 0],
    [0, 1],
    [0, 0],
  ];
  it.each([
    ["empty.geojson", "", /empty\.geojson is empty/],
    ["cut.geojson", '{"type":"FeatureCollection","features":[', /cut\.geojson is not whole JSON/],
    ["points.geojson", '{"type":"Point","coordinates":[1,2]}', /JSON of the type "Point"/],
    ["table.json", '{"rows":[]}', /JSON without a type/],
    ["page.html", "<html><body></body></html>", /no layer of polygons that is known here/],
    ["broken.kml", "<kml><Document>", /broken\.kml is broken XML/],
    [
      "moon.geojson",
      '{"type":"Polygon","crs":{"properties":{"name":"urn:ogc:def:crs:IAU::30100"}},"coordinates":[]}',
      /the coordinate system "urn:ogc:def:crs:IAU::30100" is not known here/,
    ],
    [
      "far.geojson",
      '{"type":"Polygon","coordinates":[[[500000,0],[500100,0],[500000,100]]]}',
      /no polygon that can be used: a place is not on Earth/,
    ],
    [
      "flat.geojson",
      '{"type":"Polygon","coordinates":[[[0,0],[1,1],[2,2],[0,0]]]}',
      /a ring encloses no area \(first in feature 1\)/,
    ],
  ])("%s", async (path, text, message) => {
    const reading = readLayer(textFile(path, text));
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toBeInstanceOf(FootfallError);
  });

  it("lines", async () => {
    await expect(readLayer(await fixture("lines.geojson"))).rejects.toThrow(
      "lines.geojson holds lines, which have no area; expected polygons",
    );
  });

  it("leaves out what cannot be used and says how much", async () => {
    const layer = await readLayer(
      featuresFile([
        { coordinates: [triangle] },
        {
          coordinates: [
            [
              [0, 0],
              [1, 1],
            ],
          ],
        },
        {
          coordinates: [
            triangle,
            [
              [0.1, 0.1],
              [0.1, null],
              [0.2, 0.1],
            ],
          ],
        },
        { type: "Point", coordinates: [0, 0] },
      ]),
    );
    expect(layer.count).toBe(2);
    expect(ringsOf(layer, 1)).toHaveLength(1);
    expect(layer.warnings).toEqual([
      "1 ring left out: a ring has fewer than three corners (first in feature 2)",
      "1 ring left out: a coordinate is not a number (first in feature 3)",
      "1 feature with points left out: they have no area",
    ]);
  });

  it("a Shapefile without its .prj that is not in degrees, and one whose table is cut", async () => {
    const { default: zip } = await import("fflate").then((fflate) => ({ default: fflate }));
    const bytes = new Uint8Array(await (await fixture("japanese-cp932.zip")).blob.arrayBuffer());
    const parts = zip.unzipSync(bytes);
    const only = (names: RegExp) =>
      Object.fromEntries(Object.entries(parts).filter(([name]) => names.test(name)));
    const pack = (entries: typeof parts) => new Blob([zip.zipSync(entries)]);
    const bare = { path: "bare.zip", blob: pack(only(/shp$|dbf$/)) };
    await expect(readLayer(bare)).rejects.toThrow(/comes without its \.prj/);
    expect((await readLayer(bare, { system: "EPSG:6675" })).bounds[1]).toBeCloseTo(34.66, 6);
    const cut = { ...parts, "towns.dbf": parts["towns.dbf"]!.subarray(0, -20) };
    await expect(readLayer({ path: "cut.zip", blob: pack(cut) })).rejects.toThrow(
      /broken Shapefile: the table of values was cut/,
    );
    const shapes = await readLayer({ path: "s.zip", blob: pack(only(/shp$|prj$/)) });
    expect(shapes.columns).toEqual([]);
    expect(shapes.warnings[0]).toMatch(/no \.dbf/);
  });

  it.each(reference.files.map(({ file }) => file))(
    "%s cut anywhere or with any byte changed: a layer or one sentence, never a crash",
    async (file) => {
      const bytes = new Uint8Array(await (await fixture(file)).blob.arrayBuffer());
      const tryRead = async (changed: Uint8Array<ArrayBuffer>): Promise<void> => {
        try {
          await readLayer({ path: file, blob: new Blob([changed]) });
        } catch (error) {
          expect(error).toBeInstanceOf(FootfallError);
        }
      };
      const at = fc.integer({ min: 0, max: bytes.length - 1 });
      const change = fc.asyncProperty(at, fc.integer({ min: 0, max: 255 }), async (i, byte) => {
        await tryRead(bytes.slice(0, i));
        await tryRead(bytes.with(i, byte));
      });
      await fc.assert(change, { seed: 123, numRuns: 60 });
    },
  );
});
