import { describe, expect, it } from "vitest";
import { checkPages } from "./parquet-pages";

/** A whole number as Thrift's compact protocol writes it. */
function integer(value: number): number[] {
  const bytes: number[] = [];
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

interface Page {
  packedBytes: number;
  values: number;
}

/** Header and content of a data page: type, sizes, and a header of its own with a text to be passed over. */
function page({ packedBytes, values }: Page): number[] {
  const statistics = [0x18, 2, 7, 7, 0];
  const own = [0x15, ...integer(values), 0x15, 0, 0x15, 6, 0x15, 6, 0x1c, ...statistics, 0];
  const header = [0x15, 0, 0x15, ...integer(9), 0x15, ...integer(packedBytes), 0x2c, ...own, 0];
  return [...header, ...Array.from({ length: Math.max(0, Math.min(99, packedBytes)) }, () => 1)];
}

const check = (pages: readonly Page[], values: number) =>
  checkPages(Uint8Array.from(pages.flatMap(page)), values);

describe("checkPages", () => {
  it("accepts pages that fill their column", () => {
    const sound = { packedBytes: 40, values: 100 };
    expect(() => check([sound, sound], 200)).not.toThrow();
  });

  it.each([
    ["more values than its column", { packedBytes: 40, values: 2 ** 31 }],
    ["fewer than none", { packedBytes: 40, values: -1 }],
    ["more bytes than its column", { packedBytes: 4000, values: 100 }],
    ["a negative size", { packedBytes: -40, values: 100 }],
  ])("refuses a page with %s", (_, broken) => {
    expect(() => check([broken], 200)).toThrow("a page has a damaged header");
  });
});
