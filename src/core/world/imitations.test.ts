import { describe, expect, it } from "vitest";
import { asFile } from "../data/read/formats/reading.testing";
import { importPoints } from "../data/read/import-points";
import type { PointSink } from "../data/read/source";
import { haversineKm } from "../geo/cells";
import { finish } from "../pace";
import { IMITATIONS, imitateFile, type Imitation } from "./imitations";

/** The points of an imitation by mover, as the import reads its columns. */
async function read(kind: Imitation, seed = 123) {
  const tracks = new Map<string, { ms: number; lat: number; lng: number }[]>();
  const rejected: string[] = [];
  const sink: PointSink = {
    beginFile: () => undefined,
    add: ({ user, timeMs, lat, lng }) => {
      if (user === "") return void rejected.push("no user");
      if (!tracks.has(user)) tracks.set(user, []);
      tracks.get(user)!.push({ ms: timeMs, lat, lng });
    },
    reject: (reason) => void rejected.push(reason),
    label: () => undefined,
  };
  await finish(importPoints([asFile(`${kind}.csv`, imitateFile(kind, seed))], {}, sink));
  return { tracks: [...tracks.values()], rejected };
}

describe("imitated tracks", () => {
  it("are the same for the same seed, and say in every row that they are none", () => {
    const storms = imitateFile("storms", 7);
    expect(imitateFile("storms", 7)).toBe(storms);
    expect(imitateFile("storms", 8)).not.toBe(storms);
    for (const kind of IMITATIONS) {
      const text = imitateFile(kind, 7);
      const rows = text
        .trimEnd()
        .split("\n")
        .slice(kind === "storms" ? 2 : 1);
      expect(rows.every((row) => /imitation/i.test(row))).toBe(true);
    }
  });

  it("of animals have Movebank's columns; half of them stay in a home range, half go south", async () => {
    const { tracks, rejected } = await read("animals");
    expect([tracks.length, rejected]).toEqual([80, []]);
    const reachKm = tracks.map((track) => {
      const [first, last] = [track[0]!, track.at(-1)!];
      return haversineKm(first.lat, first.lng, last.lat, last.lng);
    });
    expect(reachKm.filter((km) => km < 40)).toHaveLength(40);
    expect(reachKm.filter((km) => km > 3000)).toHaveLength(40);
    expect(tracks[0]![1]!.ms - tracks[0]![0]!.ms).toBe(6 * 3_600_000);
  });

  it("of storms have IBTrACS's columns, whose row of units is counted as no point; they turn to the north-east", async () => {
    const { tracks, rejected } = await read("storms");
    expect([tracks.length, rejected]).toEqual([360, ["no user"]]);
    for (const track of tracks) {
      expect(track.length).toBeGreaterThan(10);
      expect(track.every(({ lat }) => lat > 5 && lat < 55)).toBe(true);
      const apart = track
        .slice(1)
        .map((at, i) => haversineKm(at.lat, at.lng, track[i]!.lat, track[i]!.lng));
      expect(Math.max(...apart)).toBeLessThan(60 * 3); // no storm goes faster than 60 km an hour
    }
    const far = tracks.filter((track) => track.at(-1)!.lat > 38);
    expect(far.length).toBeGreaterThan(30);
    for (const track of far) expect(track.at(-1)!.lng).toBeGreaterThan(track.at(-8)!.lng);
    expect(tracks.every((track) => track[4]!.lng < track[0]!.lng)).toBe(true); // first with the trades
  });
});
