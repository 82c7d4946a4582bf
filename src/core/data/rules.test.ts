import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellHash } from "../geo/cells";
import { finish } from "../pace";
import { findLosses, isMostLost, ledgerSteps } from "./ledger";
import { PointCollector } from "./point-collector";
import { createPathMask, countUsersPerCell, hideRareCells } from "./privacy";
import {
  buildTrajectories,
  DEFAULT_RULES,
  needsCoordinates,
  STAY_RULES,
  type BuiltTrajectories,
  type TrajectoryRules,
} from "./rules";
import { windowText, WINDOW_KINDS } from "./windows";

const START = Date.UTC(2020, 0, 30);
const MINUTE = 60_000;

type Row = readonly [user: string, minute: number, lat: number, lng: number];

async function build(rows: readonly Row[], rules: TrajectoryRules): Promise<BuiltTrajectories> {
  const keepCoordinates = needsCoordinates(rules);
  const collector = new PointCollector({ anonymousSeed: undefined, keepCoordinates });
  collector.beginFile("points.csv");
  rows.forEach(([user, minute, lat, lng], i) => {
    collector.add({ user, timeMs: START + minute * MINUTE, lat, lng }, i + 2);
  });
  const { points } = await finish(collector.build());
  return finish(buildTrajectories(points, rules));
}

/** Everything that was built, by user and time: the numbers of users and cells are left aside. */
function canonical({ trajectories, checkIns, ledger, filled }: BuiltTrajectories): unknown {
  const { user, offsets } = trajectories;
  const own = Array.from(user, (u, k) => {
    const rows: unknown[] = [];
    const of = trajectories.checkIns;
    for (let i = offsets[k]!; i < offsets[k + 1]!; i++) {
      rows.push([cellHash(of.cells, of.cell[i]!), of.startMs[i], of.endMs[i], of.points[i]]);
    }
    return [checkIns.users[u], rows];
  });
  const text = own.map((trajectory) => JSON.stringify(trajectory)).sort();
  return { text, rules: ledger.rules, filled };
}

const row = fc.tuple(
  fc.constantFrom("u", "v", "w"),
  fc.integer({ min: 0, max: 6000 }),
  fc.constantFrom(39.9, 39.901, 39.93, 40.2),
  fc.constantFrom(116.4, 116.402, 116.45),
);
const rows = fc.array(row, { minLength: 1, maxLength: 80 });
const stays = fc.constantFrom<TrajectoryRules["stays"]>(
  STAY_RULES.window,
  { kind: "window", windowMin: 0 },
  { ...STAY_RULES.stops, minMin: 5, maxGapMin: 60 },
  STAY_RULES.resample,
  { ...STAY_RULES.resample, fill: "linear", maxPoints: 7 },
  { ...STAY_RULES.resample, fill: "drop" },
);
const rules = fc
  .tuple(stays, fc.constantFrom(...WINDOW_KINDS), fc.boolean(), fc.boolean(), fc.boolean())
  .map(([stays, window, duplicates, clocks, isSlow]): TrajectoryRules => {
    const drop = { duplicates, clocks, ...(isSlow ? { speedKmh: 50 } : {}) };
    return { ...DEFAULT_RULES, stays, window, minCheckIns: 2, minCells: 2, drop };
  });

