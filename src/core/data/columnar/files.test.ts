import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { finish } from "../../pace";
import { findCheckIns } from "../check-ins";
import { A, B, C, pointsOf } from "../fixtures.testing";
import { readNpy, writeNpy, type NpyValues } from "./npy";
import { anonymousNames } from "../points";
import { readCheckIns, readTrajectories } from "./read-tables";
import { checkInColumns, trajectoryColumns } from "./tables";
import { findTrajectories } from "../trajectories";

describe("npy", () => {
  const column: fc.Arbitrary<NpyValues> = fc.oneof(
    fc.float32Array({ noNaN: true }),
    fc.float64Array({ noNaN: true }),
    fc.uint8Array(),
    fc.uint16Array(),
    fc.uint32Array(),
    fc.int32Array(),
  );

  it("comes back with its type and shape, and starts its data at a multiple of 64", () => {
    fc.assert(
      fc.property(column, (values) => {
        const bytes = writeNpy(values, [1, values.length]);
        expect((bytes.length - values.byteLength) % 64).toBe(0);
        expect(readNpy(bytes)).toEqual({ shape: [1, values.length], values });
      }),
    );
  });

  it("reads what NumPy wrote", () => {
    // numpy 2.4: np.save(file, np.array([[1, 2], [3, 515]], dtype="uint16"))
    const header = "{'descr': '<u2', 'fortran_order': False, 'shape': (2, 2), }";
    const text = `\x93NUMPY\x01\x00\x76\x00${header.padEnd(117)}\n`;
    const bytes = Uint8Array.from(`${text}\x01\x00\x02\x00\x03\x00\x03\x02`, (c) =>
      c.charCodeAt(0),
    );
    expect(readNpy(bytes)).toEqual({ shape: [2, 2], values: Uint16Array.of(1, 2, 3, 515) });
    expect(writeNpy(Uint16Array.of(1, 2, 3, 515), [2, 2])).toEqual(bytes);
  });

  it("refuses other bytes, other types and cut files", () => {
    expect(() => readNpy(Uint8Array.of(1, 2, 3))).toThrow(/not a NumPy file/);
    const bytes = writeNpy(Uint16Array.of(1, 2, 3));
    expect(() => readNpy(bytes.subarray(0, bytes.length - 1))).toThrow(/needs 6 bytes of data, 5/);
    const other = new TextDecoder("latin1").decode(bytes).replace("<u2", ">u2");
    expect(() => readNpy(Uint8Array.from(other, (c) => c.charCodeAt(0)))).toThrow(
      /expected C order/,
    );
  });
});

describe("tables", () => {
  const rows = [
    ...["short", "u", "v"].map((user) => [user, A, 0] as const),
    ...["u", "v"].flatMap((user) =>
      [A, B, C, B].map((cell, i) => [user, cell, 60 + i * 5] as const),
    ),
  ];
  const checkIns = findCheckIns(pointsOf(rows));
  const found = findTrajectories(checkIns, { minCheckIns: 3, minCells: 2, utcOffsetHours: 9 });
  const parts = Uint8Array.of(2, 0);
  const checkInFile = parquetWriteBuffer({ columnData: checkInColumns(checkIns) });
  const places = { firstCheckIn: found.firstCheckIn, parts };
  const trajectoryFile = parquetWriteBuffer({
    columnData: trajectoryColumns(found.trajectories, places),
  });

  it("reads all check-ins back", async () => {
    expect(await finish(readCheckIns(checkInFile))).toEqual(checkIns);
  });

  it("reads trajectories back with their part", async () => {
    const read = await finish(readTrajectories(checkInFile, trajectoryFile));
    expect(read.parts).toEqual(parts);
    const { checkIns: own, user, ...rest } = read.trajectories;
    const { checkIns: expected, user: expectedUser, ...others } = found.trajectories;
    expect(rest).toEqual(others);
    expect(own.startMs).toEqual(expected.startMs);
    expect(own.cells).toEqual(expected.cells);
    expect(Array.from(user, (u) => own.users[u])).toEqual(
      Array.from(expectedUser, (u) => expected.users[u]),
    );
  });

  it("reads row groups that end within a trajectory, and leaves out what belongs to none", async () => {
    const small = parquetWriteBuffer({ columnData: checkInColumns(checkIns), rowGroupSize: 3 });
    const { trajectories } = await finish(readTrajectories(small, trajectoryFile));
    const whole = await finish(readTrajectories(checkInFile, trajectoryFile));
    expect(trajectories).toEqual(whole.trajectories);
    expect(trajectories.checkIns.users).toEqual(["u", "v"]);
    expect(trajectories.checkIns.points).toEqual(found.trajectories.checkIns.points);
  });

  it.each([
    ["belong to another", Uint32Array.of(1, 2)],
    ["check-ins.parquet has", Uint32Array.of(1, 90)],
  ])("refuses trajectories whose check-ins %s", async (sentence, firstCheckIn) => {
    const columnData = trajectoryColumns(found.trajectories, { firstCheckIn, parts });
    const odd = parquetWriteBuffer({ columnData });
    await expect(finish(readTrajectories(checkInFile, odd))).rejects.toThrow(sentence);
  });

  it("says which file is broken", async () => {
    await expect(finish(readCheckIns(new ArrayBuffer(9)))).rejects.toThrow(
      /check-ins.parquet cannot be read/,
    );
    await expect(
      finish(readTrajectories(checkInFile.slice(0, 20), trajectoryFile)),
    ).rejects.toThrow(/check-ins.parquet cannot be read/);
  });
});

describe("anonymousNames", () => {
  it("gives each user another name, in no order", () => {
    const names = anonymousNames(50, 1);
    expect(new Set(names).size).toBe(50);
    expect([...names].sort()).not.toEqual(names);
    expect(names).toContain("u000050");
  });
});
