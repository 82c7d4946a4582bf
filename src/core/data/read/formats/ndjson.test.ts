import fc from "fast-check";
import { gzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { JsonSplitter } from "../json-records";
import { ndjson } from "./ndjson";
import { asFile, expectBytesAreSurvived, expectCutsAreHonest, readFile } from "./reading.testing";

const NOON = Date.UTC(2012, 3, 3, 12);
const read = (text: string | Uint8Array) => readFile(ndjson, asFile("points.json", text));

const point = fc.record({
  user: fc.string({ minLength: 1 }).filter((text) => text.trim() === text),
  time: fc.date({ min: new Date(0), max: new Date("2190-01-01"), noInvalidDate: true }),
  lat: fc.double({ min: -90, max: 90, noNaN: true }).map((value) => value + 0),
  lng: fc.double({ min: -180, max: 180, noNaN: true }).map((value) => value + 0),
  note: fc.string(),
});

describe("ndjson", () => {
  it("gives back what was written: on lines, as an array, one after the other", async () => {
    const form = fc.constantFrom("lines", "array", "pretty", "gzip");
    await fc.assert(
      fc.asyncProperty(
        fc.array(point, { minLength: 1, maxLength: 20 }),
        form,
        async (all, form) => {
          const lines = all.map((row) => JSON.stringify(row)).join("\n");
          const text = {
            lines,
            array: JSON.stringify(all),
            pretty: JSON.stringify(all, null, 2),
            gzip: gzipSync(new TextEncoder().encode(lines)),
          }[form];
          const { points, rejected } = await read(text);
          expect(rejected).toEqual([]);
          expect(points).toEqual(
            all.map(({ user, time, lat, lng }) => [user, time.getTime(), lat, lng]),
          );
        },
      ),
    );
  });

  it("looks into objects in objects", async () => {
    const row = {
      user: { id: 7 },
      at: { timestamp: NOON },
      position: { latitude: 35, longitude: 139 },
    };
    const { points, facts } = await read(`${JSON.stringify(row)}\n`);
    expect(points).toEqual([["7", NOON, 35, 139]]);
    expect(facts.columns).toEqual({
      user: "user.id",
      time: "at.timestamp",
      lat: "position.latitude",
      lng: "position.longitude",
    });
  });

  it("reports a broken line and reads the others", async () => {
    const good = (user: string) => `{"user":"${user}","t":1333454400,"lat":35,"lng":139}`;
    const text = [
      good("a"),
      '{"user":"b","t":',
      good("c"),
      "[1]",
      "",
      good("d"),
      good("e").slice(0, 20),
    ];
    const { points, rejected, lines } = await read(text.join("\n"));
    expect(points.map(([user]) => user)).toEqual(["a", "c", "d"]);
    expect(lines).toEqual([1, 3, 6]);
    expect(rejected).toEqual([
      ["a row that is no JSON object", 2],
      ["a row that is no JSON object", 4],
      ["the last object was cut", 7],
    ]);
  });

  it("passes over an object without end in bounded memory", () => {
    const splitter = new JsonSplitter(false);
    const piece = new TextEncoder().encode(`{"a":"${"x".repeat(1 << 18)}`);
    const found = Array.from({ length: 40 }, () => [...splitter.push(piece)]).flat();
    expect(found.length).toBeGreaterThan(3);
    expect(found.every(({ value }) => value === undefined)).toBe(true);
  });

  it("says what it lacks", async () => {
    await expect(read('{"a":1}\n')).rejects.toThrow(/has no column for the user.*found: a$/);
    await expect(read("{}\n{")).rejects.toThrow(/has no column for the user/);
    const wide = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, i]));
    await expect(read(JSON.stringify(wide))).rejects.toThrow(/more than 1000 different keys/);
  });

  it("cut at every byte, nothing is read that is not in the whole file", async () => {
    const rows = ["a", "b"].map((user) => ({ user, t: NOON, lat: 35.61, lng: 139.72 }));
    await expectCutsAreHonest(ndjson, "x.json", rows.map((row) => JSON.stringify(row)).join("\n"));
    await expectCutsAreHonest(ndjson, "x.json", JSON.stringify(rows));
  });

  it("survives any bytes", async () => {
    const rows = ["a", "b"].map((user) => ({ user, t: NOON, lat: 35.61, lng: 139.72 }));
    await expectBytesAreSurvived(ndjson, "x.json", JSON.stringify(rows));
  });
});
