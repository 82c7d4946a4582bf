import fc from "fast-check";
import { greatCircleDistance } from "h3-js";
import { describe, expect, it } from "vitest";
import { humanMobility } from "./human-mobility";
import { asFile, expectBytesAreSurvived, expectCutsAreHonest, readFile } from "./reading.testing";

const HOUR = 3_600_000;
const text = "uid,d,t,x,y\n0,0,1,79,86\n0,1,47,80,86\n7,0,0,200,1\n";
const NAGOYA = { lat: 35.5, lng: 136.5, cellM: 500, dayZeroMs: Date.UTC(2020, 5, 1) };

describe("human-mobility", () => {
  it("lays the grid into the open sea by default, with the data's own clock, and says so", async () => {
    const file = asFile("city.csv", text);
    const { points, offsets } = await readFile(humanMobility, file);
    expect(points.map(([user, timeMs]) => [user, timeMs - Date.UTC(2001, 0, 1)])).toEqual([
      ["0", 0.5 * HOUR],
      ["0", (24 + 23.5) * HOUR],
      ["7", 0],
    ]);
    for (const [, , lat, lng] of points) {
      expect(lat).toBeGreaterThan(-31);
      expect(lat).toBeLessThan(-30);
      expect(lng).toBeGreaterThan(0);
      expect(lng).toBeLessThan(2);
    }
    expect([...offsets]).toEqual([0]);
    const { warnings } = await humanMobility.preview(file, {});
    expect(warnings[0]).toMatch(/^Not the true place.*South Atlantic/);
  });

  it("lays it on the chosen frame: x to the east, y to the south, in the chosen zone", async () => {
    const options = { frame: NAGOYA, zone: "Asia/Tokyo" };
    const { points, offsets } = await readFile(humanMobility, asFile("city.csv", text), options);
    const [first, second, corner] = points.map(([, , lat, lng]): [number, number] => [lat, lng]);
    expect(greatCircleDistance(first!, second!, "m")).toBeCloseTo(500, 1);
    expect(greatCircleDistance([NAGOYA.lat, corner![1]], corner!, "m")).toBeCloseTo(250, 3);
    expect(greatCircleDistance([corner![0], NAGOYA.lng], corner!, "m")).toBeCloseTo(99_750, -1);
    expect(points[0]![1]).toBe(NAGOYA.dayZeroMs + 0.5 * HOUR - 9 * HOUR);
    expect([...offsets]).toEqual([540]);
    const { warnings } = await humanMobility.preview(asFile("city.csv", text), options);
    expect(warnings[0]).toMatch(/^Not the true place.*you chose/);
  });

  it("rejects hidden places and what is no slot, with the line", async () => {
    const rows = "uid,d,t,x,y\n1,60,0,-999,-999\n1,60,48,5,5\n1,60,1,5.5,5\n1,60,1,5\n";
    const { points, rejected } = await readFile(humanMobility, asFile("city.csv", rows));
    expect(points).toEqual([]);
    expect(rejected).toEqual([
      ["a place that the data set hides (-999)", 2],
      ["no day, or a slot outside 0 to 47", 3],
      ["a grid position that is no whole number from 0 on", 4],
      ["not the five fields uid, d, t, x, y", 5],
    ]);
  });

  it("is known by its header and reads files without one when told to", async () => {
    const matches = (content: string) =>
      humanMobility.matches("a.csv", new TextEncoder().encode(content));
    expect(matches(text)).toBe(true);
    expect(matches("uid,d,t,x,y,z\n")).toBe(false);
    const bare = await readFile(humanMobility, asFile("a.csv", "3,0,0,1,1\n"));
    expect(bare.points).toHaveLength(1);
    await expect(readFile(humanMobility, asFile("a.csv", "hello\n"))).rejects.toThrow(
      /uid,d,t,x,y/,
    );
  });

  it("reads what was written, is honest about cuts, survives any bytes", async () => {
    const row = fc.tuple(fc.nat(99), fc.nat(74), fc.nat(47), fc.nat(200), fc.nat(200));
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        const written = `uid,d,t,x,y\n${rows.map((fields) => `${fields.join(",")}\n`).join("")}`;
        const { points } = await readFile(humanMobility, asFile("c.csv", written), {
          frame: NAGOYA,
        });
        const back = points.map(([user, timeMs, lat, lng]) => {
          const slots = (timeMs - NAGOYA.dayZeroMs) / (HOUR / 2);
          const perDegree = (6_371_007.180918475 * Math.PI) / 180 / 500;
          const x = (lng - NAGOYA.lng) * perDegree * Math.cos((lat * Math.PI) / 180) + 0.5;
          const y = (NAGOYA.lat - lat) * perDegree + 0.5;
          return [Number(user), Math.floor(slots / 48), slots % 48, Math.round(x), Math.round(y)];
        });
        expect(back.map((fields) => fields.map((value) => value + 0))).toEqual(rows);
      }),
    );
    await expectCutsAreHonest(humanMobility, "c.csv", text);
    await expectBytesAreSurvived(humanMobility, "c.csv", text);
  });
});
