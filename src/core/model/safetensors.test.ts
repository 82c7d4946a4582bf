import fc from "fast-check";
import { expect, test } from "vitest";
import { bfloatsToFloats, floatToHalf, halfToFloat } from "./half";
import type { HostTensors } from "./safetensors";
import { readSafetensors, writeSafetensors } from "./safetensors";

const floats = fc.float32Array({ noNaN: true, minLength: 1, maxLength: 12 });

function toTensors(values: Float32Array[]): HostTensors {
  return new Map(values.map((data, n) => [`layer.${n}`, { shape: [data.length], values: data }]));
}

test("full precision comes back bit by bit", () => {
  fc.assert(
    fc.property(fc.array(floats, { maxLength: 5 }), (values) => {
      const tensors = toTensors(values);
      expect(readSafetensors(writeSafetensors(tensors, "F32"))).toEqual(tensors);
    }),
  );
});

test("half precision comes back as the nearest half, and then as itself", () => {
  fc.assert(
    fc.property(floats, (values) => {
      const once = readSafetensors(writeSafetensors(toTensors([values]), "F16"));
      values.forEach((value, n) => {
        const half = once.get("layer.0")!.values[n]!;
        if (Math.abs(value) > 65_519) expect(Math.abs(half)).toBe(Infinity);
        else
          expect(Math.abs(half - value)).toBeLessThanOrEqual(
            Math.max(2 ** -25, Math.abs(value) * 2 ** -11),
          );
      });
      expect(readSafetensors(writeSafetensors(once, "F16"))).toEqual(once);
    }),
  );
});

test("every half is its own nearest half", () => {
  const isNaN = (half: number): boolean => (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0;
  const halves = Array.from({ length: 65_536 }, (_, half) => half);
  const changed = halves.filter((half) => !isNaN(half) && floatToHalf(halfToFloat(half)) !== half);
  expect(changed).toEqual([]);
});

test("ties go to the even half, as IEEE 754 says", () => {
  expect(floatToHalf(1 + 2 ** -11)).toBe(0x3c00); // between 1 and the next, the even one is 1
  expect(floatToHalf(1 + 3 * 2 ** -11)).toBe(0x3c02);
  expect(floatToHalf(2047.5)).toBe(floatToHalf(2048));
});

test("bfloat16 is the upper half of a float", () => {
  expect([...bfloatsToFloats(Uint16Array.of(0x3f80, 0xc049, 0x0000))]).toEqual([1, -3.140625, 0]);
});

test("tensors of other types are left out, broken entries refused", () => {
  const file = (header: object): Uint8Array => {
    const json = new TextEncoder().encode(JSON.stringify(header));
    return Uint8Array.from([json.length, ...Array(7).fill(0), ...json, 0, 0, 0, 0, 0, 0, 0, 0]);
  };
  const ids = { ids: { dtype: "I64", shape: [1], data_offsets: [0, 8] } };
  expect(readSafetensors(file(ids)).size).toBe(0);
  const long = { x: { dtype: "F32", shape: [3], data_offsets: [0, 12] } };
  expect(() => readSafetensors(file(long))).toThrow('"x": expected 12 bytes');
  expect(() => readSafetensors(file({ x: { dtype: "F32" } }))).toThrow("lacks dtype");
  expect(() => readSafetensors(Uint8Array.of(1, 2))).toThrow("2 bytes are no safetensors file");
});
