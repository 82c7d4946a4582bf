import { beforeEach, expect, test } from "vitest";
import { DEFAULT_IMPORT, type ImportRules } from "../core/job/import-rules";
import type { ImportJob } from "../core/job/import";
import { runJob, type Job, type ResultOf, type Session } from "../core/jobs";
import { openDataStore } from "./data-store";

const HOUR_MS = 3_600_000;

/** People who walk around Tokyo, a place an hour. */
function makeCsv(people: number, hours: number): string {
  const rows = Array.from({ length: people * hours }, (_, i) => {
    const [person, hour] = [i % people, Math.floor(i / people)];
    const time = new Date(Date.UTC(2012, 3, 1) + hour * HOUR_MS).toISOString();
    return `p${person},${time},${35.6 + 0.02 * (hour % 5)},${139.6 + 0.03 * (person % 4)}`;
  });
  return ["user,time,lat,lng", ...rows].join("\n");
}

let session: Session;
beforeEach(() => {
  const none = () => Promise.reject(new Error("an import needs neither"));
  session = { readAsset: none, engine: none, kept: new Map(), store: openDataStore() };
});

const importJob = (csv: string, rules: Partial<ImportRules> = {}): ImportJob => ({
  kind: "import",
  id: "a1",
  name: "walks",
  files: [{ path: "walks.csv", blob: new Blob([csv]) }],
  read: {},
  rules: { ...DEFAULT_IMPORT, ...rules },
  seed: 123,
});

async function run<J extends Job>(job: J, stopAt?: string): Promise<ResultOf<J>> {
  const stop = new AbortController();
  const work = runJob(job, session, stop.signal);
  for (;;) {
    const next = await work.next();
    if (next.done) return next.value;
    if (stopAt !== undefined && next.value.phase.startsWith(stopAt)) stop.abort();
  }
}

test("what an import stores is what it shows, and what the rules said before", async () => {
  const csv = `${makeCsv(30, 40)}\np1,never,35.6,139.6`;
  const { id, name, ...points } = importJob(csv);
  const { ledger, isAll, coverage } = await run({ ...points, kind: "rules" });
  expect(isAll).toBe(true);
  const result = await run(importJob(csv));
  expect(result.ledger).toMatchObject(ledger);
  expect(result.ledger.rejected).toMatchObject([{ count: 1, firstLines: [1202] }]);
  expect(result.counts).toMatchObject({ users: 30, points: 1200, trajectories: 30 });
  expect(result.coverage.people!.toSorted()).toEqual(coverage.people!.toSorted());
  expect(result.written).toMatchObject({ isKept: false, data: { points: 1200 } });
  const paths = (await session.store!.files(id))?.map(({ path }) => path);
  expect(paths).toContain("rejected.csv");
  expect(paths?.at(-1)).toBe("report.json");
  expect(JSON.parse(await result.written!.report.text())).toMatchObject({ name });
});

test("the rules show people's points and the check-ins that they became", async () => {
  const { id: _id, name: _name, ...points } = importJob(makeCsv(20, 40));
  const { people } = await run({ ...points, kind: "rules" });
  expect(people).toHaveLength(12);
  for (const person of people) {
    expect(person).toMatchObject({ points: 40, hasPlaces: true });
    const lat = Array.from(person.lat.subarray(0, 3), (degrees) => degrees.toFixed(2));
    expect(lat).toEqual(["35.60", "35.62", "35.64"]);
    expect(person.checkIns.reduce((sum, checkIn) => sum + checkIn.points, 0)).toBe(40);
  }
  const hours = { kind: "window", windowMin: 600 } as const;
  const still = makeCsv(3, 40).replaceAll(/,35\.[0-9]+,/g, ",35.6,"); // nobody moves
  const one = await run({ ...importJob(still, { stays: hours }), kind: "rules" });
  expect(one.people.map(({ checkIns }) => checkIns.map((one) => one.points))).toEqual(
    [1, 2, 3].map(() => [11, 11, 11, 7]),
  );
});

