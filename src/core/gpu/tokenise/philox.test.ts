import fc from "fast-check";
import { expect, it } from "vitest";
import { multiplyHigh, philox } from "./philox";

type Four = readonly [number, number, number, number];

function wordsOf(counter: Four, key: readonly [number, number]): string {
  const words = new Uint32Array(4);
  philox(counter, key, words);
  return Array.from(words, (word) => word.toString(16).padStart(8, "0")).join(" ");
}

const ALL = 0xffffffff;

it("gives the known answers of Random123 (tests/kat_vectors, philox4x32 10)", () => {
  expect(wordsOf([0, 0, 0, 0], [0, 0])).toBe("6627e8d5 e169c58d bc57ac4c 9b00dbd8");
  expect(wordsOf([ALL, ALL, ALL, ALL], [ALL, ALL])).toBe("408f276d 41c83b0e a20bc7c6 6d5451fd");
  const digitsOfPi = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const;
  expect(wordsOf(digitsOfPi, [0xa4093822, 0x299f31d0])).toBe("d16cfe09 94fdcceb 5001e420 24126ea1");
});

it("multiplies as whole numbers do", () => {
  const word = fc.nat({ max: ALL });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(BigInt(multiplyHigh(a, b))).toBe((BigInt(a) * BigInt(b)) >> 32n);
    }),
  );
});
