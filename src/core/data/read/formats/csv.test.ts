import fc from "fast-check";
import { gzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { finish } from "../../../pace";
import { importPoints } from "../import-points";
import type { ReadOptions } from "../source";
import { csv } from "./csv";
import { asFile, expectBytesAreSurvived, expectCutsAreHonest, readFile } from "./reading.testing";

const NOON = Date.UTC(2012, 3, 3, 12);
const read = (text: string | Uint8Array, options: ReadOptions = {}) =>
  readFile(csv, asFile("points.csv", text), options);
const preview = (text: string | Uint8Array, options: ReadOptions = {}) =>
  csv.preview(asFile("points.csv", text), options);
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Text in UTF-16 with its mark. */
function toUtf16(text: string, isBig: boolean): Uint8Array {
  const bytes = new Uint8Array(2 * text.length + 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, !isBig);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i + 2, text.charCodeAt(i), !isBig);
  return bytes;
}

interface Point {
  user: string;
  timeMs: number;
  lat: number;
  lng: number;
}

const point: fc.Arbitrary<Point> = fc.record({
  user: fc.string({
    unit: fc.constantFrom(...Array.from("ab ü,;|\t\"'\n")),
    minLength: 1,
    maxLength: 8,
  }),
  timeMs: fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2190, 0) }),
  lat: fc.double({ min: -90, max: 90, noNaN: true }).map((value) => value + 0),
  lng: fc.double({ min: -180, max: 180, noNaN: true }).map((value) => value + 0),
});
const points = fc.array(point, { minLength: 1, maxLength: 30 }).filter((all) => {
  return all.every(({ user }) => user.trim() !== "");
});

describe("written is read", () => {
  const shape = fc.record({
    delimiter: fc.constantFrom(",", "\t", ";", "|"),
    lineEnd: fc.constantFrom("\n", "\r\n"),
    time: fc.constantFrom("iso", "milliseconds"),
    wrapping: fc.constantFrom("plain", "gzip", "mark", "utf-16le", "utf-16be"),
    endsOpen: fc.boolean(),
  });

  it("with any delimiter, quotes, line ends, gzip, marks and UTF-16", async () => {
    await fc.assert(
      fc.asyncProperty(points, shape, async (all, { delimiter, lineEnd, time, ...rest }) => {
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const rows = all.map(({ user, timeMs, lat, lng }) => {
          const clock = time === "iso" ? new Date(timeMs).toISOString() : String(timeMs);
          return [quote(user), clock, lat, lng].join(delimiter);
        });
        const header = ["user", "time", "lat", "lng"].join(delimiter);
        const text = [header, ...rows, ...(rest.endsOpen ? [] : [""])].join(lineEnd);
        const wrapped = {
          plain: bytesOf(text),
          gzip: gzipSync(bytesOf(text)),
          mark: bytesOf(`\uFEFF${text}`),
          "utf-16le": toUtf16(text, false),
          "utf-16be": toUtf16(text, true),
        }[rest.wrapping];
        const found = await read(wrapped, { delimiter });
        expect(found.rejected).toEqual([]);
        expect(found.points).toEqual(
          all.map(({ user, timeMs, lat, lng }) => [user.trim(), timeMs, lat, lng]),
        );
      }),
    );
  });

  it("cut at every byte, nothing is read that is not in the whole file", async () => {
    const rows = [
      "a,2012-04-03T12:00:00Z,35.61,139.72,x",
      '"b,c",2012-04-03T12:01:00Z,35.5,139.5,y',
    ];
    await expectCutsAreHonest(csv, "points.csv", ["user,time,lat,lng,note", ...rows].join("\n"));
  });

  it("survives any bytes", async () => {
    const good = "user,time,lat,lng\na,2012-04-03T12:00:00Z,35.61,139.72\nb,1333454400,35,139\n";
    await expectBytesAreSurvived(csv, "points.csv", good);
    await expectBytesAreSurvived(csv, "points.csv.gz", gzipSync(bytesOf(good)));
  });
});

