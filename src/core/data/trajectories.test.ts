import { describe, expect, it } from "vitest";
import { cellHash } from "../geo/cells";
import { findCheckIns } from "./check-ins";
import { A, B, C, pointsOf } from "./fixtures.testing";
import { createLedger, ledgerSteps, mergeLedger } from "./ledger";
import { splitOfUser, splitTrajectories } from "./splits";
import { cellsOfTrajectory, findTrajectories } from "./trajectories";
import { monthText } from "./windows";

const DAY = 1440;
const lenient = { minCheckIns: 1, minCells: 1, utcOffsetHours: 0 };

/** One check-in an hour of each cell, from a minute on. */
const visits = (user: string, cells: string[], from = 0) =>
  cells.map((cell, i) => [user, cell, from + i * 60] as const);

describe("findTrajectories", () => {
  it("cuts at the local month", () => {
    const beforeMidnight = 31 * DAY - 30; // 23:30 UTC on 31 January
    const checkIns = findCheckIns(pointsOf(visits("u", [A, B, C, A], beforeMidnight)));
    const months = (utcOffsetHours: number) => {
      const { trajectories } = findTrajectories(checkIns, { ...lenient, utcOffsetHours });
      return Array.from(trajectories.month, monthText);
    };
    expect(months(0)).toEqual(["2020-01", "2020-02"]);
    expect(months(9)).toEqual(["2020-02"]); // 08:30 in Japan
    expect(months(-2)).toEqual(["2020-01", "2020-02"]);
    expect(months(-5)).toEqual(["2020-01"]);
  });

  it("guesses the local clock from the longitudes", () => {
    const checkIns = findCheckIns(pointsOf(visits("u", [A, B])));
    expect(findTrajectories(checkIns).clock).toMatchObject({ hours: 9 }); // 137 degrees east
  });

  it("drops the short and the narrow, closes the gaps and says what each rule left", () => {
    const rows = [
      ...visits("short", [A, B, C]),
      ...visits("narrow", [A, B, A, B, A]),
      ...visits("kept", [A, B, C, A, C]),
    ];
    const rules = { minCheckIns: 5, minCells: 3, utcOffsetHours: 0 };
    const { trajectories, firstCheckIn, ledger } = findTrajectories(
      findCheckIns(pointsOf(rows)),
      rules,
    );
    const { checkIns } = trajectories;
    const kept = Array.from(cellsOfTrajectory(trajectories, 0), (n) => cellHash(checkIns.cells, n));
    expect(kept).toEqual([A, B, C, A, C]);
    expect(checkIns.users[trajectories.user[0]!]).toBe("kept");
    expect([...firstCheckIn]).toEqual([8]);
    expect([...trajectories.offsets]).toEqual([0, 5]);
    expect(ledger.rules).toEqual([
      { rule: "one trajectory per user and month", checkIns: 13, trajectories: 3, users: 3 },
      { rule: "at least 5 check-ins", checkIns: 10, trajectories: 2, users: 2 },
      { rule: "at least 3 distinct cells", checkIns: 5, trajectories: 1, users: 1 },
    ]);
  });

  it("keeps exactly ten check-ins and three cells, as the paper does", () => {
    const nine = [A, B, C, A, B, C, A, B, C];
    const rows = [...visits("nine", nine), ...visits("ten", [...nine, A])];
    const { trajectories } = findTrajectories(findCheckIns(pointsOf(rows)));
    expect(trajectories.user.length).toBe(1);
  });
});

describe("splits", () => {
  const users = Array.from({ length: 400 }, (_, i) => `user ${i}`);
  const rows = users.flatMap((user) => [...visits(user, [A]), ...visits(user, [B], 40 * DAY)]);
  const { trajectories } = findTrajectories(findCheckIns(pointsOf(rows)), lenient);
  const shares = (parts: Uint8Array) =>
    [0, 1, 2].map((part) => parts.filter((p) => p === part).length / parts.length);

  it("splits trajectories 70/15/15 exactly, and anew for another seed", () => {
    const parts = splitTrajectories(trajectories, { by: "trajectory", seed: 1 });
    expect(shares(parts)).toEqual([0.7, 0.15, 0.15]);
    expect(splitTrajectories(trajectories, { by: "trajectory", seed: 1 })).toEqual(parts);
    expect(splitTrajectories(trajectories, { by: "trajectory", seed: 2 })).not.toEqual(parts);
  });

  it("keeps a user's months together and depends on the name only", () => {
    const parts = splitTrajectories(trajectories, { by: "user", seed: 1 });
    parts.forEach((part, k) => {
      expect(part).toBe(splitOfUser(trajectories.checkIns.users[trajectories.user[k]!]!, 1));
    });
    const [train = 0] = shares(parts);
    expect(Math.abs(train - 0.7)).toBeLessThan(0.07); // three standard deviations of 400 draws
  });
});

describe("ledger", () => {
  it("sums batches and shows each rule before and after", () => {
    const ledger = createLedger();
    const rejected = [{ reason: "no user", count: 2, firstLines: [3, 4] }];
    mergeLedger(ledger, { rowsRead: 5, rejected, rules: [{ rule: "a", points: 3 }] });
    mergeLedger(ledger, {
      rowsRead: 1,
      rejected,
      rules: [
        { rule: "a", points: 4 },
        { rule: "b", points: 1 },
      ],
    });
    expect(ledger.rowsRead).toBe(6);
    expect(ledger.rejected[0]!.count).toBe(4);
    expect(ledgerSteps(ledger)).toEqual([
      { rule: "a", before: { points: 6 }, after: { points: 7 }, isMostLost: false },
      { rule: "b", before: { points: 7 }, after: { points: 1 }, isMostLost: true },
    ]);
  });
});