describe("buildTrajectories", () => {
  it("gives the same in any order of the rows", async () => {
    const shuffled = rows.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, rules, async ([list, other], rules) => {
        expect(canonical(await build(other, rules))).toEqual(canonical(await build(list, rules)));
      }),
    );
  });

  it("has a ledger that adds up", async () => {
    await fc.assert(
      fc.asyncProperty(rows, rules, async (list, rules) => {
        const { ledger, checkIns, trajectories, filled } = await build(list, rules);
        const [first] = ledger.rules;
        expect(first!.points).toBe(list.length);
        expect(first!.users).toBe(new Set(list.map(([user]) => user)).size);
        for (const { before, after } of ledgerSteps(ledger)) {
          expect(after.users!).toBeLessThanOrEqual(before.users ?? Infinity);
          expect(after.points ?? 0).toBeLessThanOrEqual(before.points ?? Infinity);
          expect(after.checkIns ?? 0).toBeLessThanOrEqual(before.checkIns ?? Infinity);
          expect(after.trajectories ?? 0).toBeLessThanOrEqual(before.trajectories ?? Infinity);
        }
        const found = ledger.rules.find((rule) => rule.checkIns !== undefined)!;
        expect(found.checkIns).toBe(checkIns.user.length);
        const last = ledger.rules.at(-1)!;
        expect(last.checkIns).toBe(trajectories.checkIns.user.length);
        expect(last.trajectories).toBe(trajectories.user.length);
        expect(last.users).toBe(new Set(trajectories.user).size);
        // every point that was not dropped is in one check-in, or, for stops, in none
        const dropped = ledger.rules.findLast((rule) => rule.checkIns === undefined)!;
        const merged = checkIns.points.reduce((sum, n) => sum + n, 0);
        if (rules.stays.kind === "stops") expect(found.points).toBe(merged);
        else expect(merged).toBe(dropped.points);
        expect(filled).toBe(
          rules.stays.kind === "resample" ? checkIns.points.filter((n) => n === 0).length : 0,
        );
      }),
    );
  });

  it("gives the same for users in batches as for all at once", async () => {
    await fc.assert(
      fc.asyncProperty(rows, rules, async (list, { drop: _drop, ...others }) => {
        const rules = { ...others, drop: {} }; // bad clocks are found among all users
        const all = await build(list, rules);
        const users = [...new Set(list.map(([user]) => user))];
        const parts = await Promise.all(
          users.map(async (user) => {
            const collector = new PointCollector({
              anonymousSeed: undefined,
              keepCoordinates: true,
            });
            for (const [name, minute, lat, lng] of list) {
              if (name !== user) continue;
              collector.add({ user, timeMs: START + minute * MINUTE, lat, lng }, 1);
            }
            const { points } = await finish(collector.build());
            const decided = { clock: all.clock, firstDay: all.firstDay };
            return finish(buildTrajectories(points, rules, { decided }));
          }),
        );
        const texts = parts.flatMap((part) => (canonical(part) as { text: string[] }).text).sort();
        expect(texts).toEqual((canonical(all) as { text: string[] }).text);
      }),
    );
  });

  it("drops what it is told to, and notes it", async () => {
    const list: Row[] = [
      ["u", 0, 39.9, 116.4],
      ["u", 0, 39.9, 116.4],
      ["u", 1, 40.9, 116.4], // 111 km in a minute
      ["u", 2, 39.901, 116.4],
    ];
    const drop = { duplicates: true, speedKmh: 1000 };
    const { ledger, checkIns } = await build(list, { ...DEFAULT_RULES, drop });
    expect(ledger.rules.slice(0, 3)).toEqual([
      { rule: "points that can be used", points: 4, users: 1 },
      { rule: "no second point of one user, moment and cell", points: 3, users: 1 },
      { rule: "no point faster than 1,000 km/h from the one before", points: 2, users: 1 },
    ]);
    expect(checkIns.points.reduce((sum, n) => sum + n, 0)).toBe(2);
  });

  it("cuts long resampled trajectories", async () => {
    const list = [0, 15, 30, 45, 60, 75, 90].map((minute): Row => ["u", minute, 39.9, 116.4]);
    const cut = { ...STAY_RULES.resample, maxPoints: 3 };
    const lenient = { ...DEFAULT_RULES, stays: cut, minCheckIns: 1, minCells: 1 };
    const { trajectories, ledger } = await build(list, lenient);
    expect([...trajectories.offsets]).toEqual([0, 3, 6, 7]);
    expect(ledger.rules[2]!.rule).toBe("one trajectory per user and month, cut after 3");
  });

  it("cuts at the local time of the zone, of the file's offsets, or as guessed", async () => {
    const lenient = { ...DEFAULT_RULES, minCheckIns: 1, minCells: 1 };
    const months = async (rules: TrajectoryRules) => {
      // 31 January 2020, 20:00 UTC, in Beijing: February there
      const { trajectories, clock } = await build([["u", 2 * 1440 - 240, 39.9, 116.4]], rules);
      return [windowText("month", trajectories.month[0]!), clock.kind];
    };
    expect(await months(lenient)).toEqual(["2020-02", "offset"]);
    const newYork = { kind: "zone", zone: "America/New_York" } as const;
    expect(await months({ ...lenient, clock: newYork })).toEqual(["2020-01", "zone"]);
    const nowhere = { kind: "zone", zone: "Mars/Base" } as const;
    await expect(months({ ...lenient, clock: nowhere })).rejects.toThrow(/Mars\/Base/);
    const collector = new PointCollector({ anonymousSeed: undefined });
    const timeMs = Date.UTC(2020, 0, 31, 20);
    for (const offsetMin of [0, 300]) {
      collector.add({ user: `${offsetMin}`, timeMs, lat: 39.9, lng: 116.4, offsetMin }, 1);
    }
    const { points } = await finish(collector.build());
    const { trajectories, clock } = await finish(buildTrajectories(points, lenient));
    expect([clock.kind, ...trajectories.month]).toEqual(["column", 2020 * 12, 2020 * 12 + 1]);
  });

  it("asks for the places that its rules need, and stops when told to", async () => {
    const collector = new PointCollector({ anonymousSeed: undefined });
    collector.add({ user: "u", timeMs: START, lat: 39.9, lng: 116.4 }, 1);
    const { points } = await finish(collector.build());
    const stops = { ...DEFAULT_RULES, stays: STAY_RULES.stops };
    await expect(finish(buildTrajectories(points, stops))).rejects.toThrow(/keepCoordinates/);
    const signal = AbortSignal.abort();
    await expect(
      finish(buildTrajectories(points, DEFAULT_RULES, { signal })),
    ).rejects.toMatchObject({ code: "stopped" });
  });
});

