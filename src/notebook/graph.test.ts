import { expect, test, vi } from "vitest";
import { FootfallError } from "../core/errors";
import type { Job } from "../core/jobs";
import type { RunJob } from "../worker/channel";
import { createGraph, type Graph, type GraphOptions } from "./graph";
import type { StepKind } from "./step-kind";

interface FakeJob {
  name: string;
  from: string[];
  fails: boolean;
}

const fakeKind = (cost: "cheap" | "dear"): StepKind => ({
  kind: cost,
  inputs: {},
  cost,
  toSpec: (authored) => authored,
  toJob: (spec, inputs) => {
    const { name, fails = false } = spec as { name: string; fails?: boolean };
    const from = Object.values(inputs).map((input) => (input as { name: string }).name);
    return { name, from, fails } satisfies FakeJob as unknown as Job;
  },
});

interface Seen {
  states: Record<string, string>;
  outcomes: Record<string, unknown>;
  runs: string[];
}

/** data -> probe (dear), data -> view (cheap). */
function build(options: Partial<GraphOptions> = {}): {
  graph: Graph;
  seen: Seen;
  fail: Set<string>;
  hold: Set<string>;
} {
  const seen: Seen = { states: {}, outcomes: {}, runs: [] };
  const fail = new Set<string>();
  const hold = new Set<string>(); // jobs that go on until they are stopped
  const run = async function* (job: Job, signal: AbortSignal) {
    const { name, from, fails } = job as unknown as FakeJob;
    seen.runs.push(name);
    for (let i = 0; i < 3 || hold.has(name); i++) {
      yield { phase: "work", done: i, total: 3, unit: "parts" };
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (signal.aborted) throw new FootfallError("stopped", "stopped before the end");
    }
    if (fails || fail.has(name)) throw new FootfallError("no-data", "nothing is left");
    return `${name} of ${from.join()}`;
  };
  const graph = createGraph({
    steps: [
      { id: "data", kind: "dear", spec: { name: "d1" } },
      { id: "probe", kind: "dear", inputs: { data: "data" }, spec: { name: "p1" } },
      { id: "view", kind: "cheap", inputs: { data: "data" }, spec: { name: "v1" } },
    ],
    kinds: { dear: fakeKind("dear"), cheap: fakeKind("cheap") },
    context: { seed: 123, filesOf: () => [] },
    run: run as unknown as RunJob,
    observer: {
      onState: (id, state) => (seen.states[id] = state.kind),
      onOutcome: (id, outcome) => (seen.outcomes[id] = outcome),
    },
    startAll: false,
    ...options,
  });
  return { graph, seen, fail, hold };
}

/** Waits for what must come, however busy the machine is. */
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000 });

/** A while in which nothing may happen. */
const settle = (ms = 50): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const ALL_DONE = { data: "done", probe: "done", view: "done" };

test("nothing dear starts by itself; starting a step runs what it needs and what follows cheaply", async () => {
  const { graph, seen } = build();
  await settle();
  expect(seen.runs).toEqual([]);
  graph.start("probe");
  await eventually(() => expect(seen.states).toEqual(ALL_DONE));
  expect(seen.runs.toSorted()).toEqual(["d1", "p1", "v1"]);
  expect(seen.outcomes).toEqual({ data: "d1 of ", probe: "p1 of d1", view: "v1 of d1" });
  graph.dispose();
});

test("the first run starts everything", async () => {
  const { graph, seen } = build({ startAll: true });
  await eventually(() => expect(seen.states).toEqual(ALL_DONE));
  graph.dispose();
});

test("a changed step and all below it become stale and keep their outcome until Run", async () => {
  const { graph, seen } = build({ startAll: true });
  await eventually(() => expect(seen.states).toEqual(ALL_DONE));
  graph.setSpec("data", { name: "d2" });
  const allStale = { data: "stale", probe: "stale", view: "stale" };
  await eventually(() => expect(seen.states).toEqual(allStale));
  expect(seen.outcomes["probe"]).toBe("p1 of d1");
  graph.start("data");
  await eventually(() => expect(seen.states).toEqual({ ...ALL_DONE, probe: "stale" }));
  expect(seen.outcomes["view"]).toBe("v1 of d2");
  graph.start("probe");
  await eventually(() => expect(seen.outcomes["probe"]).toBe("p1 of d2"));
  graph.dispose();
});

test("Stop leaves the earlier outcome, and Run begins again", async () => {
  const { graph, seen, hold } = build({ startAll: true });
  await eventually(() => expect(seen.states).toEqual(ALL_DONE));
  hold.add("p1");
  graph.start("probe");
  await eventually(() => expect(seen.states["probe"]).toBe("running"));
  graph.stop("probe");
  await eventually(() => expect(seen.states["probe"]).toBe("stale"));
  expect(seen.outcomes["probe"]).toBe("p1 of d1");
  hold.clear();
  graph.start("probe");
  await eventually(() => expect(seen.states["probe"]).toBe("done"));
  graph.dispose();
});

test("a failure stops at its step; what needs it waits, and Run below mends the chain", async () => {
  const { graph, seen, fail } = build();
  fail.add("d1");
  graph.start("probe");
  const failed = { data: "failed", probe: "idle", view: "idle" };
  await eventually(() => expect(seen.states).toEqual(failed));
  fail.clear();
  graph.start("probe");
  await eventually(() => expect(seen.states).toEqual(ALL_DONE));
  graph.dispose();
});

test("a change in the middle of a run drops the old result", async () => {
  const { graph, seen, hold } = build();
  hold.add("d1");
  graph.start("data");
  await eventually(() => expect(seen.runs).toContain("d1"));
  graph.setSpec("data", { name: "d2" });
  graph.start("data");
  await eventually(() => expect(seen.outcomes["data"]).toBe("d2 of "));
  expect(seen.states["data"]).toBe("done");
  graph.dispose();
});

test("a job that reports once more after Stop is left whole, so that the next one gets its turn", async () => {
  let ended = 0;
  const run = async function* (_job: Job, signal: AbortSignal) {
    try {
      yield { phase: "work", done: 0, total: 1, unit: "parts" };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      yield { phase: "work", done: 1, total: 1, unit: "parts" };
    } finally {
      ended++;
    }
  };
  const { graph, seen } = build({ run: run as unknown as RunJob });
  graph.start("data");
  await vi.waitFor(() => expect(seen.states["data"]).toBe("running"));
  graph.stop("data");
  await vi.waitFor(() => expect(ended).toBe(1));
});

test("Run below a step that was changed a moment before runs both", async () => {
  const { graph, seen } = build({ startAll: true });
  await eventually(() => expect(seen.outcomes["probe"]).toBe("p1 of d1"));
  graph.setSpec("data", { name: "d2" });
  graph.start("probe");
  await eventually(() => expect(seen.outcomes["probe"]).toBe("p1 of d2"));
  graph.dispose();
});
