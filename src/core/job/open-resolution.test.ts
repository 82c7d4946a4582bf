import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cellToParent, isValidCell, latLngToCell } from "h3-js";
import { beforeAll, expect, test } from "vitest";
import { findCheckIns } from "../data/check-ins";
import { cellsOfTrajectory, findTrajectories, type Trajectories } from "../data/trajectories";
import { cellHash } from "../geo/cells";
import { finish } from "../pace";
import { simulateResidents } from "../world/residents";
import type { DatasetSpec } from "./dataset";
import { openDataset, type Dataset } from "./open-dataset";
import { openResolution, resolutionsOf, type Resampled } from "./open-resolution";
import type { Session } from "./session";

const PUBLIC = join(import.meta.dirname, "../../../public");
const COUNTRY: DatasetSpec = { source: "simulated", size: "small", seed: 123 };
const { signal } = new AbortController();
const session: Session = {
  readAsset: async (path) => new Uint8Array(await readFile(join(PUBLIC, path))),
  engine: () => Promise.reject(new Error("no engine is needed")),
  kept: new Map(),
};

let country: Dataset;
beforeAll(async () => {
  country = await finish(openDataset(COUNTRY, session, signal));
}, 60_000);

const open = (dataset: Dataset, resolution: number): Promise<Resampled> =>
  finish(openResolution(dataset, COUNTRY, { resolution }, session, signal));

const hashesOf = (trajectories: Trajectories, k: number): string[] =>
  Array.from(cellsOfTrajectory(trajectories, k), (n) => cellHash(trajectories.checkIns.cells, n));

/** Cells of points in turn, a run within ten minutes of its first point once: by h3-js alone. */
function runs(points: { hash: string; timeMs: number }[]): string[] {
  const found: { hash: string; timeMs: number }[] = [];
  for (const point of points) {
    const last = found.at(-1);
    const isSame = last?.hash === point.hash && point.timeMs - last.timeMs <= 600_000;
    if (!isSame) found.push(point);
  }
  return found.map(({ hash }) => hash);
}

test.each([6, 7, 9])(
  "at resolution %i the country's check-ins are h3-js's cells of its points",
  async (resolution) => {
    const { trajectories } = await open(country, resolution);
    const { users } = trajectories.checkIns;
    const [points] = simulateResidents(country.geography!, { seed: 123, from: 0, to: 40 });
    let compared = 0;
    for (let k = 0; k < 40; k++) {
      const user = points!.users.indexOf(users[trajectories.user[k]!]!);
      if (user < 0) continue;
      const own = Array.from(points!.user.keys())
        .filter((i) => points!.user[i] === user)
        .map((i) => ({
          hash: latLngToCell(points!.lat[i]!, points!.lng[i]!, resolution),
          timeMs: points!.timeMs[i]!,
        }));
      expect(hashesOf(trajectories, k)).toEqual(runs(own));
      compared++;
    }
    expect(compared).toBeGreaterThan(30);
  },
  60_000,
);

test("the area has the parents of the land at 7, all children at 9, and one child each is enough for digits", async () => {
  const land = Array.from(country.geography!.cells.hi, (_, n) =>
    cellHash(country.geography!.cells, n),
  );
  const coarse = await open(country, 7);
  const parents = new Set(land.map((hash) => cellToParent(hash, 7)));
  const strays = Array.from(coarse.cells.hi, (_, n) => cellHash(coarse.cells, n)).filter(
    (hash) => !parents.has(hash),
  );
  expect(coarse.areaCount).toBe(parents.size + strays.length);
  expect(strays.length).toBeLessThan(50);

  const fine = await open(country, 9);
  expect(fine.areaCount).toBeGreaterThanOrEqual(7 * land.length);
  expect(fine.areaCount).toBeLessThan(7 * land.length + 50);
  const all = fine.allCells();
  expect(all.hi.length).toBe(fine.areaCount);
  for (let n = 0; n < all.hi.length; n += 40_009) {
    const hash = cellHash(all, n);
    expect(isValidCell(hash)).toBe(true);
    if (n < 7 * land.length) expect(cellToParent(hash, 8)).toBe(land[Math.floor(n / 7)]);
  }
}, 60_000);

test("everybody stays in the same part at every resolution", async () => {
  const { trajectories, parts } = await open(country, 6);
  const own = country.trajectories;
  const partOf = new Map(
    Array.from(own.user, (u, k) => [own.checkIns.users[u]!, country.parts[k]!]),
  );
  trajectories.user.forEach((u, k) => {
    expect(parts[k]).toBe(partOf.get(trajectories.checkIns.users[u]!));
  });
}, 60_000);

test("a resolution that the data do not have is refused", async () => {
  expect(resolutionsOf(country)).toEqual([6, 7, 8, 9]);
  await expect(open(country, 10)).rejects.toMatchObject({
    code: "bad-input",
    message: expect.stringContaining("it has 6, 7, 8, 9") as string,
  });
});

/** Three people of a town: one far and wide, one who stays within a few cells, one nearly at home. */
function makeTown(): Dataset {
  const steps = 30;
  const reach = [0.05, 0.012, 0.004];
  const rows = Array.from({ length: reach.length * steps }, (_, i) => i);
  const points = {
    users: reach.map((_, user) => `u${user}`),
    user: Uint32Array.from(rows, (i) => Math.floor(i / steps)),
    timeMs: Float64Array.from(rows, (i) => Date.UTC(2024, 4, 2) + (i % steps) * 240_000),
    lat: Float64Array.from(rows, (i) => 48.8 + reach[Math.floor(i / steps)]! * Math.sin(i)),
    lng: Float64Array.from(rows, (i) => 2.3 + reach[Math.floor(i / steps)]! * Math.cos(i)),
  };
  const { trajectories } = findTrajectories(findCheckIns(points), { utcOffsetHours: 0 });
  const { cells } = trajectories.checkIns;
  const parts = Uint8Array.from(trajectories.user, (_, k) => k % 3);
  const test = Uint32Array.of(2);
  return {
    key: "town",
    name: "town",
    geography: undefined,
    cells,
    trajectories,
    parts,
    test,
  } as unknown as Dataset;
}

test("check-ins that came as cells are taken at h3-js's parents, and the filters apply anew", async () => {
  const town = makeTown();
  expect(resolutionsOf(town)).toEqual([5, 6, 7, 8]);
  const spec: DatasetSpec = { source: "folder", name: "town", files: [] };
  const options = { resolution: 7 };
  const coarse = await finish(openResolution(town, spec, options, session, signal));
  const { trajectories } = town;
  const expected = Array.from(trajectories.user.keys(), (k) => {
    const first = trajectories.offsets[k]!;
    return runs(
      hashesOf(trajectories, k).map((hash, i) => ({
        hash: cellToParent(hash, 7),
        timeMs: trajectories.checkIns.startMs[first + i]!,
      })),
    );
  }).filter((hashes) => hashes.length >= 10 && new Set(hashes).size >= 3);
  const found = Array.from(coarse.parts.keys(), (k) => hashesOf(coarse.trajectories, k));
  expect(found).toEqual(expected);
  expect(coarse.droppedTrajectories).toBe(town.parts.length - expected.length);
  expect(coarse.droppedTrajectories).toBeGreaterThan(0);
  const points = (t: Trajectories, k: number): number =>
    t.checkIns.points
      .subarray(t.offsets[k], t.offsets[k + 1])
      .reduce((sum, count) => sum + count, 0);
  expect(points(coarse.trajectories, 0)).toBe(points(trajectories, 0)); // none is lost in a merge
});
