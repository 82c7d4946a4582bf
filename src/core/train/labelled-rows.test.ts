import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NO_HOUR } from "../data/hours";
import type { CellPieces } from "../token/tokeniser";
import { CLS, SEP } from "../token/tokeniser";
import { planLabelEpoch, toEncoderRows, toReadRows } from "./label-batches";
import { measureScale, splitPairs, toHours, toPairSequence, toSequence } from "./labelled-rows";

/** Cell c has c % 3 + 1 pieces, all of them 100 + c. */
const CELLS = 30;
const PIECES: CellPieces = (() => {
  const tokens: number[] = [];
  const offsets = [0];
  for (let cell = 0; cell < CELLS; cell++) {
    for (let n = 0; n <= cell % 3; n++) tokens.push(100 + cell);
    offsets.push(tokens.length);
  }
  return { offsets: Uint32Array.from(offsets), tokens: Uint16Array.from(tokens) };
})();

/** Cells of a row of whole hashes; -1 where one was cut. */
function cellsOf(pieces: readonly number[]): number[] {
  const cells: number[] = [];
  for (let at = 0; at < pieces.length;) {
    const cell = pieces[at]! - 100;
    const whole = pieces.slice(at, at + (cell % 3) + 1).filter((piece) => piece === 100 + cell);
    cells.push(whole.length === (cell % 3) + 1 ? cell : -1);
    at += whole.length;
  }
  return cells;
}

const cells = fc.array(fc.nat(CELLS - 1), { minLength: 1, maxLength: 40 });

describe("rows", () => {
  test("hold as many whole hashes as fit", () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 6, max: 64 }), (trajectory, room) => {
        const row = Array.from(toSequence(PIECES, trajectory, room));
        expect([row[0], row.at(-1)]).toEqual([CLS, SEP]);
        expect(row.length).toBeLessThanOrEqual(room);
        const kept = cellsOf(row.slice(1, -1));
        expect(kept).toEqual(trajectory.slice(0, kept.length));
        const next = trajectory[kept.length];
        if (next !== undefined) expect(row.length + (next % 3) + 1).toBeGreaterThan(room);
      }),
    );
  });

  test("have the hour of each check-in at all its pieces", () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 6, max: 64 }), (trajectory, room) => {
        const row = toSequence(PIECES, trajectory, room);
        const hours = toHours(PIECES, trajectory, trajectory, room); // cell c at hour c
        const expected = row.map((token) => (token >= 100 ? token - 100 : NO_HOUR));
        expect(hours).toEqual(expected);
      }),
    );
  });

  test("pairs keep the end of the first and the beginning of the second", () => {
    fc.assert(
      fc.property(cells, cells, fc.integer({ min: 11, max: 64 }), (a, b, room) => {
        const row = Array.from(toPairSequence(PIECES, [a, b], room));
        expect(row.length).toBeLessThanOrEqual(room);
        const middle = row.indexOf(SEP);
        const first = cellsOf(row.slice(1, middle));
        const second = cellsOf(row.slice(middle + 1, -1));
        expect(first).toEqual(a.slice(a.length - first.length));
        expect(second).toEqual(b.slice(0, second.length));
        expect(Math.min(first.length, second.length)).toBeGreaterThan(0);
      }),
    );
  });

  test("the second part of a pair has type 1", () => {
    const sequences = [
      [CLS, 7, SEP, 8, SEP],
      [CLS, 9, SEP],
    ].map((row) => Int32Array.from(row));
    const rows = toEncoderRows({ sequences, each: 1 }, { T: 8, rows: [1, 0] });
    expect(rows.types!.subarray(0, 8)).toEqual(new Int32Array(8));
    expect(Array.from(rows.types!.subarray(8, 16))).toEqual([0, 0, 0, 1, 1, 0, 0, 0]);
    expect(toEncoderRows({ sequences, each: 1 }, { T: 4, rows: [1] }).types).toBeUndefined();
  });

  test("a head over pairs has both parts read alone, one behind the other", () => {
    const sequences = [Int32Array.of(CLS, 7, SEP, 8, 9, SEP), Int32Array.of(CLS, 6, SEP, 5, SEP)];
    const hours = [
      Int32Array.of(NO_HOUR, 1, NO_HOUR, 2, 3, NO_HOUR),
      Int32Array.of(NO_HOUR, 4, NO_HOUR, 5, NO_HOUR),
    ];
    const read = toReadRows({ sequences, hours }, "pair");
    const { B, tokens, types, hours: times } = toEncoderRows(read, { T: 4, rows: [1, 0] });
    expect([B, types]).toEqual([8, undefined]);
    expect(Array.from(tokens)).toEqual(
      [
        [CLS, 6, SEP, 0],
        [CLS, 5, SEP, 0],
        [CLS, 7, SEP, 0],
        [CLS, 8, 9, SEP],
        // filled up with the first pair
        [CLS, 6, SEP, 0],
        [CLS, 5, SEP, 0],
        [CLS, 6, SEP, 0],
        [CLS, 5, SEP, 0],
      ].flat(),
    );
    expect(Array.from(times!.subarray(12, 16))).toEqual([NO_HOUR, 2, 3, NO_HOUR]);
    const alone = { sequences: [...sequences, Int32Array.of(CLS, 7, SEP)] };
    expect(() => splitPairs(alone)).toThrow(/row 2 has one part/);
  });

  test("an epoch has every row once, in steps of nearly one length", () => {
    const lengths = fc.array(fc.integer({ min: 2, max: 60 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 40 }), (some, batch) => {
        const sequences = some.map((length) => new Int32Array(length));
        const steps = planLabelEpoch(sequences, { batch, seed: 1 }, 1);
        expect(steps.length).toBe(Math.ceil(some.length / batch));
        const rows = steps.flatMap((step) => Array.from(step)).sort((a, b) => a - b);
        expect(rows).toEqual(some.map((_, row) => row));
      }),
    );
  });

  test("the scale is that of the population", () => {
    const rows = { sequences: [], labels: [1, 10, 3, 10.5, 8, 11] };
    const { means, deviations } = measureScale(rows, { kind: "targets", count: 2 });
    expect(means).toEqual([4, 10.5]);
    expect(deviations[0]).toBeCloseTo(Math.sqrt(26 / 3), 12);
  });
});
