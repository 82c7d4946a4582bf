import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { strToU8, zipSync } from "fflate";
import { cellToLatLng } from "h3-js";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterAll, describe, expect, it } from "vitest";
import { A, B, C } from "../core/data/fixtures.testing";
import { command } from "./commands/tokenise";
import type { TokeniseReport } from "./tokenise/work";

const SHARED = fileURLToPath(new URL("../../../shared/data/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "footfall-rules-"));
afterAll(() => rmSync(folder, { recursive: true }));
const out = join(folder, "out");

/** Runs the command in this process; gives the report and what it noted. */
async function tokenise(...args: string[]) {
  const types = Object.entries(command.options).map(([name, { type }]) => [name, { type }]);
  const options = Object.fromEntries(types) as Record<string, { type: "string" | "boolean" }>;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const notes: string[] = [];
  const { document, lines } = await command.run({
    values: { out, ...(values as Record<string, string | boolean>) },
    positionals,
    progress: () => undefined,
    note: (line) => notes.push(line),
    signal: new AbortController().signal,
  });
  type FileReport = TokeniseReport & { data: object; files: { path: string; problem?: string }[] };
  return { report: document as FileReport, lines: lines.join("\n"), notes };
}

const rowsOf = async (name: string) =>
  parquetReadObjects({ file: await asyncBufferFromFile(join(out, name)) });

/** People who go round three cells, an hour in each, a point every five minutes. */
function walk(user: string, shift: number): string[] {
  const places = [A, B, C].map((cell) => cellToLatLng(cell));
  return Array.from({ length: 12 * 48 }, (_, i) => {
    const [lat, lng] = places[(Math.floor(i / 12) + shift) % 3]!;
    return `${user},${1333411200 + i * 300},${lat},${lng}`; // 2012-04-03, midnight UTC
  });
}
const people = ["ann", "bob", "eve", "kim"].flatMap(walk);
const csv = join(folder, "walks.csv");
writeFileSync(csv, ["user,t,lat,lon", ...people, ""].join("\n"));

describe("footfall tokenise, by other rules", () => {
  it("takes stops for check-ins", async () => {
    const { report, lines } = await tokenise(csv, "--stays", "stops", "--min-stop-min", "50");
    const stops = await rowsOf("check-ins.parquet");
    expect(stops.length).toBe(4 * 48);
    expect(new Set(stops.map(({ points }) => points))).toEqual(new Set([12]));
    expect(report.ledger.rules[1]).toMatchObject({ points: 4 * 48 * 12, checkIns: 4 * 48 });
    expect(lines).toContain("stops of 50 minutes or more within 200 m are check-ins");
  });

  it("resamples, cuts and says what it filled in", async () => {
    const few = people.filter((_, i) => i % 24 === 0); // every two hours
    writeFileSync(join(folder, "few.csv"), ["user,t,lat,lon", ...few, ""].join("\n"));
    const args = ["--stays", "resample", "--fill", "hold", "--max-points", "96"];
    const { report } = await tokenise(join(folder, "few.csv"), ...args, "--window", "whole");
    const positions = 4 * (23 * 8 + 1);
    expect(report.ledger.rules[1]!.checkIns).toBe(positions);
    expect(report.filled).toEqual({ positions: 4 * 23 * 7, share: (4 * 23 * 7) / positions });
    const lengths = (await rowsOf("trajectories.parquet")).map((row) => Number(row.check_ins));
    expect(lengths).toEqual([96, 89, 96, 89, 96, 89, 96, 89]);
  });

  it.each([
    ["Asia/Tokyo", ["2012-04-03", "2012-04-04", "2012-04-05"]],
    ["UTC", ["2012-04-03", "2012-04-04"]],
    ["America/New_York", ["2012-04-02", "2012-04-03", "2012-04-04"]],
  ])("cuts days by the clock of %s", async (zone, days) => {
    await tokenise(csv, "--zone", zone, "--window", "day");
    const windows = (await rowsOf("trajectories.parquet")).map(({ window }) => window);
    expect([...new Set(windows)]).toEqual(days);
  });

  it("counts workdays and holidays, and drops what it is told to", async () => {
    const twice = ["user,t,lat,lon", ...people, people[0]!, ""].join("\n");
    writeFileSync(join(folder, "twice.csv"), twice);
    const args = ["--holidays", "jp", "--drop", "duplicates,speed", "--max-speed-kmh", "900"];
    const { report, lines } = await tokenise(join(folder, "twice.csv"), ...args);
    expect(report.data).toMatchObject({ duplicates: 1, outOfOrder: 1 });
    expect(report.ledger.rules.slice(0, 3).map(({ points }) => points)).toEqual([2305, 2304, 2304]);
    expect(lines).toContain("1 duplicates, 1 out of order");
    const calendar: unknown = JSON.parse(readFileSync(join(out, "calendar.json"), "utf8"));
    expect(calendar).toMatchObject({ country: "JP", weekend: [6, 7], holidays: [] });
  });

  it("reads folders and zips of other formats, and goes on after a broken file", async () => {
    const inside = join(folder, "tracks");
    mkdirSync(join(inside, "more"), { recursive: true });
    const files = { "a.csv": strToU8(["user,t,lat,lon", ...walk("zoe", 0)].join("\n")) };
    writeFileSync(join(inside, "zip.zip"), zipSync(files));
    const objects = walk("ned", 1).map((row) => {
      const [user, t, lat, lon] = row.split(",");
      return JSON.stringify({ user, t: Number(t), lat: Number(lat), lon: Number(lon) });
    });
    writeFileSync(join(inside, "more", "b.ndjson"), objects.join("\n"));
    writeFileSync(join(inside, "more", "c.csv"), Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1, 2));
    const { report, notes } = await tokenise(inside, csv, "--split", "trajectory");
    expect(report.users).toBe(6);
    const broken = report.files.filter(({ problem }) => problem !== undefined);
    expect(broken.map(({ path }) => path)).toEqual(["tracks/more/c.csv"]);
    expect(notes.join("\n")).toContain("tracks/more/c.csv");
  });

  it.each([
    [["--stays", "sleep"], "--stays sleep: expected window, stops, resample"],
    [["--window", "year"], "--window year: expected month, week, day, 10-days, whole"],
    [["--zone", "Mars/Base"], '"Mars/Base" is no time zone'],
    [["--zone", "UTC", "--utc-offset", "1"], "both set the clock"],
    [["--drop", "people"], "--drop people: expected some of duplicates,clocks,speed"],
    [["--holidays", "XX"], 'no holidays are known for the country "XX"'],
    [["--format", "punch-cards"], 'no format is called "punch-cards"'],
    [["--frame", "1,2"], "--frame 1,2: expected LAT,LNG,METRES"],
    [["--delimiter", "ab"], "--delimiter ab: expected one character"],
  ])("refuses %j", async (args, sentence) => {
    await expect(tokenise(csv, ...args)).rejects.toThrow(sentence);
  });
});

const zip = join(SHARED, "geolife/Geolife-sample.zip");
if (!existsSync(zip)) console.warn("../shared/data is not here: GeoLife's zip is not tokenised");

describe.skipIf(!existsSync(zip))("GeoLife as downloaded", () => {
  it("keeps the means of transport under the new names", async () => {
    const { report } = await tokenise(zip, "--split", "trajectory");
    expect(report.users).toBe(24);
    const labels = await rowsOf("labels.parquet");
    expect(Object.keys(labels[0]!)).toEqual(["user", "start", "end", "label"]);
    expect(new Set(labels.map(({ label }) => label))).toContain("walk");
    const users = new Set((await rowsOf("check-ins.parquet")).map(({ user }) => user));
    for (const { user } of labels) expect(users).toContain(user);
  });
});
