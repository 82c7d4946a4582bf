import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exp, log, pow, sinCos } from "./exact";

/** Relative error allowed beside Math.*, which itself is off by up to one unit in the last place. */
const CLOSE = 8 * Number.EPSILON;

const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true });

function expectClose(found: number, expected: number, scale = Math.abs(expected)): void {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(CLOSE * scale);
}

describe("exact functions beside Math", () => {
  it("exp", () => {
    fc.assert(fc.property(between(-600, 600), (x) => expectClose(exp(x), Math.exp(x))));
    expect([exp(0), exp(-701), exp(-Infinity)]).toEqual([1, 0, 0]);
    expect(exp(1000)).toBe(exp(700));
  });

  it("log", () => {
    fc.assert(fc.property(between(1e-300, 1e300), (x) => expectClose(log(x), Math.log(x))));
    fc.assert(fc.property(between(0.9, 1.1), (x) => expectClose(log(x), Math.log(x))));
    expect([log(1), log(0), log(-1)]).toEqual([0, -Infinity, NaN]);
  });

  it("pow", () => {
    fc.assert(
      fc.property(between(1e-3, 1e6), between(-3, 3), (x, y) => {
        expectClose(pow(x, y), x ** y, 10 * x ** y); // the logarithm's error grows with the exponent
      }),
    );
    expect([pow(0, 0), pow(0, 2), pow(5, 0)]).toEqual([1, 0, 1]);
  });

  it("sine and cosine", () => {
    fc.assert(
      fc.property(between(-1000, 1000), (x) => {
        const [sin, cos] = sinCos(x);
        expectClose(sin, Math.sin(x), 1);
        expectClose(cos, Math.cos(x), 1);
      }),
    );
    expect(sinCos(0)).toEqual([0, 1]);
  });
});

it("gives the same bits on every engine", () => {
  const values = Float64Array.of(
    exp(1),
    exp(-12.34),
    log(10),
    pow(12345.678, 0.6),
    ...sinCos(123.456),
  );
  expect(Array.from(new BigUint64Array(values.buffer), (bits) => bits.toString(16))).toEqual([
    "4005bf0a8b14576a",
    "3ed257c2c1ce3704",
    "40026bb1bbb55516",
    "4071d0ac54643812",
    "bfe9b9dadc41aeb6",
    "bfe307e5980a1559",
  ]);
});