describe("columns", () => {
  it("are known by many names, in any order", async () => {
    const found = await read("Longitude;Latitude;Device ID;Timestamp\n139,7;35,6;x;1333454400\n");
    expect(found.points).toEqual([["x", NOON, 35.6, 139.7]]);
    expect(found.facts.columns).toEqual({
      user: "Device ID",
      time: "Timestamp",
      lat: "Latitude",
      lng: "Longitude",
    });
  });

  it("are told by their values where the file has no header", async () => {
    const rows = Array.from(
      { length: 9 },
      (_, i) => `${i % 3}|35.6${i}|139.7|2012-04-03 12:00|x${i}`,
    );
    const text = rows.join("\n");
    const { roles, format } = await preview(text);
    expect(roles?.lat?.value).toBe("column 2");
    expect(roles?.lat?.why).toBe("its values lie between 35.6 and 35.68");
    expect(roles?.time?.value).toBe("column 4");
    expect(roles?.user?.value).toBe("column 1");
    expect(format.why).toContain("parted by bar (all of the first 9 rows have 5 fields)");
    expect(format.why).toContain("without a header (the first row has the value 0)");
    expect((await read(text)).points[0]).toEqual(["0", NOON, 35.6, 139.7]);
  });

  it("can be chosen, also the file's name as the user", async () => {
    const text = "who,t,y,x\nmum,1333454400,35,139\n";
    const columns = { user: "(file name)", lat: "y", lng: "x" };
    const found = await readFile(csv, asFile("drop/alice.csv.gz", text), { columns });
    expect(found.points).toEqual([["drop/alice", NOON, 35, 139]]);
  });

  it("that are missing are named in the preview, where they can be chosen", async () => {
    const { roles, warnings, points, rows } = await preview(
      "user,t,latitude,x\na,1333454400,3,4\n",
    );
    expect(roles?.lng).toBeUndefined();
    expect(points).toEqual([]);
    expect(rows).toEqual([["a", "1333454400", "3", "4"]]);
    expect(warnings).toEqual([
      "points.csv has no column for the longitude; expected one named lng, lon, longitude or alike, found: user, t, latitude, x",
    ]);
  });

  it("with a day and a clock apart are read together", async () => {
    const { points, facts } = await read("id,date,time,lat,lon\na,2012-04-03,12:00:00,35,139\n");
    expect(points).toEqual([["a", NOON, 35, 139]]);
    expect(facts.columns?.time).toBe("time");
  });

  it("with offsets tell the local clock", async () => {
    const utc = await read("user,utc time,lat,lng,tz offset\na,2012-04-03 12:00,35,139,540\n");
    expect([utc.points[0]![1], ...utc.offsets]).toEqual([NOON, 540]);
    const local = await read("user,local time,lat,lng,utc_offset\na,2012-04-03 21:00,35,139,9\n");
    expect([local.points[0]![1], ...local.offsets]).toEqual([NOON, 540]);
  });
});

