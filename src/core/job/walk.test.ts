import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openEngine, type Engine } from "../gpu/engine";
import { runJob, type Job, type ResultOf } from "../jobs";
import { finish } from "../pace";
import type { Session } from "./session";

const PUBLIC = join(import.meta.dirname, "../../../public");
const dataset = { source: "simulated", size: "small", seed: 123 } as const;
const model = { source: "shipped", path: "models/japan" } as const;
let engine: Engine;
let session: Session;
beforeAll(async () => {
  engine = await openEngine({ backend: "wasm" });
  session = {
    readAsset: async (path) => new Uint8Array(await readFile(join(PUBLIC, path))),
    engine: () => Promise.resolve(engine),
    kept: new Map(),
  };
});
afterAll(() => engine.dispose());

const run = <J extends Job>(job: J): Promise<ResultOf<J>> =>
  finish(runJob(job, session, new AbortController().signal));

it(
  "draws a month in the order of time over the prefectures around it",
  { timeout: 60_000 },
  async () => {
    const asked = { kind: "walk", dataset, trajectories: [7, 3], cells: [5] } as const;
    const { walks, hashes, around } = await run({ ...asked, role: "prefecture" });
    expect(walks.map(({ trajectory }) => trajectory)).toEqual([7, 3]);
    const [{ startMs, hashes: own }] = walks as [(typeof walks)[0]];
    expect(startMs).toEqual(startMs.toSorted((a, b) => a - b));
    expect(own).toHaveLength(startMs.length);
    expect(hashes[0]).toMatch(/^88[0-9a-f]{13}$/);
    expect(around!.classes).toHaveLength(47);
    expect(around!.values).toHaveLength(around!.cells.hi.length);
    expect((await run(asked)).around).toBeUndefined();
    const isFree = (at: number): boolean =>
      [0, 6].includes(new Date(at + 9 * 3_600_000).getUTCDay());
    const all = await Promise.all(
      [3, 7, 11, 15, 19].map(async (one) => {
        const job = {
          ...asked,
          trajectories: [one],
          role: "prefecture",
          marksTravel: true,
        } as const;
        const { walks: own, travel } = await run(job);
        return travel!.map((place) => own[0]!.startMs[place]!);
      }),
    );
    expect(all.flat().some(isFree)).toBe(true);
    await expect(run({ ...asked, trajectories: [1e9] })).rejects.toThrow(
      /does not exist; expected 0 to/,
    );
  },
);

it("believes in an end of a month from its beginning alone", { timeout: 60_000 }, async () => {
  const asked = { kind: "destination", dataset, model, trajectory: 2, seed: 123 } as const;
  const few = await run({ ...asked, shown: 0.1 });
  const most = await run({ ...asked, shown: 0.9 });
  expect(few.shownCount).toBeLessThan(most.shownCount);
  expect(most.shownCount).toBeLessThan(most.checkIns.length);
  for (const { guess, checkIns } of [few, most]) {
    expect(guess.truth).toBe(checkIns.at(-1)!.hash);
    const shares = guess.guesses.map(({ probability }) => probability);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-6);
  }
});
