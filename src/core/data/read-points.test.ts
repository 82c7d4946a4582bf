import fc from "fast-check";
import { gzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { finish } from "../pace";
import { RecordSplitter, splitFields } from "./csv";
import { findClockWarnings } from "./clocks";
import { chunksOf } from "./fixtures.testing";
import { readPoints, type ReadOptions } from "./read-points";
import { guessTimeUnit, parseTimeText } from "./times";

const read = (text: string | Uint8Array, options: ReadOptions = {}, size?: number) =>
  finish(readPoints([{ name: "points.csv", chunks: chunksOf(text, size) }], options));

const NOON = Date.UTC(2012, 3, 3, 12);

describe("readPoints", () => {
  it("reads the columns it knows by many names, in any order", async () => {
    const { points } = await read(
      "Longitude;Latitude;Device ID;Timestamp\n139.7;35.6;x;1333454400\n",
    );
    expect(points.users).toEqual(["x"]);
    expect([points.lat[0], points.lng[0], points.timeMs[0]]).toEqual([35.6, 139.7, NOON]);
  });

  it.each([
    ["Unix seconds", "1333454400"],
    ["milliseconds", "1333454400000"],
    ["minutes", "22224240"],
    ["ISO 8601", "2012-04-03T12:00:00Z"],
    ["ISO 8601 with a zone", "2012-04-03 21:00:00+09:00"],
    ["ISO 8601 without a zone, taken as UTC", "2012-04-03 12:00:00"],
    ["Foursquare's form", "Tue Apr 03 12:00:00 +0000 2012"],
  ])("reads times as %s", async (_, time) => {
    const { points } = await read(`user,time,lat,lng\na,${time},35,139\n`);
    expect(points.timeMs[0]).toBe(NOON);
  });

  it("prefers a clock to minutes since an unknown day", async () => {
    const text =
      "user,poi,t_min,lat,lon,utc_approx\n1,9,5743,40.7,-73.9,2012-04-03 12:00:00+00:00\n";
    const { points, files } = await read(text);
    expect(points.timeMs[0]).toBe(NOON);
    expect(files[0]!.columns!.time).toBe("utc_approx");
  });

  it("takes minutes since a given day when told to", async () => {
    const options = { timeUnit: "minutes", timeOriginMs: NOON - 30 * 60_000 } as const;
    const { points } = await read("user,t_min,lat,lon\n1,30,40.7,-73.9\n", options);
    expect(points.timeMs[0]).toBe(NOON);
  });

  it("counts what it rejects, with the lines", async () => {
    const rows = [
      "user,t,lat,lon",
      "a,1333454400,35,139",
      ",1333454400,35,139",
      "a,soon,35,139",
      "",
      "a,1333454400,north,139",
      "a,1333454400,95,139",
      "a,1333454400,35,239",
      "a,1333454400,0,0",
      "a,1333454400",
    ];
    const { points, rowsRead, rejected } = await read(rows.join("\r\n"));
    expect(points.user.length).toBe(1);
    expect(rowsRead).toBe(8);
    expect(rejected).toEqual([
      { reason: "no user", count: 1, firstLines: [3] },
      { reason: "no time that can be read", count: 1, firstLines: [4] },
      { reason: "a coordinate that is not a number", count: 1, firstLines: [6] },
      { reason: "latitude outside -90 to 90", count: 1, firstLines: [7] },
      { reason: "longitude outside -180 to 180", count: 1, firstLines: [8] },
      { reason: "coordinates 0, 0 (no fix)", count: 1, firstLines: [9] },
      { reason: "the last line was cut", count: 1, firstLines: [10] },
    ]);
  });

  it("reads gzip whatever the name, and several files as one", async () => {
    const text = "user,t,lat,lon\na,1333454400,35,139\n";
    const files = [gzipSync(new TextEncoder().encode(text)), text].map((bytes, i) => {
      return { name: `${i}.csv`, chunks: chunksOf(bytes) };
    });
    const { points, rowsRead } = await finish(readPoints(files));
    expect(rowsRead).toBe(2);
    expect(points.users).toEqual(["a"]);
  });

  it("says in one sentence what is wrong with a file", async () => {
    await expect(read("user,t,latitude,x\n1,2,3,4\n")).rejects.toThrow(
      "points.csv has no column for the longitude; expected one named lng, lon, long or alike, found: user, t, latitude, x",
    );
    const chosen = { columns: { user: "who" } };
    await expect(read("user,t,lat,lon\n", chosen)).rejects.toThrow(/no column "who" for the user/);
    await expect(read("user,t,lat,lon\n1,12,3,4\n")).rejects.toThrow(/times such as "12"/);
    await expect(read("")).rejects.toThrow("points.csv is empty");
    await expect(read("user,t,lat,lon\n")).rejects.toThrow("points.csv has a header but no rows");
    const cut = gzipSync(new TextEncoder().encode("user,t,lat,lon\n".repeat(99))).subarray(0, 40);
    await expect(read(cut)).rejects.toThrow("points.csv is a damaged or cut gzip file");
  });
});

describe("csv", () => {
  it("undoes quotes, also with the delimiter, quotes and line feeds inside", () => {
    const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", " ") });
    const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 9 }), (table, size) => {
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = table.map((row) => row.map(quote).join(",")).join("\n");
        const splitter = new RecordSplitter();
        const records: string[] = [];
        for (let at = 0; at < text.length; at += size) {
          records.push(...splitter.push(text.slice(at, at + size)));
        }
        records.push(...splitter.finish());
        expect(records.map((record) => splitFields(record, ","))).toEqual(table);
      }),
    );
  });

  it("does not lose the rest of a file to one stray quote", async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `a,${1333454400 + i},35,139`);
    const { points, rejected } = await read(
      ["user,t,lat,lon", 'a"b,1333454399,35,139', ...rows].join("\n"),
      {},
      999,
    );
    expect(points.user.length).toBe(5001);
    expect(rejected).toEqual([]);
  });

  it("reads the same whatever the pieces", async () => {
    const text = 'user,t,lat,lon\n"O\'Hara, ""S""",1333454400,35,139\nü,1333454401,35,139\n';
    for (const size of [1, 2, 3, 1000]) {
      const { points } = await read(text, {}, size);
      expect(points.users).toEqual(['O\'Hara, "S"', "ü"]);
    }
  });
});