describe("times", () => {
  it.each([
    ["Unix seconds", "1333454400"],
    ["milliseconds", "1333454400000"],
    ["microseconds", "1333454400000000"],
    ["minutes", "22224240"],
    ["ISO 8601", "2012-04-03T12:00:00Z"],
    ["ISO 8601 with a zone", "2012-04-03 21:00:00+09:00"],
    ["ISO 8601 without a zone, taken as UTC", "2012-04-03 12:00:00"],
    ["Foursquare's form", "Tue Apr 03 12:00:00 +0000 2012"],
    ["a spreadsheet's days", "41002.5"],
    ["a spreadsheet's text", "4/3/2012 12:00 PM"],
    ["a compact date", "20120403T120000Z"],
  ])("are read as %s", async (_, time) => {
    const { points } = await read(`user,time,lat,lng\na,${time},35,139\n`);
    expect(points[0]![1]).toBe(NOON);
  });

  it("prefer a clock to minutes since an unknown day", async () => {
    const text = "user,t_min,lat,lon,utc_approx\n1,5743,40.7,-73.9,2012-04-03 12:00:00+00:00\n";
    const { points, facts } = await read(text);
    expect(points[0]![1]).toBe(NOON);
    expect(facts.columns?.time).toBe("utc_approx");
  });

  it("are minutes since a given day when that is chosen", async () => {
    const options = { timeUnit: "minutes", timeOriginMs: NOON - 30 * 60_000 } as const;
    const { points } = await read("user,t_min,lat,lon\n1,30,40.7,-73.9\n", options);
    expect(points[0]![1]).toBe(NOON);
  });

  it("without a zone take the chosen one, with its summer time", async () => {
    const text =
      "user,time,lat,lon\n1,2012-04-03 08:00,40.7,-73.9\n1,2012-01-03 07:00,40.7,-73.9\n";
    const { points, offsets } = await read(text, { zone: "America/New_York" });
    expect(points.map(([, timeMs]) => timeMs)).toEqual([NOON, Date.UTC(2012, 0, 3, 12)]);
    expect([...offsets]).toEqual([-240, -300]);
    const { zone, warnings } = await preview(text);
    expect(zone).toEqual({ value: "UTC", why: "the times do not tell theirs" });
    expect(warnings).toEqual([
      "the times tell no zone and are taken as UTC, but the places lie around -74° (-5 h): choose a zone if the times are local",
    ]);
  });

  it("show the order of day and month far behind the first rows", async () => {
    const early = Array.from({ length: 3000 }, (_, i) => `a,0${1 + (i % 9)}/04/2012 17:00,35,139`);
    const text = ["user,time,lat,lng", ...early, "a,04/13/2012 17:00,35,139"].join("\n");
    const { points, facts } = await read(text);
    expect(points[0]![1]).toBe(Date.UTC(2012, 0, 4, 17));
    expect(points.every(([, timeMs]) => !Number.isNaN(timeMs))).toBe(true);
    expect(facts.times).toBe("text, month first");
  });

  it("whose order nothing shows are read by habit, with a loud word and a choice", async () => {
    const text = "user,time,lat,lng\na,03/04/2012 12:00,35,1\n";
    const { warnings } = await preview(text);
    expect(warnings).toEqual([
      "no date seen shows whether 03/04/2012 12:00 begins with the day: day-first as is usual with 24 hours",
    ]);
    const chosen = await read(text, { dateOrder: "month-first" });
    expect(chosen.points[0]![1]).toBe(Date.UTC(2012, 2, 4, 12));
  });
});

describe("rows that cannot be used", () => {
  it("are counted with their lines", async () => {
    const { points, rejected, facts, lines } = await read(
      [
        "user,t,lat,lng,note",
        "a,1333454400,35,139,x",
        "",
        "a,1333454400",
        "a;1333454400;35;139;x",
        "a,1333454400,35,139,x,y",
        "a,1333454400,35,139,x,",
        "a,13334\0\0\0,35,139,x",
        "a,1333454400,35,139",
        '"a,1333454400,35,139,x',
        "a,1333454400,35,1",
      ].join("\n"),
    );
    expect(points.map(([user, , ...place]) => [user, ...place])).toEqual([
      ["a", 35, 139],
      ["a", 35, 139],
      ["a", 35, 139],
      ['"a', 35, 139],
    ]);
    expect(lines).toEqual([2, 7, 9, 10]);
    expect(rejected).toEqual([
      ["fewer fields than the header", 4],
      ["another delimiter than in the rest of the file", 5],
      ["more fields than the header", 6],
      ["NUL bytes in the row", 8],
      ["the last line was cut", 11],
    ]);
    expect(facts.rows).toBe(9);
  });

  it("do not take the rows behind a stray quote with them", async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `a,${1333454400 + i},35,139`);
    const { points } = await read(["user,t,lat,lon", '"b,1333454399,35,139', ...rows].join("\n"));
    expect(points.length).toBe(5001);
  });
});

