import { existsSync, openAsBlob } from "node:fs";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { FootfallError } from "../../../errors";
import { readTable, tableFile, WRITTEN } from "./columns.testing";
import { parquet } from "./parquet";
import { asFile, readFile } from "./reading.testing";

const AIRPORTS = "../shared/data/readers/airports.geoparquet";

describe("parquet", () => {
  it.each(["none", "snappy", "gzip", "brotli", "zstd", "lz4"])(
    "reads what pyarrow writes with %s",
    async (codec) => {
      const { points, facts, lines } = await readTable(parquet, `${codec}.parquet`);
      expect(points).toEqual(WRITTEN);
      expect(lines.at(-1)).toBe(300);
      expect(facts).toMatchObject({ format: "parquet", rows: 300, columns: { time: "time" } });
    },
  );

  it("reads structs, dictionaries and Unix microseconds, and only the pages that are needed", async () => {
    const { points, facts } = await readTable(parquet, "coded.parquet");
    expect(points.map(([user]) => user)).toEqual(WRITTEN.map(([user]) => user));
    expect(points.map(([, , lat, lng]) => [lat, lng])).toEqual(
      WRITTEN.map(([, , lat, lng]) => [lat, lng]),
    );
    const far = points.filter(([, timeMs], i) => Math.abs(timeMs - WRITTEN[i]![1]) > 1);
    expect(far).toEqual([]);
    expect(facts.columns).toEqual({
      user: "id",
      time: "epoch",
      lat: "location.lat",
      lng: "location.lon",
    });
  });

  it.each(["wkb", "point"])("reads GeoParquet with points as %s", async (encoding) => {
    const { points, facts } = await readTable(parquet, `${encoding}.parquet`);
    expect(points).toEqual(WRITTEN);
    expect(facts.columns).toMatchObject({ lat: "geometry", lng: "geometry" });
  });

  it("asks for the zone of clocks that do not tell theirs", async () => {
    const { points, offsets } = await readTable(parquet, "naive.parquet", { zone: "Asia/Tokyo" });
    expect(points[0]![1]).toBe(WRITTEN[0]![1] - 9 * 3600e3);
    expect([...offsets]).toEqual([540]);
    const { zone, warnings } = await parquet.preview(tableFile("naive.parquet"), {});
    expect(zone?.why).toBe("the times do not tell theirs");
    expect(warnings[0]).toContain("the places lie around 139°");
  });

  it("shows rows, columns and points before anything is read whole", async () => {
    const { columns, rows, points, format } = await parquet.preview(tableFile("wkb.parquet"), {});
    expect(columns).toEqual(["user", "time", "geometry"]);
    expect(rows[1]!.slice(0, 2)).toEqual(["user 1", "2012-04-03T12:01:01.000Z"]);
    expect(points[0]).toMatchObject({ user: "user 0", lat: 35.5, lng: 139.5 });
    expect(format.why).toBe("Parquet with GeoParquet's metadata");
  });

  it("refuses coordinates that are no degrees, by their name", async () => {
    await expect(readTable(parquet, "mercator.parquet")).rejects.toThrow(
      "mercator.parquet has its points in EPSG:3857 (WGS 84 / Pseudo-Mercator); expected degrees (WGS 84): reproject the file first",
    );
  });

  it("refuses a codec that nothing undoes, by its name", async () => {
    const columnData = [
      { name: "user", data: ["a"], type: "STRING" as const },
      { name: "time", data: [1333454400], type: "INT32" as const },
      { name: "lat", data: [35], type: "DOUBLE" as const },
      { name: "lng", data: [139], type: "DOUBLE" as const },
    ];
    const compressors = { LZO: (bytes: Uint8Array) => bytes };
    const bytes = parquetWriteBuffer({ columnData, codec: "LZO", compressors });
    await expect(readFile(parquet, asFile("x.parquet", new Uint8Array(bytes)))).rejects.toThrow(
      "x.parquet is compressed with LZO; expected SNAPPY, GZIP, BROTLI, ZSTD, LZ4 or none: write it again with one of these",
    );
  });

  it("gives back what was written", async () => {
    const row = fc.record({
      user: fc.string({ minLength: 1 }).filter((text) => text.trim() === text),
      timeMs: fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2190, 0) }),
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      lng: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    const size = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 90 }),
        size,
        async (rows, group) => {
          const columnData = [
            { name: "lng", data: rows.map(({ lng }) => lng), type: "DOUBLE" as const },
            { name: "uid", data: rows.map(({ user }) => user), type: "STRING" as const },
            { name: "ts", data: rows.map(({ timeMs }) => BigInt(timeMs)), type: "INT64" as const },
            { name: "lat", data: rows.map(({ lat }) => lat), type: "DOUBLE" as const },
          ];
          const bytes = parquetWriteBuffer({ columnData, rowGroupSize: [group] });
          const file = asFile("x.parquet", new Uint8Array(bytes));
          const { points } = await readFile(parquet, file, { timeUnit: "milliseconds" });
          expect(points).toEqual(
            rows.map(({ user, timeMs, lat, lng }) => [user, timeMs, lat, lng]),
          );
        },
      ),
    );
  });

  it("survives random bytes, a footer with any bytes, and any cut", async () => {
    const good = new Uint8Array(await tableFile("snappy.parquet").blob.arrayBuffer());
    const footerBytes = new DataView(good.buffer).getUint32(good.length - 8, true) + 8;
    const change = fc.tuple(fc.nat(footerBytes - 1), fc.nat(255));
    const changed = fc.array(change, { minLength: 1, maxLength: 10 }).map((changes) => {
      const bytes = good.slice();
      for (const [fromEnd, byte] of changes) bytes[bytes.length - 1 - fromEnd] = byte;
      return bytes;
    });
    const check = async (bytes: Uint8Array) => {
      const refuse = (error: unknown) => expect(error).toBeInstanceOf(FootfallError);
      await readFile(parquet, asFile("x.parquet", bytes)).catch(refuse);
      await parquet.preview(asFile("x.parquet", bytes), {}).catch(refuse);
    };
    await fc.assert(fc.asyncProperty(fc.oneof(changed, fc.uint8Array({ maxLength: 500 })), check));
    for (let length = 0; length < good.length; length += 97) {
      const cut = asFile("x.parquet", good.subarray(0, length));
      await expect(readFile(parquet, cut)).rejects.toThrow(/^x.parquet cannot be read as Parquet/);
    }
    await expect(readFile(parquet, asFile("x.parquet", good.subarray(0, 500)))).rejects.toThrow(
      "x.parquet cannot be read as Parquet: its end is missing, so the file was cut",
    );
  });

  it.skipIf(!existsSync(AIRPORTS))(
    "places airports, who are no users (needs ../shared/data)",
    async () => {
      const file = { path: "airports.geoparquet", blob: await openAsBlob(AIRPORTS) };
      const { roles, warnings } = await parquet.preview(file, {});
      expect(roles?.lat?.why).toBe("the file's column of points");
      expect(warnings[0]).toMatch(/^airports.geoparquet has no column for the (user|time)/);
    },
  );
});
