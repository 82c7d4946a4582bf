import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine, type Engine } from "../../gpu/engine";
import { runJob, type Report } from "../../jobs";
import { finish } from "../../pace";
import { readResults } from "../../papers/results";
import { findPoint } from "../../task/experiments/readings";
import { COUNTRY_NAMES, transferText } from "../../task/experiments/series";
import { createMemoryRuns } from "../pretrain.testing";
import type { Session } from "../session";
import { secondsLeft, type ExperimentJob, type ExperimentStatus } from "./experiment";
import { findingOf } from "./finding";
import { experimentFile, writeExperiment } from "./record";
import { toResultsFile } from "./our-results";
import { experimentMarkdown, pointsOf, tableOf, verdictsOf } from "./report";

const PUBLIC = join(import.meta.dirname, "../../../../public");
let engine: Promise<Engine> | undefined;
const memory = createMemoryRuns();
const session: Session = {
  readAsset: async (path) => new Uint8Array(await readFile(join(PUBLIC, path))),
  engine: () => (engine ??= openEngine({ backend: "wasm" })),
  kept: new Map(),
  runs: () => Promise.resolve(memory),
};
afterAll(async () => (await engine)?.dispose());

const JOB: ExperimentJob = {
  kind: "experiment",
  experiment: "order",
  dataset: { source: "simulated", size: "small", seed: 123 },
  model: { source: "shipped", path: "models/japan" },
  settings: { seeds: 3, count: 20, steps: 0 },
  seed: 123,
};

async function run(
  job: ExperimentJob,
  look: (status: ExperimentStatus, stop: () => void) => void = () => undefined,
) {
  const controller = new AbortController();
  const work = runJob(job, session, controller.signal);
  for (;;) {
    const next = await work.next();
    if (next.done) return next.value;
    const { partial } = next.value as Report & { partial?: ExperimentStatus };
    if (partial !== undefined) look(partial, () => controller.abort());
  }
}

describe("the order of check-ins, with the shipped model", () => {
  let result: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    const stopped = run(JOB, ({ outcomes }, stop) => outcomes.length === 3 && stop());
    await expect(stopped).rejects.toMatchObject({ code: "stopped" });
    const seen: number[] = [];
    result = await run(JOB, ({ outcomes }) => seen.push(outcomes.length));
    expect(Math.min(...seen)).toBe(3); // goes on where it stood
  }, 240_000);

  test("the model is more surprised the more is out of order, its twin is not", () => {
    expect(result.isFinished).toBe(true);
    const points = pointsOf(result);
    const of = (series: string, at: string): number =>
      findPoint(points, { series, at, measure: "perplexity" })!.spread.mean;
    expect(of("pre-trained", "100 %")).toBeGreaterThan(3 * of("pre-trained", "0 %"));
    expect(of("pre-trained", "25 %")).toBeGreaterThan(of("pre-trained", "0 %"));
    const twin = of("random twin", "100 %") / of("random twin", "0 %");
    expect(Math.abs(Math.log(twin))).toBeLessThan(0.5);
    expect(findingOf("order", points)).toMatch(/times as high \[?/);
  });

  test("what it found is a file that the verdict reads", () => {
    const text = JSON.stringify(toResultsFile([result]));
    expect(readResults(text, "x.json").perplexities.shuffled).toBeGreaterThan(1);
    const order = verdictsOf(result).find(({ claim }) => claim.id === "order");
    expect(order).toMatchObject({ outcome: "reproduced", link: { step: "experiment" } });
    expect(experimentMarkdown(result)).toContain("18 of 18 parts");
    expect(tableOf(result).rows).toHaveLength(6);
  });

  test("other settings are another experiment", async () => {
    const work = runJob(
      { ...JOB, kind: "experiment-probe", settings: { seeds: 1, count: 20, steps: 0 } },
      session,
      new AbortController().signal,
    );
    const plan = await finish(work);
    expect(plan).toMatchObject({ units: 6, known: 0 });
    expect(plan.seconds).toBeGreaterThan(0);
  }, 60_000);
});

test("noise is asked of the random twin, too, and a kept record with fewer parts gets the rest", async () => {
  const settings = { seeds: 1, count: 20, steps: 0 };
  const job: ExperimentJob = { ...JOB, experiment: "noise", settings };
  const runUntil = async (outcomes: number): Promise<ExperimentStatus> => {
    let last: ExperimentStatus | undefined;
    const stopped = run(job, (status, stop) => {
      last = status;
      if (status.outcomes.length === outcomes) stop();
    });
    await expect(stopped).rejects.toMatchObject({ code: "stopped" });
    return last!;
  };
  const begun = await runUntil(0);
  expect(begun.unitCount).toBe(22);
  const known = { key: "as they are 123", seconds: 9, readings: [] }; // its probes would take long
  const kept = { ...begun, unitCount: 11, outcomes: [known] };
  await memory.write(begun.id, experimentFile("noise"), writeExperiment(kept));
  const { unitCount, outcomes } = await runUntil(2);
  expect(unitCount).toBe(22);
  expect(outcomes[1]!.key).toBe("random twin as they are 123");
  const [reading, ...rest] = outcomes[1]!.readings;
  expect(reading).toMatchObject({
    series: "random twin",
    at: "as they are",
    measure: "perplexity",
  });
  expect(reading!.value).toBeGreaterThan(100_000); // of half a million cells it prefers hardly any
  expect(rest).toEqual([]);
}, 120_000);

test("a model of nothing is as surprised as the cells of a country allow, in two that have no place in common", async () => {
  const settings = { seeds: 1, count: 20, steps: 10 };
  let last: ExperimentStatus | undefined;
  const stopped = run({ ...JOB, experiment: "countries", settings }, (status, stop) => {
    last = status;
    if (status.outcomes.length === 1) stop();
  });
  await expect(stopped).rejects.toMatchObject({ code: "stopped" });
  const { unitCount, facts, data, outcomes } = last!;
  expect(unitCount).toBe(3);
  expect(data.key).toBe("simulated small seed 123 and simulated archipelago small seed 123");
  expect(facts.join()).toContain("They have 0 of H3's base cells in common");
  const [{ key, readings }] = outcomes as [ExperimentStatus["outcomes"][number]];
  expect(key).toBe("nothing 123");
  const cells = { A: 572_642, B: 500_775 };
  for (const name of COUNTRY_NAMES) {
    const own = readings.filter(({ at }) => at === transferText("nothing", name));
    expect(own.map(({ measure }) => measure)).toEqual(["perplexity", "adaptedPerplexity"]);
    for (const { value } of own) expect(Math.abs(Math.log(value / cells[name]))).toBeLessThan(1);
  }
}, 240_000);

test("a setting outside its bounds is refused with what was expected", async () => {
  const job = { ...JOB, settings: { seeds: 0, count: 20, steps: 0 } };
  await expect(run(job)).rejects.toThrow("seeds is 0; expected a whole number from 1 to 30");
});

test("time left follows what the parts took by their weight", () => {
  const units = [2, 1, 1].map((weight, n) => ({ key: `${n}`, weight }));
  expect(secondsLeft(units, [])).toBeUndefined();
  expect(secondsLeft(units, [{ key: "0", seconds: 10 }])).toBe(10);
});
