import fc from "fast-check";
import { latLngToCell } from "h3-js";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { findCheckIns, type CheckIns } from "../../data/check-ins";
import type { Points } from "../../data/points";
import { runSlices } from "../../data/slices";
import { cellHash, CellTableBuilder, halvesToHash } from "../../geo/cells";
import { createDigits } from "../../token/digits";
import { withExtras } from "../../token/extras";
import { IGNORED } from "../../token/masking";
import { MASK, type Tokeniser } from "../../token/tokeniser";
import { toCheckIns } from "./columns";
import { tokeniseColumns } from "./tokenise-columns";

/** Rows of two users in any order, on a few places and moments, so that much of them is equal. */
const rows = fc.array(
  fc.record({ user: fc.nat(1), minute: fc.nat(30), place: fc.nat(3), nudge: fc.nat(2) }),
  { maxLength: 40 },
);
type Row = typeof rows extends fc.Arbitrary<(infer R)[]> ? R : never;

const toPoints = (list: readonly Row[]): Points => ({
  users: ["a", "b"],
  user: Uint32Array.from(list, (row) => row.user),
  timeMs: Float64Array.from(list, (row) => row.minute * 60_000),
  lat: Float64Array.from(list, (row) => 35.7 + 0.02 * row.place + 1e-5 * row.nudge),
  lng: Float64Array.from(list, (row) => 139.7 + 1e-5 * row.nudge),
});

function withHashes({ cells, cell, ...columns }: CheckIns): object {
  return { ...columns, hashes: Array.from(cell, (n) => cellHash(cells, n)) };
}

it("finds the check-ins of the rules, whatever the order of the rows", () => {
  fc.assert(
    fc.property(rows, fc.constantFrom(0, 60_000, 600_000), (list, windowMs) => {
      const points = toPoints(list);
      const columns = runSlices(tokeniseColumns(points, { windowMs }));
      const ours = toCheckIns(columns, new CellTableBuilder(8));
      expect(withHashes(ours)).toEqual(withHashes(findCheckIns(points, { windowMs })));
    }),
    { numRuns: 500 },
  );
});

/** A point a minute on a line from Tokyo to the north. */
const line = (count: number): Points => ({
  users: ["a"],
  user: new Uint32Array(count),
  timeMs: Float64Array.from({ length: count }, (_, i) => 60_000 * i),
  lat: Float64Array.from({ length: count }, (_, i) => 35.7 + 0.001 * i),
  lng: new Float64Array(count).fill(139.7),
});

it("writes the tokens of the tokeniser", () => {
  const points = line(3000);
  const tokeniser = createDigits({ parents: 4, groups: [2, 2] }, findCheckIns(line(2000)).cells);
  const { first, hi, lo, tokens } = runSlices(tokeniseColumns(points, { tokeniser }));
  expect(tokens).toEqual(tokeniser.encodeCells({ resolution: 8, hi, lo }).tokens);
  for (let k = 0; k < first.length; k += 50) {
    const lat = points.lat[first[k]!]!;
    expect(halvesToHash(hi[k]!, lo[k]!)).toBe(latLngToCell(lat, 139.7, 8));
  }
});

it("masks whole hashes in the shares of the papers", () => {
  const points = line(40_000);
  const tokeniser = createDigits({}, findCheckIns(points).cells);
  const masking = { seed: 123, rate: 0.2 };
  const { tokens, masked } = runSlices(tokeniseColumns(points, { tokeniser, masking }));
  const K = tokens.length / 2;
  const { labels, tokens: shown, hashes } = masked!;
  const places = Array.from({ length: K }, (_, k) => 2 * k);
  const hidden = places.filter((at) => labels[at] !== IGNORED);
  expect(hidden).toHaveLength(hashes);
  expect(hashes / K).toBeCloseTo(0.2, 1);
  const isMask = (at: number): boolean => shown[at] === MASK;
  expect(hidden.every((at) => isMask(at) === isMask(at + 1))).toBe(true);
  expect(hidden.every((at) => labels[at] === tokens[at] && labels[at + 1] === tokens[at + 1])).toBe(
    true,
  );
  expect(hidden.filter(isMask).length / hashes).toBeCloseTo(0.8, 1);
  const kept = hidden.filter((at) => shown[at] === tokens[at] && shown[at + 1] === tokens[at + 1]);
  expect(kept.length / hashes).toBeCloseTo(0.1, 1);
  expect(places.filter((at) => labels[at] === IGNORED && shown[at] !== tokens[at])).toEqual([]);
});

it("knows no extra tokens: pieces and masks are as without them", () => {
  const points = line(4000);
  const tokeniser = createDigits({}, findCheckIns(points).cells);
  const extended = withExtras(tokeniser, { users: 500, times: "week" });
  const run = (one: Tokeniser) =>
    runSlices(tokeniseColumns(points, { tokeniser: one, masking: { seed: 1, rate: 0.5 } }));
  expect(run(extended)).toEqual(run(tokeniser));
});

/** Bytes of objects and columns that somebody still holds. */
function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

it("holds no more memory after 100 runs than after 10 (TK-16)", () => {
  const points = line(50_000);
  const tokeniser = createDigits({}, findCheckIns(points).cells);
  const run = () => runSlices(tokeniseColumns(points, { tokeniser, windowMs: 0 }));
  const { first, hi, lo, tokens } = run(); // each point is a check-in
  const resultBytes = [first, hi, lo, tokens].reduce((sum, { byteLength }) => sum + byteLength, 0);
  for (let n = 0; n < 10; n++) run();
  const before = heldBytes();
  for (let n = 10; n < 100; n++) run();
  expect(heldBytes() - before).toBeLessThan(resultBytes);
});
