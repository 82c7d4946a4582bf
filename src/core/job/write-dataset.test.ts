import fc from "fast-check";
import { cellToLatLng } from "h3-js";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { A, B, C } from "../data/fixtures.testing";
import { importPoints } from "../data/read/import-points";
import { PointCollector } from "../data/point-collector";
import { DEFAULT_RULES, needsCoordinates, STAY_RULES, type TrajectoryRules } from "../data/rules";
import { readTrajectories } from "../data/columnar/read-tables";
import { finish } from "../pace";
import { createDigits } from "../token/digits";
import { writeDataset, type WriteOptions } from "./write-dataset";

const START = Date.UTC(2012, 3, 3) / 1000;

/** Imports CSV text into memory. */
async function importText(
  text: string,
  rules: TrajectoryRules,
  more: Partial<WriteOptions> = {},
  path = "points.csv",
) {
  const keepCoordinates = needsCoordinates(rules);
  const collector = new PointCollector({ anonymousSeed: 1, keepCoordinates });
  const facts = await finish(importPoints([{ path, blob: new Blob([text]) }], {}, collector));
  const collected = await finish(collector.build());
  const files = new Map<string, Uint8Array>();
  const sink = {
    write: (name: string, bytes: Uint8Array) => {
      files.set(name, bytes.slice());
      return Promise.resolve();
    },
  };
  const options: WriteOptions = {
    name: "test",
    rules,
    split: { by: "user", seed: 1 },
    async *makeTokeniser(cells) {
      yield { phase: "make the tokeniser", done: 0, total: 1, unit: "tokenisers" };
      return createDigits({}, cells);
    },
    startedAt: performance.now(),
    ...more,
  };
  return { files, report: await finish(writeDataset(collected, facts, options, sink)) };
}

const places = [A, B, C].map((cell) => cellToLatLng(cell));

/** Walkers who go round three cells, an hour in each, with their own offsets if `offsets`. */
function walkers(users: readonly string[], offsets = false): string {
  const rows = users.flatMap((user, u) =>
    Array.from({ length: 40 }, (_, i) => {
      const [lat, lng] = places[(i + u) % 3]!;
      const row = [user, START + i * 3600 + u, lat, lng];
      return [...row, ...(offsets ? [u % 2 === 0 ? 540 : 480] : [])].join(",");
    }),
  );
  return [`user,t,lat,lon${offsets ? ",timezoneOffset" : ""}`, ...rows, ""].join("\n");
}

const asBuffer = (bytes: Uint8Array | undefined) => bytes!.slice().buffer;
const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

describe("writeDataset", () => {
  it("writes what can be read back, with windows and offsets, and report.json last", async () => {
    const rules: TrajectoryRules = { ...DEFAULT_RULES, window: "day", minCheckIns: 5 };
    const { files, report } = await importText(walkers(["Ann", "Bob"], true), rules);
    expect([...files.keys()].at(-1)).toBe("report.json");
    expect(JSON.parse(textOf(files.get("report.json")))).toEqual(
      JSON.parse(JSON.stringify(report)),
    );
    const { trajectories } = await finish(
      readTrajectories(
        asBuffer(files.get("check-ins.parquet")),
        asBuffer(files.get("trajectories.parquet")),
      ),
    );
    expect(trajectories.windows?.kind).toBe("day");
    expect(trajectories.user.length).toBe(report.trajectories);
    expect(new Set(trajectories.checkIns.offsetMin)).toEqual(new Set([540, 480]));
    const rows = await parquetReadObjects({ file: asBuffer(files.get("trajectories.parquet")) });
    // 40 hours from 09:00 and 08:00 on: the third day has too few
    const [first, second] = ["2012-04-03", "2012-04-04"];
    expect(rows.map((row) => row.window as string)).toEqual([first, second, first, second]);
    expect(report.clock).toMatch(/own offset/);
    expect(report.rareCells).toEqual({
      k: 5,
      cells: 3,
      checkIns: trajectories.checkIns.cell.length,
    });
  });

  it("stores no name of a user, neither from a column nor from a path", async () => {
    const text = `${walkers(["Ann", "Bob"])}Ann,never,1,2\n`;
    const { files, report } = await importText(text, DEFAULT_RULES, {}, "people/Ann.csv");
    for (const [name, bytes] of files) {
      expect(new TextDecoder("latin1").decode(bytes), name).not.toMatch(/Ann|Bob/);
    }
    expect(textOf(files.get("rejected.csv"))).toBe(
      'file,line,reason\n"people/x.csv",82,"no time that can be read"\n',
    );
    expect(report.files).toMatchObject([{ path: "people/x.csv", rows: 81, rejected: 1 }]);
  });

  it("keeps a ledger whose numbers add up from the rows on", async () => {
    const bad = fc.constantFrom("x,never,35,139", ",1333454400,35,139", "x,1333454400,95,139", "x");
    await fc.assert(
      fc.asyncProperty(fc.array(bad, { maxLength: 9 }), async (rows) => {
        const { files, report } = await importText(
          `${walkers(["Ann", "Bob"])}${rows.map((row) => `${row}\n`).join("")}`,
          DEFAULT_RULES,
        );
        const { rowsRead, rejected, steps } = report.ledger;
        expect(rowsRead).toBe(80 + rows.length);
        expect(rejected.reduce((sum, { count }) => sum + count, 0)).toBe(rows.length);
        expect(steps[0]).toMatchObject({ before: { points: rowsRead }, after: { points: 80 } });
        const lines = textOf(files.get("rejected.csv")).split("\n").length - 2;
        expect(Math.max(0, lines)).toBe(rows.length);
        expect(report.trajectories).toBe(steps.at(-1)!.after.trajectories);
      }),
      { numRuns: 20 },
    );
  });

  it("says what is filled, and how many check-ins were on what kind of day", async () => {
    const rules = { ...DEFAULT_RULES, stays: STAY_RULES.resample };
    const calendar = { country: "JP", added: [{ date: "2012-04-04", name: "a day of its own" }] };
    const { files, report } = await importText(walkers(["Ann", "Bob"]), rules, { calendar });
    expect(report.filled).toEqual({ positions: 2 * 39 * 3, share: (39 * 3) / (39 * 4 + 1) });
    expect(report.calendar).toMatchObject({ country: "JP", holidays: 1, weekend: [6, 7] });
    const { workday, weekend, holiday } = report.calendar!.checkInsOn;
    expect([workday + holiday, weekend]).toEqual([2 * (39 * 4 + 1), 0]);
    expect(holiday).toBe(2 * 24 * 4);
    expect(JSON.parse(textOf(files.get("calendar.json")))).toMatchObject({ country: "JP" });
  });

  it("says where the rules leave nothing, and stops when told to", async () => {
    const strict = { ...DEFAULT_RULES, minCells: 9 };
    await expect(importText(walkers(["Ann"]), strict)).rejects.toThrow(
      'no trajectory is left after the rule "at least 9 distinct cells"',
    );
    const signal = AbortSignal.abort();
    await expect(importText(walkers(["Ann"]), DEFAULT_RULES, { signal })).rejects.toMatchObject({
      code: "stopped",
    });
  });
});
