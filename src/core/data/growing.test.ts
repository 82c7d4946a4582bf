import fc from "fast-check";
import { expect, test } from "vitest";
import { Blocks, release } from "./growing";

test("blocks give what was pushed, over the ends of blocks of every size, and are empty then", () => {
  const lengths = fc.oneof(fc.nat(5000), fc.constantFrom(1024, 3072, 3073, 70_000));
  fc.assert(
    fc.property(lengths, lengths, (first, second) => {
      const blocks = new Blocks((n) => new Uint32Array(n));
      for (const length of [first, second]) {
        for (let i = 0; i < length; i++) blocks.push(i ^ length);
        expect(blocks.length).toBe(length);
        const taken = blocks.take();
        expect(taken.length).toBe(length);
        expect(taken.every((value, i) => value === (i ^ length))).toBe(true);
        expect(blocks.length).toBe(0);
      }
    }),
    { numRuns: 30 },
  );
});

test("a column may be given back twice", () => {
  const column = new Float64Array(8);
  release(column);
  release(column);
  const isGiven = "transfer" in ArrayBuffer.prototype; // Node 20 leaves it to the collector
  expect(column.length).toBe(isGiven ? 0 : 8);
});
