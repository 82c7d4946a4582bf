import { afterAll, expect, test } from "vitest";
import { openEngine, type Engine } from "../../gpu/engine";
import { runJob } from "../../jobs";
import { finish } from "../../pace";
import { findPoint } from "../../task/experiments/readings";
import { PRETRAINING, WITH_HOURS, WITHOUT_HOURS } from "../../task/experiments/series";
import { createMemoryRuns, makeWalkers } from "../pretrain.testing";
import type { Session } from "../session";
import type { ExperimentJob } from "./experiment";
import { findingOf } from "./finding";
import { pointsOf } from "./report";

let engine: Promise<Engine> | undefined;
const memory = createMemoryRuns();
const session: Session = {
  readAsset: () => Promise.reject(new Error("nothing is shipped")),
  engine: () => (engine ??= openEngine({ backend: "wasm" })),
  kept: new Map(),
  runs: () => Promise.resolve(memory),
};
afterAll(async () => (await engine)?.dispose());

const jobOf = (experiment: ExperimentJob["experiment"]): ExperimentJob => ({
  kind: "experiment",
  experiment,
  dataset: { source: "folder", name: "walkers", files: makeWalkers(300) },
  settings: { seeds: 1, count: 60, steps: 24 },
  seed: 123,
});
const run = (job: ExperimentJob) => finish(runJob(job, session, new AbortController().signal));

test("more steps leave less perplexity; tasks that these people cannot have are left out and told", async () => {
  const result = await run(jobOf("tokens"));
  const points = pointsOf(result);
  const of = (at: string): number =>
    findPoint(points, { series: PRETRAINING, at, measure: "perplexity" })!.spread.mean;
  expect(of("24 steps")).toBeLessThan(0.7 * of("3 steps"));
  expect(result.outcomes).toHaveLength(4);
  expect(result.facts.join()).toMatch(/Left out: Geographic location: \d+ cells have an answer/);
  const trips = points.filter(({ series }) => series === "trip-length");
  expect(new Set(trips.map(({ measure }) => measure))).toContain("probeGain");
  const twins = trips.filter(({ measure }) => measure === "twinScore");
  expect(new Set(twins.map(({ spread }) => spread.mean)).size).toBe(1); // one twin for all
}, 120_000);

test("hours reach the model: with them a paired run comes to other numbers", async () => {
  const result = await run(jobOf("times"));
  const points = pointsOf(result);
  const of = (at: string, series: string, measure: "perplexity" | "score") =>
    findPoint(points, { series, at, measure })?.spread.mean;
  const [without, withHours] = [WITHOUT_HOURS, WITH_HOURS].map((at) =>
    of(at, PRETRAINING, "perplexity"),
  );
  expect(withHours).not.toBe(without);
  expect(of(WITH_HOURS, "trip-length", "score")).not.toBe(
    of(WITHOUT_HOURS, "trip-length", "score"),
  );
  expect(findingOf("times", points)).toMatch(/With hours the perplexity per check-in is/);
}, 120_000);

test("real people have one country only, which is said", async () => {
  await expect(run(jobOf("countries"))).rejects.toThrow("needs simulated people");
  const free = await memory.begin(); // a job that failed lets the training go
  expect(free).toBeDefined();
  free!();
});
