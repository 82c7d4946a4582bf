import { expect, test } from "vitest";
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
} {
  const seen: Seen = { states: {}, outcomes: {}, runs: [] };
  const fail = new Set<string>();
  const run = async function* (job: Job, signal: AbortSignal) {
    const { name, from, fails } = job as unknown as FakeJob;
    seen.runs.push(name);
    for (let i = 0; i < 3; i++) {
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
  return { graph, seen, fail };
}

const settle = (ms = 100): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("nothing dear starts by itself; starting a step runs what it needs and what follows cheaply", async () => {
  const { graph, seen } = build();
  await settle(30);
  expect(seen.runs).toEqual([]);
  graph.start("probe");
  await settle(150);
  expect(seen.runs.toSorted()).toEqual(["d1", "p1", "v1"]);
  expect(seen.outcomes).toEqual({ data: "d1 of ", probe: "p1 of d1", view: "v1 of d1" });
  expect(seen.states).toEqual({ data: "done", probe: "done", view: "done" });
  graph.dispose();
});

test("the first run starts everything", async () => {
  const { graph, seen } = build({ startAll: true });
  await settle(150);
  expect(seen.states).toEqual({ data: "done", probe: "done", view: "done" });
  graph.dispose();
});

test("a changed step and all below it become stale and keep their outcome until Run", async () => {
  const { graph, seen } = build({ startAll: true });
  await settle(150);
  graph.setSpec("data", { name: "d2" });
  await settle();
  expect(seen.states).toEqual({ data: "stale", probe: "stale", view: "stale" });
  expect(seen.outcomes["probe"]).toBe("p1 of d1");
  graph.start("data");
  await settle(150);
  expect(seen.states).toEqual({ data: "done", probe: "stale", view: "done" });
  expect(seen.outcomes["view"]).toBe("v1 of d2");
  graph.start("probe");
  await settle();
  expect(seen.outcomes["probe"]).toBe("p1 of d2");
  graph.dispose();
});

test("Stop leaves the earlier outcome, and Run begins again", async () => {
  const { graph, seen } = build({ startAll: true });
  await settle(150);
  graph.start("probe");
  await settle(8);
  graph.stop("probe");
  await settle(30);
  expect(seen.states["probe"]).toBe("stale");
  expect(seen.outcomes["probe"]).toBe("p1 of d1");
  graph.start("probe");
  await settle();
  expect(seen.states["probe"]).toBe("done");
  graph.dispose();
});

test("a failure stops at its step; what needs it waits, and Run below mends the chain", async () => {
  const { graph, seen, fail } = build();
  fail.add("d1");
  graph.start("probe");
  await settle(150);
  expect(seen.states).toEqual({ data: "failed", probe: "idle", view: "idle" });
  fail.clear();
  graph.start("probe");
  await settle(150);
  expect(seen.states).toEqual({ data: "done", probe: "done", view: "done" });
  graph.dispose();
});

test("a change in the middle of a run drops the old result", async () => {
  const { graph, seen } = build();
  graph.start("data");
  await settle(20);
  graph.setSpec("data", { name: "d2" });
  graph.start("data");
  await settle(150);
  expect(seen.outcomes["data"]).toBe("d2 of ");
  expect(seen.states["data"]).toBe("done");
  graph.dispose();
});
