import { describe, expect, test } from "vitest";
import { readPointShards, writePointShards, writePointUsers } from "./point-shards";
import type { PointWindowRules } from "./point-windows";
import { PointWindowBuilder, RAW_WINDOWS, takeWindows } from "./point-windows";
import { runSlices } from "./slices";

const MINUTE = 60_000;
/** Two people: minutes of their points, and longitudes that say which point it is. */
const POINTS = {
  users: ["a", "b"],
  user: Uint32Array.of(0, 0, 0, 1, 1),
  timeMs: Float64Array.of(0, 20, 61, 30, 3000).map((minute) => minute * MINUTE),
  lng: Float64Array.of(1, 2, 4, 8, 9),
  lat: Float64Array.of(10, 20, 40, 80, 80),
};

function build(rules: Partial<PointWindowRules>) {
  const builder = new PointWindowBuilder({ ...RAW_WINDOWS, minPoints: 1, ...rules });
  runSlices(builder.add(POINTS));
  return builder.build();
}
const lngs = (places: Float32Array): number[] => [...places].filter((_, n) => n % 2 === 0);

describe("windows of points", () => {
  test("hold the last place, end where nothing is known for too long, and count what was filled", () => {
    const { windows, facts } = build({ maxGapMin: 60 });
    expect([...windows.offsets]).toEqual([0, 6, 11, 12]);
    expect([...windows.user]).toEqual([0, 1, 1]);
    expect([...windows.moments]).toEqual([0, 1, 2, 3, 4, 5, 2, 3, 4, 5, 6, 200]);
    // a: points at 0, 20 and 61 minutes; b: at 30, held for an hour, and at 3000
    expect(lngs(windows.places)).toEqual([1, 1, 2, 2, 2, 4, 8, 8, 8, 8, 8, 9]);
    expect(facts).toEqual({ points: 5, moments: 12, filled: 7, short: 0 });
  });

  test("lie on the straight line, or are left out", () => {
    const linear = build({ fill: "linear", maxGapMin: 60 }).windows;
    expect(linear.places[2]).toBeCloseTo(1.75); // 15 of 20 minutes from 1 to 2
    expect(linear.places[3]).toBeCloseTo(17.5);
    const dropped = build({ fill: "drop" }).windows;
    expect([...dropped.offsets]).toEqual([0, 3, 5]);
    expect([...dropped.moments]).toEqual([0, 2, 5, 2, 200]);
  });

  test("are cut at the length and left out where they are short", () => {
    const { windows, facts } = build({ maxGapMin: 60, length: 4, minPoints: 3 });
    expect([...windows.offsets]).toEqual([0, 4, 8]);
    expect(facts).toEqual({ points: 5, moments: 8, filled: 5, short: 3 });
  });

  test("come back from their files, in several batches too", async () => {
    const { windows } = build({ maxGapMin: 60 });
    const files = new Map<string, Uint8Array>([writePointUsers(windows)]);
    const write = async (path: string, bytes: Uint8Array): Promise<void> =>
      void files.set(path, bytes);
    const names = await writePointShards(windows, "train", write);
    expect(names).toEqual(["train-00000"]);
    const read = async (path: string): Promise<Uint8Array | undefined> => files.get(path);
    expect(await readPointShards(read, names)).toEqual(windows);
    const twice = await readPointShards(read, [...names, ...names]);
    expect(takeWindows(twice, [3, 4, 5])).toEqual(windows);
    files.set("points/train-00000.user.npy", files.get("points/train-00000.offsets.npy")!);
    await expect(readPointShards(read, names)).rejects.toThrow("do not fit");
    files.delete("points/train-00000.places.npy");
    await expect(readPointShards(read, names)).rejects.toThrow("places.npy is missing");
  });
});
