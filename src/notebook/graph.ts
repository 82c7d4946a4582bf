import { Runtime, type Variable } from "@observablehq/runtime";
import { FootfallError, toFootfallError } from "../core/errors";
import type { Report } from "../core/jobs";
import type { RunJob } from "../worker/channel";
import type { StepDocument } from "./document";
import type { StepContext, StepKind } from "./step-kind";

/** Where a step stands. The outcome of an earlier run lives beside it, in the store. */
export type StepState =
  | { kind: "idle" }
  | { kind: "running"; report: Report | undefined; startedAt: number }
  | { kind: "done"; durationMs: number }
  | { kind: "failed"; error: FootfallError }
  | { kind: "stale" };

/** What the graph tells: every change of state, and each outcome (undefined while there is none). */
export interface GraphObserver {
  onState(id: string, state: StepState): void;
  onOutcome(id: string, outcome: unknown): void;
}

export interface Graph {
  /** Replaces what the author wrote; the step and all below it become stale. */
  setSpec(id: string, spec: Record<string, unknown>): void;
  /** Runs the step and whatever above it is not done. */
  start(id: string): void;
  /** Stops the step if it runs; what it had shown before stays. */
  stop(id: string): void;
  /** Adds steps whose inputs are there already; a cheap one runs at once. */
  add(steps: readonly StepDocument[]): void;
  /** Stops a step and forgets it. Whoever removes one removes those below it first. */
  remove(id: string): void;
  dispose(): void;
}

export interface GraphOptions {
  steps: readonly StepDocument[];
  kinds: Readonly<Record<string, StepKind>>;
  context: StepContext;
  run: RunJob;
  observer: GraphObserver;
  /** The first run on shipped data starts by itself; nothing else that is dear does. */
  startAll: boolean;
}

interface Node {
  step: StepDocument;
  kind: StepKind;
  variable: Variable;
  state: StepState;
  hasOutcome: boolean;
  granted: boolean;
  /** Lets a step that waits for Run begin. */
  admit: (() => void) | undefined;
  controller: AbortController | undefined;
}

/** What flows along the edges: the resolved spec, from which jobs below rebuild what they need. */
interface Flow {
  spec: unknown;
  inputs: Record<string, unknown>;
}

/**
 * The reactive graph of steps on @observablehq/runtime: topological order, dropped stale results and
 * invalidation are the runtime's; here is the rule that a dear step waits for its reader.
 */
