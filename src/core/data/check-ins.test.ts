import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellTableBuilder, cellHash } from "../geo/cells";
import { findCheckIns, type CheckIns } from "./check-ins";
import { A, B, C, MINUTE, pointsOf } from "./fixtures.testing";

const START = Date.UTC(2020, 0);

function rowsOf(
  checkIns: CheckIns,
): [user: string, cell: string, from: number, to: number, points: number][] {
  return Array.from(checkIns.user, (u, i) => [
    checkIns.users[u]!,
    cellHash(checkIns.cells, checkIns.cell[i]!),
    (checkIns.startMs[i]! - START) / MINUTE,
    (checkIns.endMs[i]! - START) / MINUTE,
    checkIns.points[i]!,
  ]);
}

describe("findCheckIns", () => {
  it("merges points of one cell up to ten minutes after the first, and no later", () => {
    const points = pointsOf([0, 4, 10, 10.1, 20].map((minute) => ["u", A, minute] as const));
    expect(rowsOf(findCheckIns(points))).toEqual([
      ["u", A, 0, 10, 3],
      ["u", A, 10.1, 20, 2],
    ]);
  });

  it("closes a check-in when the cell changes, also when it comes back", () => {
    const points = pointsOf([
      ["u", A, 0],
      ["u", B, 1],
      ["u", A, 2],
    ]);
    expect(rowsOf(findCheckIns(points)).map(([, cell]) => cell)).toEqual([A, B, A]);
  });

  it("keeps users apart who stand in one cell", () => {
    const points = pointsOf([
      ["u", A, 0],
      ["v", A, 1],
    ]);
    expect(rowsOf(findCheckIns(points)).map(([user]) => user)).toEqual(["u", "v"]);
  });

  it("sorts points that come in another order", () => {
    const points = pointsOf([
      ["v", B, 9],
      ["u", A, 5],
      ["v", C, 3],
      ["u", A, 0],
    ]);
    expect(rowsOf(findCheckIns(points))).toEqual([
      ["v", C, 3, 3, 1],
      ["v", B, 9, 9, 1],
      ["u", A, 0, 5, 2],
    ]);
  });

  it("counts every point once, in any window", () => {
    const row = fc.tuple(
      fc.constantFrom("u", "v", "w"),
      fc.constantFrom(A, B, C),
      fc.integer({ min: 0, max: 500 }),
    );
    fc.assert(
      fc.property(fc.array(row), fc.integer({ min: 0, max: 60 }), (rows, minutes) => {
        const checkIns = findCheckIns(pointsOf(rows), { windowMs: minutes * MINUTE });
        expect(checkIns.points.reduce((sum, n) => sum + n, 0)).toBe(rows.length);
        checkIns.startMs.forEach((startMs, i) => {
          expect(checkIns.endMs[i]! - startMs).toBeLessThanOrEqual(minutes * MINUTE);
        });
      }),
    );
  });

  it("goes on numbering cells over batches", () => {
    const cells = new CellTableBuilder(8);
    findCheckIns(
      pointsOf([
        ["u", A, 0],
        ["u", B, 1],
      ]),
      { cells },
    );
    const second = findCheckIns(
      pointsOf([
        ["v", B, 0],
        ["v", C, 1],
      ]),
      { cells },
    );
    expect([...second.cell]).toEqual([1, 2]);
  });
});
