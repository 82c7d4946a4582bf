import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandArchives } from "../../archive/archive";
import { writeNpy } from "../../columnar/npy";
import { asFile, expectBytesAreSurvived, readFile } from "./reading.testing";
import { rawArrays } from "./raw-arrays";

/** As np.save writes Python's whole numbers: 64 bits. */
function writeIds(ids: readonly bigint[]): Uint8Array {
  const npy = writeNpy(new Float64Array(ids.length));
  const header = new TextDecoder("latin1").decode(npy.subarray(0, npy.length - 8 * ids.length));
  const values = new Uint8Array(BigInt64Array.from(ids).buffer);
  const bytes = Array.from(header.replace("<f8", "<i8"), (mark) => mark.charCodeAt(0));
  return Uint8Array.from([...bytes, ...values]);
}

function pair(data: Uint8Array, ids: Uint8Array) {
  return { ...asFile("raw/data_0.npy", data), companion: asFile("raw/uid_0.npy", ids) };
}

const values = Float32Array.of(-1, -1, 1, 1, 0.25, -0.5, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
const data = writeNpy(values, [2, 3, 2]);
const START_MS = Date.UTC(2000, 11, 31, 16); // midnight in Beijing
const QUARTER_MS = 900_000;

describe("raw-arrays", () => {
  it("turns -1 to 1 into the degrees of the authors' box, 15 minutes a point", async () => {
    const { points, lines, offsets, facts } = await readFile(
      rawArrays,
      pair(data, writeIds([7n, 2n ** 53n + 1n])),
    );
    // NumPy 1.24, in double precision: lng = x * ((117.508217 - 115.416827) / 2)
    // + ((117.508217 + 115.416827) / 2), lat likewise with 39.442078 and 41.058964
    const expected = [
      [39.44207800000001, 115.41682700000001],
      [41.058964, 117.508217],
      [39.84629950000001, 116.72394575000001],
      [40.412209602409355, 116.56709150155821],
      [40.573898204818704, 116.77623051246566],
      [40.735586819274786, 116.9853695],
    ];
    expect(points.map(([, , lat, lng]) => [lat, lng])).toEqual(expected);
    expect(points.map(([user]) => user)).toEqual([
      "7",
      "7",
      "7",
      "9007199254740993",
      "9007199254740993",
      "9007199254740993",
    ]);
    expect(points.map(([, timeMs]) => (timeMs - START_MS) / QUARTER_MS)).toEqual([
      0, 1, 2, 0, 1, 2,
    ]);
    expect(lines).toEqual([1, 1, 1, 2, 2, 2]);
    expect([...offsets]).toEqual([480]);
    expect(facts).toMatchObject({ format: "raw-arrays", rows: 6 });
  });

  it("lets a user's second row begin where the first one ended", async () => {
    const { points } = await readFile(rawArrays, pair(data, writeIds([7n, 7n])));
    expect(points.map(([, timeMs]) => (timeMs - START_MS) / QUARTER_MS)).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
  });

  it("takes another box, zone and start, and reports values that are not normalised", async () => {
    const degrees = writeNpy(Float64Array.of(116, 40, 0, 0), [1, 2, 2]);
    const options = {
      box: [10, 20, 30, 40],
      zone: "UTC",
      timeOriginMs: Date.UTC(2023, 2, 1),
    } as const;
    const { points, rejected } = await readFile(rawArrays, pair(degrees, writeIds([1n])), options);
    expect(points).toEqual([["1", Date.UTC(2023, 2, 1) + QUARTER_MS, 20, 30]]);
    expect(rejected).toEqual([["a value outside -1 to 1: the array is not normalised", 1]]);
  });

  it("comes as a pair out of a dropped folder", async () => {
    const ids = asFile("raw/uid_0.npy", writeIds([1n, 2n]));
    for await (const file of expandArchives([asFile("raw/data_0.npy", data), ids])) {
      expect((await readFile(rawArrays, file)).points).toHaveLength(6);
    }
  });

  it("says loudly in the preview what is not true", async () => {
    const preview = await rawArrays.preview(pair(data, writeIds([1n, 2n])), {});
    expect(preview.points).toHaveLength(3);
    expect(preview.warnings[0]).toMatch(/39.442078 to 41.058964.*Beijing/);
    expect(preview.warnings[1]).toMatch(/^Not the true days/);
  });

  it("is known by its shape", () => {
    expect(rawArrays.matches("a.npy", data)).toBe(true);
    expect(rawArrays.matches("a.npy", writeNpy(values, [6, 2]))).toBe(false);
    expect(rawArrays.matches("a.npy", writeNpy(Uint8Array.of(1, 2), [1, 1, 2]))).toBe(false);
  });

  it("refuses what does not fit together, naming the file", async () => {
    const read = (first: Uint8Array, second: Uint8Array) =>
      readFile(rawArrays, pair(first, second));
    await expect(readFile(rawArrays, asFile("data.npy", data))).rejects.toThrow(
      /data.npy needs the array of its users/,
    );
    await expect(read(data, writeIds([1n]))).rejects.toThrow(
      /uid_0.npy .* expected 2 user numbers/,
    );
    await expect(read(writeNpy(values), writeIds([1n]))).rejects.toThrow(/shape \(N, L, 2\)/);
    await expect(read(data.subarray(0, -1), writeIds([1n, 2n]))).rejects.toThrow(
      /data_0.npy is cut/,
    );
    await expect(read(data, writeIds([1n, 2n]).subarray(0, -1))).rejects.toThrow(
      /uid_0.npy is cut/,
    );
    await expect(read(Uint8Array.of(1), writeIds([]))).rejects.toThrow(
      /data_0.npy is not a NumPy file/,
    );
  });

  it("reads what was written, and survives any bytes", async () => {
    const degree = fc.double({ min: -1, max: 1, noNaN: true });
    const row = fc.tuple(
      fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
      fc.array(degree, { minLength: 4, maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        const all = Float64Array.from(rows.flatMap(([, places]) => places));
        const file = pair(writeNpy(all, [rows.length, 2, 2]), writeIds(rows.map(([id]) => id)));
        const { points } = await readFile(rawArrays, file, { box: [-1, -1, 1, 1] });
        expect(points.map(([user]) => user)).toEqual(rows.flatMap(([id]) => [`${id}`, `${id}`]));
        expect(points.flatMap(([, , lat, lng]) => [lng, lat])).toEqual(
          Array.from(all, (x) => x + 0),
        );
      }),
    );
    const { companion } = pair(data, writeIds([1n, 2n]));
    await expectBytesAreSurvived(rawArrays, "data.npy", data, companion);
  });
});
