import fc from "fast-check";
import { compressors } from "hyparquet-compressors";
import { describe, expect, it } from "vitest";
import { checkSharedTexts } from "./parquet-deltas";
import type { ParquetLeaf } from "./parquet-leaves";
import { checkPages } from "./parquet-pages";
import { checkRuns } from "./parquet-runs";

/** A whole number as Thrift's compact protocol writes it. */
function integer(value: number): number[] {
  return plainInteger(value < 0 ? -2 * value - 1 : 2 * value);
}

/** The same without a sign. */
function plainInteger(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

interface Page {
  content: readonly number[];
  values: number;
  encoding?: number;
  /** What the header says, where that is not so. */
  packedBytes?: number;
}

/** A data page: type, sizes, a header of its own with a text to be passed over, and its content. */
function page({ content, values, encoding = 0, packedBytes = content.length }: Page): number[] {
  const statistics = [0x18, 2, 7, 7, 0];
  const numbers = [values, encoding, 3, 3].flatMap((value) => [0x15, ...integer(value)]);
  const own = [...numbers, 0x1c, ...statistics, 0];
  const sizes = [0, packedBytes, packedBytes].flatMap((value) => [0x15, ...integer(value)]);
  return [...sizes, 0x2c, ...own, 0, ...content];
}

const leaf = (type: "INT32" | "BYTE_ARRAY", isOptional = false): ParquetLeaf => ({
  path: "x",
  element: { name: "x", type, repetition_type: isOptional ? "OPTIONAL" : "REQUIRED" },
  maxDefinition: isOptional ? 1 : 0,
  maxRepetition: 0,
});

const check = (pages: readonly Page[], values: number, own = leaf("INT32")) =>
  checkPages(Uint8Array.from(pages.flatMap(page)), {
    leaf: own,
    column: { codec: "UNCOMPRESSED", num_values: BigInt(values) },
    compressors,
  });

/** Values of four bytes each. */
const plain = (values: number): Page => ({
  content: Array.from({ length: 4 * values }, () => 1),
  values,
});

describe("checkPages", () => {
  it("accepts pages that fill their column", () => {
    expect(check([plain(10), plain(9)], 19).map(({ values }) => values)).toEqual([10, 9]);
  });

  it.each<[string, Page]>([
    ["more values than its column", { ...plain(10), values: 2 ** 31 - 1 }],
    ["fewer than none", { ...plain(10), values: -1 }],
    ["more bytes than its column", { ...plain(10), packedBytes: 4000 }],
    ["a negative size", { ...plain(10), packedBytes: -40 }],
    ["more values than bytes", { ...plain(10), values: 19 }],
    ["too few values", { ...plain(10), values: 3 }],
  ])("refuses a page with %s", (_, broken) => {
    expect(() => check([broken], 19)).toThrow("a page is damaged");
  });

  it("refuses runs that are longer than the page, and takes those that fill it", () => {
    const indices = (run: number): Page => ({
      content: [1, ...plainInteger(run * 2), 1],
      values: 8,
      encoding: 8,
    });
    expect(() => check([indices(8)], 8)).not.toThrow();
    expect(() => check([indices(9)], 8)).toThrow("a page is damaged");
    expect(() => check([indices(2 ** 30)], 8)).toThrow("a page is damaged");
  });

  it("counts the missing values by their levels, in runs and in bits", () => {
    const four = Array.from({ length: 16 }, () => 1);
    const withLevels = (levels: number[]): Page => ({
      content: [levels.length, 0, 0, 0, ...levels, ...four],
      values: 8,
    });
    const optional = leaf("INT32", true);
    const inBits = withLevels([3, 0b0101_0101]);
    const inRuns = withLevels([8, 1, 8, 0]);
    for (const one of [inBits, inRuns]) expect(() => check([one], 8, optional)).not.toThrow();
    const fiveThere = withLevels([3, 0b0101_0111]);
    expect(() => check([fiveThere], 8, optional)).toThrow("a page is damaged");
    const isLong = withLevels([...plainInteger(2 ** 30), 1]);
    expect(() => check([isLong], 8, optional)).toThrow("a page is damaged");
  });
});

describe("checkRuns", () => {
  it("ends on any bytes", () => {
    const bits = fc.integer({ min: 0, max: 32 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bits, fc.nat(3000), (bytes, width, count) => {
        const runs = { bytes, from: 0, end: bytes.length, width, count };
        try {
          expect(checkRuns(runs, 1)).toBeLessThanOrEqual(count);
        } catch (error) {
          expect(String(error)).toBe("Error: a page is damaged");
        }
      }),
    );
  });
});

describe("checkSharedTexts", () => {
  /** Lengths as differences of 8 bits in one block of 128. */
  function lengths(values: readonly number[]): number[] {
    const [first = 0, ...rest] = values;
    const steps = rest.map((value, i) => value - values[i]!);
    const least = Math.min(0, ...steps);
    const head = [128, 1, 1, ...plainInteger(values.length), ...integer(first)];
    const body = Array.from({ length: 128 }, (_, i) => (steps[i] ?? least) - least);
    return rest.length === 0 ? head : [...head, ...integer(least), 8, ...body];
  }
  const checkTexts = (shared: number[], own: number[], mostBytes = 1e6) => {
    const texts = Array.from({ length: own.reduce((sum, n) => sum + n, 0) }, () => 65);
    const bytes = Uint8Array.from([...lengths(shared), ...lengths(own), ...texts]);
    checkSharedTexts(bytes, 0, { count: own.length, mostBytes });
  };

  it("takes texts that begin as the one before", () => {
    const texts = fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(texts, (pairs) => {
        let before = 0;
        const shared = pairs.map(([wanted, own]) => {
          const taken = Math.min(wanted, before);
          before = taken + own;
          return taken;
        });
        const own = pairs.map(([, length]) => length);
        expect(() => checkTexts(shared, own)).not.toThrow();
      }),
    );
  });

  it("refuses a text that shares more than there was, and more text than can be held", () => {
    expect(() => checkTexts([0, 3], [3, 1])).not.toThrow();
    expect(() => checkTexts([0, 4], [3, 1])).toThrow("a page is damaged");
    expect(() => checkTexts([1], [3])).toThrow("a page is damaged");
    expect(() => checkTexts([0, 50, 50], [50, 0, 0], 149)).toThrow("a page is damaged");
  });
});