describe("times", () => {
  it("comes back from ISO text to the millisecond", () => {
    const time = fc.date({ min: new Date(0), max: new Date("2199-12-31"), noInvalidDate: true });
    fc.assert(fc.property(time, (date) => parseTimeText(date.toISOString()) === date.getTime()));
  });

  it("refuses what is no time", () => {
    for (const text of ["", "noon", "2012-02-30", "2012-13-01", "2012-04-03 25:00", "12"]) {
      expect(parseTimeText(text)).toBeNaN();
    }
  });

  it("knows units by their range", () => {
    expect(guessTimeUnit([1.2e9, 0, 1.3e9])).toBe("seconds");
    expect(guessTimeUnit([1.2e12])).toBe("milliseconds");
    expect(guessTimeUnit([1.2e15])).toBe("microseconds");
    expect(guessTimeUnit([2.1e7])).toBe("minutes");
    expect(guessTimeUnit([5743])).toBeUndefined();
  });
});

describe("findClockWarnings", () => {
  it("names the user whose clock was never set", async () => {
    const rows = Array.from({ length: 400 }, (_, i) => `a,${1333454400 + i * 3600},35,139`);
    const { points } = await read(["user,t,lat,lon", "b,946684800,35,139", ...rows].join("\n"));
    const fromMs = Date.UTC(2000, 0);
    expect(findClockWarnings(points)).toEqual([{ user: "b", points: 1, fromMs, toMs: fromMs }]);
  });
});
