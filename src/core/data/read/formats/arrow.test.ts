import { Float64, Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrow } from "./arrow";
import { readTable, tableFile, WRITTEN } from "./columns.testing";
import { asFile, expectBytesAreSurvived, readFile } from "./reading.testing";

describe("arrow", () => {
  it.each(["plain.arrow", "plain.arrows", "lz4.arrow", "zstd.arrow", "default.feather"])(
    "reads what pyarrow writes into %s",
    async (name) => {
      const { points, facts } = await readTable(arrow, name);
      expect(points).toEqual(WRITTEN);
      expect(facts).toMatchObject({ format: "arrow", rows: 300, times: "text" });
    },
  );

  it("asks for the zone of clocks that do not tell theirs", async () => {
    const { points } = await readTable(arrow, "naive.arrow", { zone: "+09:00" });
    expect(points[0]![1]).toBe(WRITTEN[0]![1] - 9 * 3600e3);
  });

  it("shows columns, rows and points", async () => {
    const { columns, rows, points } = await arrow.preview(tableFile("lz4.arrow"), {});
    expect(columns).toEqual(["noise", "user", "time", "lat", "lng"]);
    expect(rows[0]).toEqual(["00000000", "user 0", "2012-04-03T12:00:00.000Z", "35.5", "139.5"]);
    expect(points.length).toBe(300);
  });

  it("gives back what was written, as a file and as a stream", async () => {
    const row = fc.record({
      user: fc.string({ minLength: 1 }).filter((text) => text.trim() === text),
      timeMs: fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2190, 0) }),
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      lng: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    const kind = fc.constantFrom("file" as const, "stream" as const);
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), kind, async (rows, kind) => {
        const table = new Table({
          lat: vectorFromArray(
            rows.map(({ lat }) => lat),
            new Float64(),
          ),
          device: vectorFromArray(
            rows.map(({ user }) => user),
            new Utf8(),
          ),
          t: vectorFromArray(
            rows.map(({ timeMs }) => timeMs),
            new Float64(),
          ),
          lon: vectorFromArray(
            rows.map(({ lng }) => lng),
            new Float64(),
          ),
        });
        const file = asFile("x.arrow", tableToIPC(table, kind));
        const { points } = await readFile(arrow, file, { timeUnit: "milliseconds" });
        expect(points).toEqual(rows.map(({ user, timeMs, lat, lng }) => [user, timeMs, lat, lng]));
      }),
      { numRuns: 40 },
    );
  });

  it("survives any bytes, and any cut", async () => {
    const good = new Uint8Array(await tableFile("lz4.arrow").blob.arrayBuffer());
    await expectBytesAreSurvived(arrow, "x.arrow", good);
    for (let length = 0; length < good.length; length += 211) {
      const cut = asFile("x.arrow", good.subarray(0, length));
      const { points } = await readFile(arrow, cut).catch((error: Error) => {
        expect(error.name).toBe("FootfallError");
        return { points: [] };
      });
      expect(WRITTEN.slice(0, points.length)).toEqual(points);
    }
  });
});