test("days off are guessed from the places, edited, and stored with the data", async () => {
  const outlines = { stepDeg: 1, countries: { JP: [[130, 30, 20, 0, 0, 15, -20, 0]] } };
  const bytes = new TextEncoder().encode(JSON.stringify(outlines));
  session = { ...session, readAsset: () => Promise.resolve(bytes) };
  const { id, name, ...points } = importJob(makeCsv(30, 100), { calendar: "guess" });
  const { daysOff } = await run({ ...points, kind: "rules" });
  expect(daysOff?.guess).toEqual({ country: "JP", share: 1 });
  expect(daysOff?.counted?.calendar.holidays).toEqual([]);
  const { weekend, workday, holiday } = daysOff!.counted!.checkInsOn;
  expect(weekend).toBe(30 * 15); // Sunday, 1 April 2012, from 9 in the morning
  expect([workday, holiday]).toEqual([30 * 85, 0]);

  const added = [{ date: "2012-04-02", name: "a day of its own" }];
  const own = { country: "JP", weekend: [7], added };
  const { written } = await run(importJob(makeCsv(30, 100), { calendar: own }));
  const checkInsOn = { workday: 30 * 61, weekend: 30 * 15, holiday: 30 * 24 };
  expect(written?.calendar).toEqual({
    country: "JP",
    weekend: [7],
    holidays: 1,
    added,
    checkInsOn,
  });
  const files = (await session.store!.files(id)) ?? [];
  const calendar = files.find(({ path }) => path === "calendar.json");
  expect(JSON.parse(await calendar!.blob.text())).toMatchObject({ holidays: added });

  await run(importJob(makeCsv(30, 100), { calendar: "none" }));
  const paths = (await session.store!.files(id))?.map(({ path }) => path);
  expect([name, paths?.includes("calendar.json")]).toEqual(["walks", false]);
});

test("the people's own ids are stored only with a reason", async () => {
  const textOf = async (): Promise<string> => {
    const files = (await session.store!.files("a1")) ?? [];
    return (await Promise.all(files.map(({ blob }) => blob.text()))).join("");
  };
  await run(importJob(makeCsv(20, 30)));
  expect(await textOf()).not.toMatch(/\bp1[0-9]\b/);
  await run(importJob(makeCsv(20, 30), { keepUsers: "made up" }));
  expect(await textOf()).toMatch(/\bp1[0-9]\b/);
  expect(await textOf()).toContain('"keepUsers": "made up"');
});

test("a stop and an error leave what the id held before", async () => {
  await expect(run(importJob(makeCsv(20, 30)), "make the tokeniser")).rejects.toThrow("stopped");
  expect(await session.store!.files("a1")).toBeUndefined();
  await run(importJob(makeCsv(20, 30)));
  const strict = importJob(makeCsv(20, 30), { minCheckIns: 1000 });
  await expect(run(strict)).rejects.toThrow("no trajectory is left");
  const { counts } = await run({
    kind: "dataset",
    dataset: { source: "stored", id: "a1", name: "walks" },
  });
  expect(counts.users).toBe(20);
});

test("one person alone can be imported, and is told why nothing is hidden", async () => {
  const { counts } = await run(importJob(makeCsv(1, 30)));
  expect(counts.trajectories).toBe(1);
  const dataset = { source: "stored", id: "a1", name: "walks" } as const;
  const tokens = run({ kind: "stages", dataset, tokeniser: "5|3", trajectory: 0 });
  await expect(tokens).rejects.toThrow("no trajectory is kept for testing");
});

test("a data set that was removed is missed in one sentence", async () => {
  const dataset = { source: "stored", id: "gone", name: "walks" } as const;
  await expect(run({ kind: "dataset", dataset })).rejects.toThrow(
    'the imported data "walks" are not in this browser\'s storage any more',
  );
});
