import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FeatureSplitter } from "./feature-splitter";
import { geoJson } from "./geojson";
import { asFile, expectBytesAreSurvived, expectCutsAreHonest, readFile } from "./reading.testing";

const point = (properties: object, coordinates: unknown = [136.9, 35.1]) => ({
  type: "Feature",
  properties,
  geometry: { type: "Point", coordinates },
});
const line = (type: string, coordinates: unknown, properties: object) => ({
  type: "Feature",
  properties,
  geometry: { type, coordinates },
});
const collection = (features: unknown[]) =>
  JSON.stringify(
    { type: "FeatureCollection", name: "a [b] {c", features, bbox: [1, 2, 3, 4] },
    null,
    1,
  );

const read = (content: unknown, options = {}) =>
  readFile(
    geoJson,
    asFile("a.geojson", typeof content === "string" ? content : JSON.stringify(content)),
    options,
  );

describe("FeatureSplitter", () => {
  it("finds the features of any JSON however it is cut", () => {
    const features = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }));
    const shape = fc.constantFrom("collection", "list", "sequence", "records");
    fc.assert(
      fc.property(features, shape, fc.integer({ min: 1, max: 30 }), (objects, kind, size) => {
        const texts = objects.map((object) => JSON.stringify(object));
        const written = {
          collection: `{"type":"x","a":[{"features":[{}]}],"features":[${texts.join(",\n")}],"b":[{}]}`,
          list: `[${texts.join(",")}]`,
          sequence: texts.join("\n"),
          records: texts.map((text) => `\u001e${text}\n`).join(""),
        }[kind];
        // an object with features of its own, at the top, is a collection
        fc.pre(kind === "list" || kind === "collection" || !/^\s*\{"features":\[/m.test(written));
        const splitter = new FeatureSplitter("a.json");
        const found: string[] = [];
        for (let at = 0; at < written.length; at += size) {
          found.push(...splitter.push(written.slice(at, at + size)).map(({ text }) => text));
        }
        expect(found).toEqual(texts);
        expect(splitter.isOpen).toBe(false);
      }),
    );
  });
});