export function createGraph(options: GraphOptions): Graph {
  const { kinds, context, run, observer } = options;
  const runtime = new Runtime();
  const module = runtime.module();
  const nodes = new Map<string, Node>();

  const setState = (node: Node, state: StepState): void => {
    node.state = state;
    if (nodes.get(node.step.id) !== node) return; // it was removed while it ran
    observer.onState(node.step.id, state);
  };
  const rest = (node: Node): void => setState(node, { kind: node.hasOutcome ? "stale" : "idle" });

  const permission = async (node: Node, invalidation: Promise<void>): Promise<void> => {
    if (node.granted || node.kind.cost === "cheap") return;
    rest(node);
    let dropped = false;
    let letIn: () => void = () => undefined;
    const admitted = new Promise<void>((resolve) => (letIn = resolve));
    node.admit = letIn;
    await Promise.race([admitted, invalidation.then(() => (dropped = true))]);
    if (node.admit === letIn) node.admit = undefined; // else it belongs to a newer run already
    if (dropped) throw new FootfallError("stopped", "a newer run took over");
  };

  const runStep = async (
    node: Node,
    flows: Record<string, Flow>,
    signal: AbortSignal,
  ): Promise<Flow> => {
    const startedAt = performance.now();
    setState(node, { kind: "running", report: undefined, startedAt });
    const spec = node.kind.toSpec(node.step.spec ?? {});
    const inputs: Record<string, unknown> = {};
    for (const [role, flow] of Object.entries(flows)) inputs[role] = flow.spec;
    const reports = run(node.kind.toJob(spec, inputs, context), signal);
    try {
      for (;;) {
        const next = await reports.next();
        if (signal.aborted) throw new FootfallError("stopped", "stopped before the end");
        if (next.done) {
          if (nodes.get(node.step.id) !== node) return { spec, inputs };
          node.hasOutcome = true;
          observer.onOutcome(node.step.id, next.value);
          setState(node, { kind: "done", durationMs: performance.now() - startedAt });
          return { spec, inputs };
        }
        setState(node, { kind: "running", report: next.value, startedAt });
      }
    } finally {
      void reports.return(undefined as never); // a job left in the middle would keep its turn for ever
    }
  };

  const compute = async (
    node: Node,
    flows: Record<string, Flow>,
    invalidation: Promise<void>,
  ): Promise<Flow> => {
    let current = true;
    void invalidation.then(() => (current = false));
    try {
      await permission(node, invalidation);
      node.granted = false;
      const controller = new AbortController();
      node.controller = controller;
      void invalidation.then(() => controller.abort());
      return await runStep(node, flows, controller.signal);
    } catch (thrown) {
      const error = toFootfallError(thrown, "worker-failed");
      if (current && error.code === "stopped") rest(node);
      else if (current) setState(node, { kind: "failed", error });
      throw error;
    }
  };

  const define = (node: Node): void => {
    const roles = Object.keys(node.step.inputs ?? {});
    const ids = Object.values(node.step.inputs ?? {});
    node.variable.define(
      node.step.id,
      ["invalidation", ...ids],
      (invalidation: Promise<void>, ...values: Flow[]) =>
        compute(
          node,
          Object.fromEntries(roles.map((role, i) => [role, values[i] as Flow])),
          invalidation,
        ),
    );
  };

  const create = (step: StepDocument, granted: boolean): Node => {
    const kind = kinds[step.kind];
    if (kind === undefined) throw new FootfallError("bad-input", `no step kind "${step.kind}"`);
    const node: Node = {
      step,
      kind,
      variable: module.variable({
        pending: () => node.state.kind !== "idle" && rest(node),
      }),
      state: { kind: "idle" },
      hasOutcome: false,
      granted: granted && kind.cost !== "long",
      admit: undefined,
      controller: undefined,
    };
    nodes.set(step.id, node);
    observer.onState(step.id, node.state);
    return node;
  };
  // Of the steps that are free at the same time the runtime computes the last defined first.
  const add = (steps: readonly StepDocument[], granted: boolean): void =>
    steps
      .map((step) => create(step, granted))
      .toReversed()
      .forEach(define);
  add(options.steps, options.startAll);

  const nodeOf = (id: string): Node => {
    const node = nodes.get(id);
    if (node === undefined)
      throw new FootfallError("bad-input", `no step "${id}" in this notebook`);
    return node;
  };
  /** A step that waits is let in; one that has ended is defined anew; one that runs is left alone. */
  const admit = (node: Node, evenIfDone: boolean): void => {
    const ended = node.state.kind === "failed" || (node.state.kind === "done" && evenIfDone);
    if (node.state.kind === "running" || (node.state.kind === "done" && !evenIfDone)) return;
    node.granted = true;
    if (node.admit !== undefined) node.admit();
    else if (ended || node.controller !== undefined) define(node);
  };
  const startAbove = (node: Node): void => {
    for (const id of Object.values(node.step.inputs ?? {})) {
      const above = nodeOf(id);
      startAbove(above);
      admit(above, false);
    }
  };
  return {
    setSpec(id, spec) {
      const node = nodeOf(id);
      node.step = { ...node.step, spec };
      node.granted = false;
      // The runtime takes notice a moment later; a Run that comes before that, here or below, must find the new
      // spec's run.
      node.admit = undefined;
      node.controller?.abort();
      if (node.state.kind === "running" || node.state.kind === "done") rest(node);
      define(node);
    },
    start(id) {
      const node = nodeOf(id);
      startAbove(node);
      admit(node, true);
    },
    stop: (id) => nodeOf(id).controller?.abort(),
    add: (steps) => add(steps, false),
    remove(id) {
      const node = nodeOf(id);
      nodes.delete(id);
      node.controller?.abort();
      node.variable.delete();
    },
    dispose: () => runtime.dispose(),
  };
}