describe("files that are refused", () => {
  const wide = Array.from({ length: 20_000 }, (_, i) => i).join(",");
  const swapped = "user,t,lat,lng\na,1333454400,139.5,35.5\nb,1333454401,139.9,35.7\n";

  it.each([
    ["an empty file", "", "points.csv is empty"],
    ["blank lines", "\n\n\n", "points.csv is empty: it has blank lines only"],
    ["a header alone", "user,t,lat,lon\n", "points.csv has a header but no rows"],
    ["a picture", "\u0089PNG\r\n\u001a\n", /points.csv is a PNG picture; expected a table as text/],
    ["a workbook", "PK\u0003\u0004....", /is a zip archive or an Excel workbook/],
    ["binary data", "\0\u0001\u0002\u0003\u0004abc", /points.csv is binary data, not text/],
    ["UTF-16 without a mark", "u\0s\0e\0r\0,\0t\0", /is text in UTF-16 without the mark/],
    ["many columns", `${wide}\n${wide}\n`, /has 20,000 columns; expected at most 16,384/],
    ["a million columns", "c,".repeat(1e6), /has no end of a line in its first 524,288 bytes/],
    ["times that are none", "user,t,lat,lon\n1,12,3,4\n", /column "t" holds times such as "12"/],
    [
      "swapped coordinates",
      swapped,
      /the latitude column "lat" holds values up to 139.9 and the longitude column "lng" up to 35.7: they look swapped; swap them/,
    ],
    [
      "another table",
      "a,b\n1,2\n",
      /has no column for the user; expected one named user, user id, uid or alike, found: a, b/,
    ],
  ])("%s, in one sentence", async (_, text, sentence) => {
    const bytes = Uint8Array.from(text, (mark) => mark.charCodeAt(0));
    await expect(read(bytes)).rejects.toThrow(sentence);
  });

  it("a cut gzip file, with what had been read before", async () => {
    const rows = Array.from(
      { length: 200_000 },
      (_, i) => `a,${1333454400 + i * 7},35.${i * 31},139`,
    );
    const whole = gzipSync(bytesOf(["user,t,lat,lng", ...rows].join("\n")));
    const files = [
      asFile("cut.csv.gz", whole.subarray(0, whole.length - 99)),
      asFile("good.csv", "user,t,lat,lng\na,1333454400,35,139\n"),
    ];
    const ignore = () => undefined;
    const sink = { beginFile: ignore, add: ignore, reject: ignore, label: ignore };
    const [facts] = await finish(importPoints(files, {}, sink));
    expect(facts!.problem).toMatch(
      /^cut.csv.gz is a damaged or cut gzip file; the 1?\d\d,\d{3} rows before that were read$/,
    );
  });

  it("swapped coordinates come in when they are swapped, and are offered in the preview", async () => {
    expect((await preview(swapped)).looksSwapped).toBe(true);
    const { points } = await read(swapped, { swapped: true });
    expect(points[0]).toEqual(["a", 1333454400e3, 35.5, 139.5]);
  });

  it("options that mean nothing", async () => {
    const text = "user,t,lat,lon\n1,1333454400,3,4\n";
    await expect(read(text, { columns: { user: "who" } })).rejects.toThrow(
      'points.csv has no column "who" for the user; found: user, t, lat, lon',
    );
    await expect(read(text, { delimiter: "::" })).rejects.toThrow(/"::" cannot part fields/);
  });
});

it("reads Latin-1 where the bytes are not UTF-8", async () => {
  const text = Uint8Array.from("user,t,lat,lng\nJos\u00e9,1333454400,35,139\n", (mark) =>
    mark.charCodeAt(0),
  );
  expect((await read(text)).points[0]![0]).toBe("José");
});