describe("geojson", () => {
  it("reads points with times as text or as Unix time, and users by their usual names", async () => {
    const features = [
      point({ user_id: 7, time: "2020-05-01T09:00:00+09:00" }),
      point({ uid: "b", timestamp: 1_588_291_200 }),
      point({ Device: "c", t: 1_588_291_200_123 }),
      point({ datetime: "2020-05-01 00:00:00", id: 3 }),
    ];
    const { points, offsets, lines } = await read(collection(features), { zone: "Asia/Tokyo" });
    const midnight = Date.UTC(2020, 4, 1);
    expect(points).toEqual([
      ["7", midnight, 35.1, 136.9],
      ["b", midnight, 35.1, 136.9],
      ["c", midnight + 123, 35.1, 136.9],
      ["a", midnight - 9 * 3_600_000, 35.1, 136.9],
    ]);
    expect(offsets).toEqual(new Set([540, undefined]));
    expect(lines[0]).toBe(5);
  });

  it("reads lines with a time for each position: coordTimes, coordinateProperties, a fourth number", async () => {
    const at = (seconds: number) => new Date(1_588_291_200_000 + seconds * 1000).toISOString();
    const places = [
      [1, 2],
      [3, 4],
    ];
    const features = [
      line("LineString", places, { coordTimes: [at(0), at(1)] }),
      line("MultiLineString", [places, [[5, 6]]], { coordTimes: [[at(2), at(3)], [at(4)]] }),
      line("MultiPoint", places, { coordinateProperties: { times: [at(5), at(6)] } }),
      line(
        "LineString",
        [
          [7, 8, 0, 1_588_291_207],
          [9, 10, 0, 1_588_291_208],
        ],
        {},
      ),
    ];
    const { points, rejected } = await read(collection(features));
    expect(points.map(([, timeMs]) => (timeMs - 1_588_291_200_000) / 1000)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(points.map(([, , lat]) => lat)).toEqual([2, 4, 2, 4, 6, 2, 4, 8, 10]);
    expect(rejected).toEqual([]);
  });

  it("reads a single feature, a list, one a line and records", async () => {
    const one = JSON.stringify(point({ time: "2020-05-01T00:00:00Z" }));
    for (const content of [
      one,
      `[${one},${one}]`,
      `${one}\n${one}\n`,
      `\u001e${one}\n\u001e${one}\n`,
    ]) {
      const { points, rejected } = await read(content);
      expect(points).toHaveLength(content === one ? 1 : 2);
      expect(rejected).toEqual([]);
    }
  });

  it("reports what has no time or no place", async () => {
    const features = [
      point({ id: 1 }),
      line(
        "LineString",
        [
          [1, 2],
          [3, 4],
        ],
        { time: "2020-05-01" },
      ),
      line(
        "LineString",
        [
          [1, 2],
          [3, 4],
        ],
        { times: ["2020-05-01"] },
      ),
      line(
        "Polygon",
        [
          [
            [1, 2],
            [3, 4],
            [5, 6],
            [1, 2],
          ],
        ],
        {},
      ),
      { type: "Feature", properties: null, geometry: null },
      { type: "Topology" },
    ];
    const { points, rejected } = await read(collection(features));
    expect(points).toHaveLength(1);
    expect(rejected.map(([reason]) => reason)).toEqual([
      "a point without a time",
      "a line without times: nothing says when its points were passed",
      "a position of a line without a time",
      "an area or a collection, which is no location",
      "a feature without a place",
      "an object that is no GeoJSON feature",
    ]);
    await expect(read("hello")).rejects.toThrow(/no JSON object/);
    expect((await read(collection([]))).facts.rows).toBe(0);
  });

  it("lets user, time and unit be chosen, and previews the properties to choose from", async () => {
    const features = [point({ who: "anna", when_min: 60, note: { a: 1 } })];
    const options = {
      columns: { user: "who", time: "when_min" },
      timeUnit: "minutes",
      timeOriginMs: Date.UTC(2020, 4, 1),
    } as const;
    const { points } = await read(collection(features), options);
    expect(points).toEqual([["anna", Date.UTC(2020, 4, 1, 1), 35.1, 136.9]]);
    const preview = await geoJson.preview(asFile("a.geojson", collection(features)), {});
    expect(preview.columns).toEqual(["who", "when_min", "note"]);
    expect(preview.rows).toEqual([["anna", "60", '{"a":1}']]);
    expect(preview.roles).toMatchObject({ user: { value: "(file name)" }, time: undefined });
    expect(preview.warnings[0]).toMatch(/names no person/);
  });

  it("is known by its features", () => {
    const matches = (content: string) =>
      geoJson.matches("a.json", new TextEncoder().encode(content));
    expect(matches(collection([]))).toBe(true);
    expect(matches(`\u001e${JSON.stringify(point({}))}`)).toBe(true);
    expect(matches('{"type":"Topology"}')).toBe(false);
    expect(matches('{"user":1,"lat":2}')).toBe(false);
  });

  it("reads what was written, is honest about cuts, survives any bytes", async () => {
    const row = fc.tuple(
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row), fc.string(), async (rows, user) => {
        const features = rows.map(([time, lat, lng]) =>
          point({ user: `u${user}`, time: time.toISOString() }, [lng, lat]),
        );
        const { points } = await read(collection(features));
        const expected = rows.map(([time, lat, lng]) => [
          `u${user}`,
          time.getTime(),
          lat + 0,
          lng + 0,
        ]);
        expect(points).toEqual(expected);
      }),
    );
    const features = [1, 2].map((user) => point({ user, time: "2020-05-01T00:00:00Z" }));
    await expectCutsAreHonest(geoJson, "a.geojson", collection(features));
    await expectBytesAreSurvived(geoJson, "a.geojson", collection(features));
  });
});
