import fc from "fast-check";
import { expect, it } from "vitest";
import { locatePoints, type Points } from "../../data/points";
import { runSlices } from "../../data/slices";
import { sortPoints } from "../../data/sort-points";
import { CellTableBuilder } from "../../geo/cells";
import { orderPoints } from "./order-points";

const moments = fc.array(fc.record({ minute: fc.nat(4), lat: fc.nat(3), lng: fc.nat(3) }), {
  maxLength: 30,
});
type Moment = typeof moments extends fc.Arbitrary<(infer M)[]> ? M : never;

const toPoints = (list: readonly Moment[]): Points => ({
  users: ["a"],
  user: new Uint32Array(list.length),
  timeMs: Float64Array.from(list, ({ minute }) => 60_000 * minute),
  lat: Float64Array.from(list, ({ lat }) => 35 + 0.01 * lat),
  lng: Float64Array.from(list, ({ lng }) => 139 + 0.01 * lng),
});

it("orders as sorting by cells does, with times in order or not", () => {
  fc.assert(
    fc.property(moments, fc.boolean(), (list, isSorted) => {
      const points = toPoints(isSorted ? list.toSorted((a, b) => a.minute - b.minute) : list);
      const located = runSlices(locatePoints(points, new CellTableBuilder(8)));
      const { users, user, timeMs, lat, lng } = runSlices(sortPoints(located));
      expect(orderPoints(points, 8)).toEqual({ users, user, timeMs, lat, lng });
    }),
  );
});

it("leaves points in order as they are", () => {
  const points = toPoints([
    { minute: 1, lat: 1, lng: 1 },
    { minute: 1, lat: 1, lng: 1 },
    { minute: 2, lat: 0, lng: 1 },
  ]);
  expect(orderPoints(points, 8)).toBe(points);
});
