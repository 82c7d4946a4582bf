import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cabspotting } from "./cabspotting";
import { porto } from "./porto";
import { asFile, expectBytesAreSurvived, expectCutsAreHonest, readFile } from "./reading.testing";
import { tDrive } from "./t-drive";

const head = (text: string) => new TextEncoder().encode(text);

/** A degree with five decimals, as the files have it. */
const degree = (min: number, max: number) =>
  fc.integer({ min: min * 1e5, max: max * 1e5 }).map((value) => value / 1e5);
const second = fc.integer({ min: 1_000_000_000, max: 2_000_000_000 });

describe("t-drive", () => {
  const path = "release/7.txt";
  const text =
    "7,2008-02-02 15:36:08,116.51172,39.92123\r\n7,2008-02-02 15:46:08,116.51135,39.93883\r\n";

  it("reads taxi, Beijing's time as UTC+8, longitude before latitude", async () => {
    const { points, offsets, facts } = await readFile(tDrive, asFile(path, text));
    expect(points).toEqual([
      ["7", Date.UTC(2008, 1, 2, 7, 36, 8), 39.92123, 116.51172],
      ["7", Date.UTC(2008, 1, 2, 7, 46, 8), 39.93883, 116.51135],
    ]);
    expect([...offsets]).toEqual([480]);
    expect(facts).toMatchObject({ path, format: "t-drive", rows: 2 });
  });

  it("is known by its lines in a file named by the taxi", () => {
    expect(tDrive.matches(path, head(text))).toBe(true);
    expect(tDrive.matches("release/8.txt", head(text))).toBe(false);
    expect(tDrive.matches("7.txt", head("user,time,lng,lat\n"))).toBe(false);
  });

  it("rejects what is no row, with its line", async () => {
    const broken = "7,2008-02-02 15:36:08,116.5,39.9\nhello\n7,2008-02-02 15:36:08,116.5,39.9,1\n";
    const { rejected } = await readFile(tDrive, asFile(path, broken));
    expect(rejected).toEqual([
      ["not the four fields of T-Drive", 2],
      ["not the four fields of T-Drive", 3],
    ]);
  });

  it("reads what was written", async () => {
    const row = fc.tuple(second, degree(39, 41), degree(115, 118));
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        const written = rows.map(([time, lat, lng]) => {
          const local = new Date((time + 8 * 3600) * 1000).toISOString();
          return `7,${local.slice(0, 10)} ${local.slice(11, 19)},${lng},${lat}\n`;
        });
        const { points } = await readFile(tDrive, asFile(path, written.join("")));
        expect(points).toEqual(rows.map(([time, lat, lng]) => ["7", time * 1000, lat, lng]));
      }),
    );
  });

  it("is honest about cuts and survives any bytes", async () => {
    await expectCutsAreHonest(tDrive, path, text);
    await expectBytesAreSurvived(tDrive, path, text);
  });
});

describe("cabspotting", () => {
  const path = "cabspottingdata/new_abboip.txt";
  const text = "37.75134 -122.39488 0 1213084687\n37.75136 -122.39527 0 1213084659\n";

  it("turns the newest line first into time order and keeps the line numbers", async () => {
    const { points, lines } = await readFile(cabspotting, asFile(path, text));
    expect(points).toEqual([
      ["abboip", 1_213_084_659_000, 37.75136, -122.39527],
      ["abboip", 1_213_084_687_000, 37.75134, -122.39488],
    ]);
    expect(lines).toEqual([2, 1]);
  });

  it("is known by its first line", () => {
    expect(cabspotting.matches(path, head(text))).toBe(true);
    expect(cabspotting.matches(path, head("37.7 -122.3 0\n"))).toBe(false);
  });

  it("reads what was written, rejects the rest, is honest about cuts, survives any bytes", async () => {
    const row = fc.tuple(degree(37, 38), degree(-123, -122), second);
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        const written = rows.map(([lat, lng, time]) => `${lat} ${lng} 1 ${time}\nx\n`).join("");
        const { points, rejected } = await readFile(cabspotting, asFile(path, written));
        const expected = rows.map(([lat, lng, time]) => ["abboip", time * 1000, lat, lng]);
        expect(points).toEqual(expected.toReversed());
        expect(rejected.map(([, line]) => line)).toEqual(rows.map((_, i) => 2 * i + 2));
      }),
    );
    await expectCutsAreHonest(cabspotting, path, text);
    await expectBytesAreSurvived(cabspotting, path, text);
  });
});

describe("porto", () => {
  const HEADER =
    '"TRIP_ID","CALL_TYPE","ORIGIN_CALL","ORIGIN_STAND","TAXI_ID","TIMESTAMP","DAY_TYPE","MISSING_DATA","POLYLINE"\n';
  const trip = (polyline: string, missing = "False") =>
    `"1372636858620000589","C","","","20000589","1372636858","A","${missing}","${polyline}"\n`;
  const text = HEADER + trip("[[-8.618643,41.141412],[-8.618499,41.141376]]");

  it("gives each point of a trip, 15 s apart, to the taxi", async () => {
    const { points, lines, facts } = await readFile(porto, asFile("train.csv", text));
    expect(points).toEqual([
      ["20000589", 1_372_636_858_000, 41.141412, -8.618643],
      ["20000589", 1_372_636_873_000, 41.141376, -8.618499],
    ]);
    expect(lines).toEqual([2, 2]);
    expect(facts.rows).toBe(2);
  });

  it("reports trips with missing data, without points, and what is no list", async () => {
    const rows = [trip("[[-8.6,41.1]]", "True"), trip("[]"), trip("[[-8.6]]"), trip("[[-8.6,41")];
    const { points, rejected } = await readFile(porto, asFile("t.csv", HEADER + rows.join("")));
    expect(points).toEqual([]);
    expect(rejected.map(([, line]) => line)).toEqual([2, 3, 4, 5]);
    expect(rejected[0]![0]).toMatch(/MISSING_DATA is True/);
    expect(rejected[1]![0]).toMatch(/without a point/);
  });

  it("is known by its header, quoted or not, and names a column that is missing", async () => {
    expect(porto.matches("train.csv", head(text))).toBe(true);
    expect(porto.matches("train.csv", head(HEADER.replaceAll('"', "")))).toBe(true);
    expect(porto.matches("train.csv", head("user,lat,lng\n"))).toBe(false);
    const other = asFile("train.csv", HEADER.replace("TAXI_ID", "CAB"));
    await expect(readFile(porto, other)).rejects.toThrow(/no column TAXI_ID/);
  });

  it("shows the first rows and points", async () => {
    const preview = await porto.preview(asFile("train.csv", text), {});
    expect(preview.columns).toHaveLength(9);
    expect(preview.rows[0]).toHaveLength(9);
    expect(preview.points).toHaveLength(2);
    expect(preview.warnings).toEqual([]);
  });

  it("reads what was written, is honest about cuts, survives any bytes", async () => {
    const place = fc.tuple(degree(-9, -8), degree(41, 42));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(place, { minLength: 1 })), async (trips) => {
        const written = HEADER + trips.map((places) => trip(JSON.stringify(places))).join("");
        const { points, rejected } = await readFile(porto, asFile("train.csv", written));
        const time = (i: number) => (1_372_636_858 + 15 * i) * 1000;
        const expected = trips.flatMap((places) =>
          places.map(([lng, lat], i) => ["20000589", time(i), lat, lng]),
        );
        expect(points).toEqual(expected);
        expect(rejected).toEqual([]);
      }),
    );
    await expectCutsAreHonest(porto, "train.csv", text);
    await expectBytesAreSurvived(porto, "train.csv", text);
  });
});
