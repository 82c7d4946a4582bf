import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellTableBuilder } from "../geo/cells";
import { finish } from "../pace";
import { locatePoints, NO_OFFSET, type LocatedPoints } from "./points";
import { paceSlices, runSlices } from "./slices";
import { sortInPlace, sortPoints } from "./sort-points";
import { RowSorter } from "./sort-rows";
import { UserBatches } from "./user-batches";

interface Row {
  user: number;
  timeMs: number;
  lat: number;
  lng: number;
  offsetMin: number;
}

const USERS = ["a", "b", "c", "d", "e"];
const row = fc.record({
  user: fc.nat(USERS.length - 1),
  timeMs: fc.integer({ min: 0, max: 6 }),
  lat: fc.constantFrom(35, 35.0001, 36, -36),
  lng: fc.constantFrom(139, 139.0001, 140),
  offsetMin: fc.constantFrom(NO_OFFSET, 0, 540),
});
const rows = fc.array(row, { maxLength: 120 });

/** Which of the optional columns there are. */
const kinds = fc.record({ places: fc.boolean(), offsets: fc.boolean() });

function pointsOf(
  list: readonly Row[],
  { places, offsets }: { places: boolean; offsets: boolean },
): LocatedPoints {
  const column = (name: keyof Row) => Float64Array.from(list, (one) => one[name]);
  const user = Uint32Array.from(list, (one) => one.user);
  const points = { users: USERS, user, timeMs: column("timeMs") };
  const all = { ...points, lat: column("lat"), lng: column("lng") };
  const { cell, cells } = runSlices(locatePoints(all, new CellTableBuilder(8)));
  return {
    ...(places ? all : points),
    cell,
    cells,
    ...(offsets ? { offsetMin: Int16Array.from(list, (one) => one.offsetMin) } : {}),
  };
}

/** All columns as rows. */
const rowsOf = ({ user, cell, timeMs, lat, lng, offsetMin }: LocatedPoints): unknown[][] =>
  Array.from(user, (u, i) => [u, timeMs[i], cell[i], lat?.[i], lng?.[i], offsetMin?.[i]]);

/** The order by its definition: user, time, cell, place, and the row's number at last. */
function byDefinition(points: LocatedPoints): unknown[][] {
  const { user, timeMs, cell, cells, lat, lng } = points;
  const keyOf = (i: number): number[] => {
    const id = [cells.hi[cell[i]!]!, cells.lo[cell[i]!]!];
    return [user[i]!, timeMs[i]!, ...id, lat?.[i] ?? 0, lng?.[i] ?? 0, i];
  };
  const keys = Array.from(user, (_, i) => keyOf(i));
  const order = [...keys.keys()].sort((a, b) => {
    const k = keys[a]!.findIndex((value, place) => value !== keys[b]![place]);
    return k < 0 ? 0 : keys[a]![k]! - keys[b]![k]!;
  });
  const all = rowsOf(points);
  return order.map((i) => all[i]!);
}

describe("points in order", () => {
  it("are those that their definition gives, sorted where they stand", () => {
    fc.assert(
      fc.property(rows, kinds, (list, kind) => {
        const points = pointsOf(list, kind);
        const expected = byDefinition(points);
        runSlices(sortInPlace(points));
        expect(rowsOf(points)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("are the same where one person's many rows are merged in pieces", () => {
    const ofOne = fc.array(row, { maxLength: 120 }).map((list) => {
      return list.map((one) => ({ ...one, user: 0 }));
    });
    fc.assert(
      fc.property(ofOne, kinds, fc.integer({ min: 2, max: 16 }), (list, kind, short) => {
        const points = pointsOf(list, kind);
        const expected = byDefinition(points);
        runSlices(new RowSorter(points, short).sort(0, list.length));
        expect(rowsOf(points)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("are new columns where the old ones belong to somebody else", () => {
    const list = [3, 1, 2].map((timeMs) => ({ user: 0, timeMs, lat: 35, lng: 139, offsetMin: 0 }));
    const points = pointsOf(list, { places: true, offsets: false });
    const sorted = runSlices(sortPoints(points));
    expect([...points.timeMs]).toEqual([3, 1, 2]);
    expect([...sorted.timeMs]).toEqual([1, 2, 3]);
    expect(runSlices(sortPoints(sorted))).toBe(sorted);
  });

  it("can be stopped while they are sorted", async () => {
    const length = 3_000_000;
    const points: LocatedPoints = {
      users: ["a", "b"],
      cells: new CellTableBuilder(8).build(),
      user: Uint32Array.from({ length }, (_, i) => i % 2),
      cell: new Uint32Array(length),
      timeMs: Float64Array.from({ length }, (_, i) => i),
    };
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1);
    const work = paceSlices(sortInPlace(points), { phase: "", total: 0, unit: "" }, stop.signal);
    await expect(finish(work)).rejects.toMatchObject({ code: "stopped" });
  });
});

describe("UserBatches", () => {
  it("give all rows of all users in turn, as often as asked, owned or not", () => {
    const most = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(rows, kinds, most, fc.boolean(), (list, kind, size, isOwned) => {
        const points = runSlices(sortPoints(pointsOf(list, kind)));
        const expected = rowsOf(points);
        const batches = new UserBatches(points, isOwned, size);
        for (let time = 0; time < 2; time++) {
          const found = [...batches];
          expect(found.length).toBe(batches.count);
          expect(found.flatMap(rowsOf)).toEqual(expected);
          const users = found.flatMap(({ user }) => [...new Set(user)]);
          expect(new Set(users).size).toBe(users.length); // nobody is in two
          for (const { user } of found) {
            expect(user.length <= size || new Set(user).size === 1).toBe(true);
          }
        }
      }),
    );
  });
});
