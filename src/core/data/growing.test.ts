import fc from "fast-check";
import { expect, test } from "vitest";
import { LongColumn, release } from "./growing";

test("a long column gives what was pushed, over every step of its growth, and is empty then", () => {
  const lengths = fc.oneof(fc.nat(5000), fc.constantFrom(1024, 1025, 65_536, 131_073, 700_000));
  fc.assert(
    fc.property(lengths, lengths, fc.boolean(), (first, second, isAtOnce) => {
      const column = new LongColumn(Uint32Array);
      for (const length of [first, second]) {
        const values = Uint32Array.from({ length }, (_, i) => i ^ length);
        if (isAtOnce) column.pushAll(values);
        else for (const value of values) column.push(value);
        expect(column.length).toBe(length);
        expect(Buffer.compare(bytesOf(column.view()), bytesOf(values))).toBe(0);
        const taken = column.take();
        expect(Buffer.compare(bytesOf(taken), bytesOf(values))).toBe(0);
        expect(column.length).toBe(0);
        release(taken);
      }
    }),
    { numRuns: 30 },
  );
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

test("a long column is given back at once, and may be given back twice", () => {
  const column = new LongColumn(Float64Array);
  for (let i = 0; i < 100_000; i++) column.push(i);
  const taken = column.take();
  release(taken);
  release(taken);
  expect(taken.length).toBe(0);
});

test("a column may be given back twice", () => {
  const column = new Float64Array(8);
  release(column);
  release(column);
  const isGiven = "transfer" in ArrayBuffer.prototype; // Node 20 leaves it to the collector
  expect(column.length).toBe(isGiven ? 0 : 8);
});