describe("losses", () => {
  it("are loud only above a half", () => {
    expect(isMostLost({ users: 10 }, { users: 5 })).toBe(false);
    expect(isMostLost({ users: 10, checkIns: 4 }, { users: 10, checkIns: 1 })).toBe(true);
    expect(isMostLost({ points: 10 }, { checkIns: 1 })).toBe(false);
  });

  it("are found over the whole way, where no single rule takes half", () => {
    const ledger = {
      rowsRead: 10,
      rejected: [{ reason: "no user", count: 6, firstLines: [2] }],
      rules: [10, 6, 4].map((trajectories) => ({ rule: "", trajectories, users: 3 })),
    };
    expect(findLosses(ledger)).toEqual([
      { what: "rows", before: 10, after: 4 },
      { what: "trajectories", before: 10, after: 4 },
    ]);
  });
});

describe("privacy", () => {
  it("hides cells of fewer than k users, however often they came", () => {
    const user = Uint32Array.of(0, 0, 0, 1, 1, 2);
    const cell = Uint32Array.of(0, 1, 0, 0, 3, 0);
    const users = countUsersPerCell(user, cell, 4);
    expect([...users]).toEqual([3, 1, 0, 1]);
    const { shown, hidden } = hideRareCells(users, 2);
    expect([[...shown], hidden]).toEqual([[1, 0, 0, 0], 2]);
    expect(hideRareCells(users).hidden).toBe(3); // k = 5
  });

  it("hides users in paths", () => {
    const mask = createPathMask(["163", "Ann"]);
    expect(["Data/163/t/1.plt", "taxi/163.txt", "Ann", "Anna/1163.txt"].map(mask)).toEqual([
      "Data/x/t/1.plt",
      "taxi/x.txt",
      "x",
      "Anna/1163.txt",
    ]);
  });
});
