import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEFAULT_RULES } from "../data/rules";
import { runJob, type Job, type ResultOf } from "../jobs";
import { finish } from "../pace";
import type { DatasetSpec } from "./dataset";
import type { ImportJob } from "./import";
import type { Session } from "./session";
import { createStore } from "./store.testing";
import {
  POINT_WINDOWS_MIN,
  runTokenWindows,
  type TokenWindowsResult,
  type WindowRow,
} from "./token-windows";

const [PEOPLE, STAYS, POINTS] = [60, 12, 21];

/** People who stay half an hour in each of a dozen places, seen every ninety seconds. */
function writeStays(): string {
  const rows = ["user,time,lat,lng"];
  for (let person = 0; person < PEOPLE; person++) {
    for (let stay = 0; stay < STAYS; stay++) {
      const lat = 35.6 + 0.02 * ((person + stay * stay) % 7) + 0.2 * (stay % 2); // never twice in a row
      for (let n = 0; n < POINTS; n++) {
        const time = new Date(Date.UTC(2024, 2, 1, 2 * stay) + 90_000 * n).toISOString();
        rows.push(`p${person},${time},${lat},139.7`);
      }
    }
  }
  return rows.join("\n");
}

const DATASET: DatasetSpec = { source: "stored", id: "stays", name: "stays.csv" };
const ASKED = { kind: "token-windows", dataset: DATASET, tokeniser: "5|3", seed: 123 } as const;
const POINTS_OF = {
  files: [{ path: "stays.csv", blob: new Blob([writeStays()]) }],
  read: {},
  rules: { ...DEFAULT_RULES, resolution: 8 },
};

const PUBLIC = join(import.meta.dirname, "../../../public");
const openSession = (): Session => ({
  readAsset: async (path) => new Uint8Array(await readFile(join(PUBLIC, path))),
  engine: () => Promise.reject(new Error("nothing is computed on it")),
  kept: new Map(),
  store: createStore().store,
});

test("the points of an import are merged within every window, and at ten minutes as the import did", async () => {
  const session = openSession();
  const run = <J extends Job>(job: J): Promise<ResultOf<J>> =>
    finish(runJob(job, session, new AbortController().signal));
  const importing: ImportJob = {
    kind: "import",
    id: "stays",
    name: "stays.csv",
    seed: 123,
    ...POINTS_OF,
  };
  await run(importing);
  const { rows, empty } = await run({ ...ASKED, points: POINTS_OF });
  expect(rows.map(({ windowMin }) => windowMin)).toEqual([...POINT_WINDOWS_MIN]);
  // 21 points 90 s apart: 1, 2, 4, 7, 14 and all of them lie within 1, 2, 5, 10, 20 and 30 minutes of the first
  const stays = PEOPLE * STAYS;
  expect(rows.map(({ checkIns }) => checkIns / stays)).toEqual([21, 11, 6, 3, 2, 1, 1]);
  expect(empty).toEqual([]);
  const bench = await run({ kind: "token-bench", dataset: DATASET, seed: 123 });
  const { makeSeconds: _, cellsPerSecond: __, ...own } = bench.rows[0]!;
  expect(rows[3]).toMatchObject({ ...own, windowMin: 10 });
  const coarse = await run({ ...ASKED, points: POINTS_OF, resolution: 7 });
  expect(coarse.rows[0]).toMatchObject({ resolution: 7, checkIns: 21 * stays });
  const strict = { ...POINTS_OF, rules: { ...POINTS_OF.rules, minCheckIns: 30 } };
  expect((await run({ ...ASKED, points: strict })).empty).toEqual([20, 30, 60]);

  const without = await run(ASKED);
  expect(without.rows).toEqual([]);
  expect(without.why).toMatch(/^The points of stays.csv are not at hand.*import the files again/);
}, 60_000);

test("the simulated country makes its points anew, which no window of minutes merges", async () => {
  const session = openSession();
  const dataset: DatasetSpec = { source: "simulated", size: "small", seed: 123 };
  const controller = new AbortController();
  const own = await finish(runJob({ kind: "dataset", dataset }, session, controller.signal));
  let shown: readonly WindowRow[] = [];
  const work = async (): Promise<void> => {
    for await (const { partial } of runTokenWindows(
      { ...ASKED, dataset },
      session,
      controller.signal,
    )) {
      shown = (partial as Partial<TokenWindowsResult> | undefined)?.rows ?? shown;
      if (shown.length === 1) controller.abort();
    }
  };
  await expect(work()).rejects.toMatchObject({ code: "stopped" });
  expect(shown[0]).toMatchObject({ windowMin: 1, checkIns: own.counts.checkIns });
}, 120_000);
