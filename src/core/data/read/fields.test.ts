import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NameCache, parseNumber, parseNumberText } from "./fields";

const parse = (text: string): number => {
  const bytes = new TextEncoder().encode(`x${text}y`);
  return parseNumber(bytes, 1, bytes.length - 1);
};

describe("parseNumber", () => {
  it("gives the double that the text means, to the last bit", () => {
    const degrees = fc.double({ min: -180, max: 180, noNaN: true });
    fc.assert(fc.property(degrees, (value) => parse(String(value)) === value));
    const digits = fc.tuple(fc.integer(), fc.nat(), fc.nat({ max: 12 }));
    fc.assert(
      fc.property(digits, ([whole, part, zeros]) => {
        const text = `${whole}.${"0".repeat(zeros)}${part}`;
        expect(parse(text)).toBe(Number(text));
      }),
    );
  });

  it("agrees with the parser of text, whatever the bytes", () => {
    const text = fc.string({
      unit: fc.constantFrom(...Array.from("0123456789.,+-e x")),
      maxLength: 24,
    });
    fc.assert(fc.property(text, (field) => Object.is(parse(field), parseNumberText(field))));
  });

  it.each([
    ["139,61959", 139.61959],
    [" -73.5 ", -73.5],
    ["+1e-3", 1e-3],
    [".5", 0.5],
    ["5.", 5],
    ["", NaN],
    ["-", NaN],
    [".", NaN],
    ["1,234,567", NaN],
    ["0x10", NaN],
    ["Infinity", NaN],
    ["35.6N", NaN],
  ])("reads %s", (text, value) => expect(parse(text)).toBe(value));
});

describe("NameCache", () => {
  it("gives each name back, however many there are", () => {
    const names = new NameCache();
    const all = Array.from({ length: 20_000 }, (_, i) => `user ${i * 7919}`);
    for (const name of [...all, ...all]) {
      const bytes = new TextEncoder().encode(name);
      if (names.get(bytes, 0, bytes.length) !== name) expect.fail(name);
    }
  });
});
