import { parquetWriteBuffer } from "hyparquet-writer";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findCheckIns } from "../data/check-ins";
import { checkInColumns, trajectoryColumns } from "../data/columnar/tables";
import { findTrajectories } from "../data/trajectories";
import { openEngine, type Engine } from "../gpu/engine";
import { runJob, type Job, type ResultOf } from "../jobs";
import { finish } from "../pace";
import type { DatasetSpec } from "./dataset";
import type { NamedFile, Session } from "./session";

const PUBLIC = join(import.meta.dirname, "../../../public");
const COUNTRY: DatasetSpec = { source: "simulated", size: "small", seed: 123 };
const SHIPPED = { source: "shipped", path: "models/japan" } as const;

let engine: Promise<Engine> | undefined;
const session: Session = {
  readAsset: async (path) => new Uint8Array(await readFile(join(PUBLIC, path))),
  engine: () => (engine ??= openEngine({ backend: "wasm" })),
  kept: new Map(),
};
afterAll(async () => (await engine)?.dispose());

const run = <J extends Job>(job: J): Promise<ResultOf<J>> =>
  finish(runJob(job, session, new AbortController().signal));

/** Twenty people who walk through Paris: no cell of theirs is in the shipped vocabulary. */
function makeParis(): NamedFile[] {
  const [people, steps] = [20, 15];
  const at = (i: number): number => i % steps;
  const rows = Array.from({ length: people * steps }, (_, i) => i);
  const points = {
    users: Array.from({ length: people }, (_, user) => `u${user}`),
    user: Uint32Array.from(rows, (i) => Math.floor(i / steps)),
    timeMs: Float64Array.from(rows, (i) => Date.UTC(2024, 4, 2) + at(i) * 3_600_000),
    lat: Float64Array.from(rows, (i) => 48.8 + 0.01 * at(i)),
    lng: Float64Array.from(rows, (i) => 2.3 + 0.001 * Math.floor(i / steps)),
  };
  const { trajectories } = findTrajectories(findCheckIns(points), { utcOffsetHours: 0 });
  const firstCheckIn = trajectories.offsets.subarray(0, -1);
  const parts = Uint8Array.from(trajectories.user, (user) => user % 3);
  const file = (path: string, content: ArrayBuffer | string): NamedFile => {
    return { path, blob: new Blob([content]) };
  };
  const table = (columnData: Parameters<typeof parquetWriteBuffer>[0]["columnData"]): ArrayBuffer =>
    parquetWriteBuffer({ columnData });
  return [
    file("check-ins.parquet", table(checkInColumns(trajectories.checkIns))),
    file("trajectories.parquet", table(trajectoryColumns(trajectories, { firstCheckIn, parts }))),
    file("report.json", "{}"),
  ];
}

test("a hidden check-in of the shipped model gets the same guesses twice, likeliest first", async () => {
  const job: Job = {
    kind: "masked",
    dataset: COUNTRY,
    model: SHIPPED,
    trajectory: 3,
    masked: [10],
    top: 10,
    seed: 123,
  };
  const { masked, trajectoryCount } = await run(job);
  expect(trajectoryCount).toBeGreaterThan(300);
  const [{ guesses, truthProbability }] = masked as [(typeof masked)[0]];
  const probabilities = guesses.map(({ probability }) => probability);
  expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
  expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeLessThan(1);
  expect(truthProbability).toBeGreaterThan(0);
  expect((await run(job)).masked).toEqual(masked);
});

test("the shipped model and its map beat its untrained twin", async () => {
  const job: Job = { kind: "model", dataset: COUNTRY, model: SHIPPED, seed: 123 };
  const { perplexity, geography, vocabularySize } = await run(job);
  expect(perplexity!.model.perCell).toBeLessThan(1000);
  expect(perplexity!.twin.perToken / vocabularySize).toBeCloseTo(1, 0);
  expect(geography!.modelKm).toBeLessThan(geography!.randomKm / 10);
}, 120_000);

test("a probe answers on cells that it was not fitted on, and says what must be beaten", async () => {
  const result = await run({
    kind: "inference",
    dataset: COUNTRY,
    model: SHIPPED,
    target: { kind: "country", field: "builtUp" },
    extent: "part",
    trainCells: 300,
    seed: 123,
  });
  const { scores, trainCells, truth, predicted, cells } = result;
  expect(trainCells).toBe(300);
  expect([truth.length, predicted.length]).toEqual([cells.hi.length, cells.hi.length]);
  const r2 = (name: string): number =>
    scores.find((row) => row.split === "random" && row.name === name)!.metrics["R2"]!;
  expect(r2("pre-trained model")).toBeGreaterThan(r2("randomly initialised twin"));
  expect(scores.map(({ name }) => name)).toContain("coordinates alone");
}, 120_000);

test("weights that do not fit the tokens are refused with what to do", async () => {
  const dataset: DatasetSpec = { source: "folder", name: "paris", files: makeParis() };
  const job: Job = { kind: "model", dataset, model: SHIPPED, seed: 123 };
  await expect(run(job)).rejects.toMatchObject({
    code: "weights-mismatch",
    message: expect.stringContaining("made for other places") as string,
  });
});

test("a folder without its report names what is missing and what is there", async () => {
  const files = makeParis().filter(({ path }) => path !== "report.json");
  const job: Job = { kind: "dataset", dataset: { source: "folder", name: "paris", files } };
  await expect(run(job)).rejects.toMatchObject({
    code: "missing-file",
    message: expect.stringContaining("check-ins.parquet") as string,
  });
});
