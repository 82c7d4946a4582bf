import { existsSync, openAsBlob } from "node:fs";
import { describe, expect, it } from "vitest";
import { findFormat } from "../formats";
import { brightkite, gowalla, tsmc2014, weeplaces } from "./check-in-sets";
import { asFile, expectBytesAreSurvived, readFile } from "./reading.testing";

const bytesOf = (text: string) => Uint8Array.from(text, (mark) => mark.charCodeAt(0));

// rows made up in the form of each set; the accent is Latin-1, as in the original
const TSMC = [
  "470\t49bbd6c0f964a520f4531fe3\t4bf58dd8d48988d127951735\tCaf\u00e9 & Bar\t40.71981\t-74.002581\t-240\tTue Apr 03 18:00:09 +0000 2012",
  "979\t4a43c0aef964a520c6a61fe3\t4bf58dd8d48988d1df941735\tBridge\t40.6068\t-74.04417\t-240\tTue Apr 03 18:00:25 +0000 2012",
];
const HEADER =
  "userId,venueId,venueCategoryId,venueCategory,latitude,longitude,timezoneOffset,utcTimestamp";
const GOWALLA = "0\t2010-10-19T23:55:27Z\t30.2359091167\t-97.7951395833\t22847\n";
const BRIGHTKITE =
  "0\t2010-10-17T01:48:53Z\t39.747652\t-104.99251\t88c46bf20db295831bd2d1718ad7e6f5\n";
const WEEPLACES =
  "userid,placeid,datetime,lat,lon,city,category\nfred,some-cafe,2010-10-22T23:44:29,40.7,-73.99,New York,Food:Cafe\n";

describe("check-ins of the field", () => {
  it.each([
    ["as published", `${TSMC.join("\n")}\n`],
    [
      "with commas and a header",
      `${[HEADER, ...TSMC.map((row) => row.replaceAll("\t", ","))].join("\r\n")}\r\n`,
    ],
  ])("reads TSMC2014 %s, with the local clock", async (_, text) => {
    const file = asFile("dataset_TSMC2014_NYC.txt", bytesOf(text));
    expect(findFormat(file.path, bytesOf(text)).id).toBe("tsmc2014");
    const { points, offsets, rejected } = await readFile(tsmc2014, file);
    expect(points).toEqual([
      ["470", Date.UTC(2012, 3, 3, 18, 0, 9), 40.71981, -74.002581],
      ["979", Date.UTC(2012, 3, 3, 18, 0, 25), 40.6068, -74.04417],
    ]);
    expect([...offsets]).toEqual([-240]);
    expect(rejected).toEqual([]);
    const { rows } = await tsmc2014.preview(file, {});
    expect(rows[0]![3]).toBe("Café & Bar");
  });

  it.each([
    [gowalla, GOWALLA, ["0", Date.UTC(2010, 9, 19, 23, 55, 27), 30.2359091167, -97.7951395833]],
    [brightkite, BRIGHTKITE, ["0", Date.UTC(2010, 9, 17, 1, 48, 53), 39.747652, -104.99251]],
    [weeplaces, WEEPLACES, ["fred", Date.UTC(2010, 9, 22, 23, 44, 29), 40.7, -73.99]],
  ])("reads $id", async (format, text, point) => {
    expect(findFormat("x.txt", bytesOf(text)).id).toBe(format.id);
    const { points, rejected } = await readFile(format, asFile("x.txt", text));
    expect(points).toEqual([point]);
    expect(rejected).toEqual([]);
    await expectBytesAreSurvived(format, "x.txt", text);
  });

  it("leaves other tables to the general reader", () => {
    expect(findFormat("x.csv", bytesOf("user,t,lat,lng\n1,2,3,4\n")).id).toBe("csv");
    expect(findFormat("x.txt", bytesOf("1\t2010-10-19T23:55:27Z\t30.2\t-97.7\n")).id).toBe("csv");
  });
});

const TOKYO = "../shared/data/tokyo/dataset_TSMC2014_TKY-first-1MiB.csv";
const BEIJING = "../shared/data/geolife/beijing-1min.csv.gz";
const NEW_YORK = "../shared/data/nyc/checkins.csv.gz";

describe.skipIf(!existsSync(TOKYO))("real files (needs ../shared/data)", () => {
  const readReal = async (path: string) => {
    const file = { path, blob: await openAsBlob(path) };
    const head = new Uint8Array(await file.blob.slice(0, 4096).arrayBuffer());
    const format = findFormat(path, path.endsWith("gz") ? bytesOf("a,b\n") : head);
    return { id: format.id, ...(await readFile(format, file)) };
  };

  it("reads the cut file of Tokyo: 8,261 rows and one reported", async () => {
    const { id, points, rejected, offsets } = await readReal(TOKYO);
    expect([id, points.length]).toEqual(["tsmc2014", 8261]);
    expect(points.every(([, ...numbers]) => numbers.every(Number.isFinite))).toBe(true);
    expect(rejected).toEqual([["the last line was cut", 8263]]);
    expect(new Set(points.map(([user]) => user)).size).toBe(1467);
    expect([...offsets]).toEqual([540]);
  });

  it("reads Beijing and New York whole", async () => {
    const beijing = await readReal(BEIJING);
    expect([beijing.points.length, beijing.rejected.length]).toEqual([1_060_558, 0]);
    const newYork = await readReal(NEW_YORK);
    expect([newYork.points.length, newYork.rejected.length]).toEqual([147_938, 0]);
    expect(newYork.facts.columns?.time).toBe("utc_approx");
  });
});
