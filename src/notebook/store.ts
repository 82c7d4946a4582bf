import { createStore, type StoreApi } from "zustand/vanilla";
import { FootfallError } from "../core/errors";
import type { NamedFile } from "../core/job/session";
import type { KnownRun } from "../core/job/adapt-known";
import type { RunJob } from "../worker/channel";
import type { Ask, Asking } from "./asking";
import { checkDocument, type NotebookDocument, type StepDocument } from "./document";
import { createGraph, type Graph, type StepState } from "./graph";
import { STEP_KINDS } from "./kinds";
import type { StepContext } from "./step-kind";

/** What the page shows: the order, what the author wrote, and what happened, each in its own record. */
export interface NotebookState {
  title: string;
  lead: string;
  order: readonly string[];
  authored: Readonly<Record<string, StepDocument>>;
  state: Readonly<Record<string, StepState>>;
  outcome: Readonly<Record<string, unknown>>;
  /** What was removed last, as long as it can be put back. */
  removed: RemovedSteps | undefined;
  /** Where layers are kept, in a sentence; undefined where they go with the page. */
  keeping: string | undefined;
}

/** Steps that were taken out, in their order, and which of them had something to show. */
export interface RemovedSteps {
  steps: readonly StepDocument[];
  hadOutcome: readonly string[];
}

export interface Notebook {
  store: StoreApi<NotebookState>;
  setSpec(id: string, spec: Record<string, unknown>): void;
  start(id: string): void;
  stop(id: string): void;
  /** Keeps files under a name by which steps may ask for them. */
  addFiles(name: string, files: readonly NamedFile[]): void;
  /** The files kept under a name. Throws "missing-file". */
  filesOf(name: string): readonly NamedFile[];
  /** Takes over finished runs of tables, each once. */
  addRuns(runs: readonly KnownRun[]): void;
  /** Adds steps at the end. Throws "bad-input" for an id that is taken or an input that is not there. */
  addSteps(steps: readonly StepDocument[]): void;
  /** Removes a step and all that stand on it; `putBack` undoes the last removal. */
  removeStep(id: string): void;
  putBack(): void;
  /** How a step asks further questions, which are no part of the document. */
  askOf(id: string): Ask;
  toDocument(): NotebookDocument;
  dispose(): void;
}

export interface NotebookOptions {
  document: unknown;
  seed: number;
  run: RunJob;
  /** Files of opened folders by the folder's name. */
  folders: ReadonlyMap<string, NamedFile[]>;
  startAll: boolean;
}

function initialState(document: NotebookDocument): NotebookState {
  return {
    title: document.title,
    lead: document.lead,
    order: document.steps.map((step) => step.id),
    authored: Object.fromEntries(document.steps.map((step) => [step.id, step])),
    state: {},
    outcome: {},
    removed: undefined,
    keeping: undefined,
  };
}

/** The spec of a step with its defaults. */
function resolvedSpec({ authored }: NotebookState, id: string): unknown {
  const step = authored[id];
  const kind = STEP_KINDS[step?.kind ?? ""];
  if (kind === undefined) throw new FootfallError("bad-input", `no step "${id}" in this notebook`);
  return kind.toSpec(step?.spec ?? {});
}

function toAsking(state: NotebookState, id: string, context: StepContext): Asking {
  const inputs = Object.entries(state.authored[id]?.inputs ?? {});
  return {
    spec: resolvedSpec(state, id),
    inputs: Object.fromEntries(inputs.map(([role, from]) => [role, resolvedSpec(state, from)])),
    context,
    specOf(kind) {
      const found = state.order.find((other) => state.authored[other]?.kind === kind);
      return found === undefined ? undefined : resolvedSpec(state, found);
    },
  };
}

/** The step and all that stand on it, in their order. */
function withDependents({ order, authored }: NotebookState, id: string): StepDocument[] {
  const found = new Set([id]);
  for (const other of order) {
    const inputs = Object.values(authored[other]?.inputs ?? {});
    if (inputs.some((input) => found.has(input))) found.add(other);
  }
  return order.filter((one) => found.has(one)).flatMap((one) => authored[one] ?? []);
}

/** A record without some of its keys. */
function without<T>(record: Readonly<Record<string, T>>, ids: readonly string[]) {
  return Object.fromEntries(Object.entries(record).filter(([id]) => !ids.includes(id)));
}

function documentOf({ title, lead, order, authored }: NotebookState): NotebookDocument {
  return { footfall: 1, title, lead, steps: order.flatMap((id) => authored[id] ?? []) };
}

/** Opens a document: checks it, builds its graph and the store that the page looks at. */
export function openNotebook(options: NotebookOptions): Notebook {
  const kindNames = Object.keys(STEP_KINDS);
  const document = checkDocument(options.document, kindNames);
  const store = createStore<NotebookState>(() => initialState(document));
  const folders = new Map(options.folders);
  const runs = new Map<string, KnownRun>();
  const context: StepContext = {
    seed: options.seed,
    knownRuns: (task) => [...runs.values()].filter(({ run }) => run.key.startsWith(`${task} `)),
    filesOf(folder) {
      const files = folders.get(folder);
      if (files !== undefined) return files;
      throw new FootfallError("missing-file", `the folder "${folder}" is not open: open it again`);
    },
  };
  const graph: Graph = createGraph({
    steps: document.steps,
    kinds: STEP_KINDS,
    run: options.run,
    startAll: options.startAll,
    context,
    observer: {
      onState: (id, state) => store.setState((old) => ({ state: { ...old.state, [id]: state } })),
      onOutcome: (id, outcome) =>
        store.setState((old) => ({ outcome: { ...old.outcome, [id]: outcome } })),
    },
  });
  const addSteps = (steps: readonly StepDocument[]): void => {
    const old = store.getState();
    const whole = documentOf(old);
    checkDocument({ ...whole, steps: [...whole.steps, ...steps] }, kindNames);
    store.setState({
      order: [...old.order, ...steps.map(({ id }) => id)],
      authored: { ...old.authored, ...Object.fromEntries(steps.map((step) => [step.id, step])) },
    });
    graph.add(steps);
  };
  return {
    store,
    addFiles: (name, files) => void folders.set(name, [...files]),
    filesOf: context.filesOf,
    addRuns: (found) => found.forEach((known) => runs.set(known.run.key, known)),
    addSteps,
    removeStep(id) {
      const old = store.getState();
      const steps = withDependents(old, id);
      const ids = steps.map((step) => step.id);
      for (const gone of ids.toReversed()) graph.remove(gone);
      store.setState({
        order: old.order.filter((one) => !ids.includes(one)),
        authored: without(old.authored, ids),
        state: without(old.state, ids),
        outcome: without(old.outcome, ids),
        removed: { steps, hadOutcome: ids.filter((one) => old.outcome[one] !== undefined) },
      });
    },
    putBack() {
      const { removed } = store.getState();
      if (removed === undefined) return;
      store.setState({ removed: undefined });
      addSteps(removed.steps);
      for (const id of removed.hadOutcome) graph.start(id);
    },
    setSpec(id, spec) {
      const step = store.getState().authored[id];
      if (step === undefined)
        throw new FootfallError("bad-input", `no step "${id}" in this notebook`);
      store.setState((old) => ({ authored: { ...old.authored, [id]: { ...step, spec } } }));
      graph.setSpec(id, spec);
    },
    start: (id) => graph.start(id),
    stop: (id) => graph.stop(id),
    askOf: (id) => (make, signal) =>
      options.run(make(toAsking(store.getState(), id, context)), signal),
    toDocument: () => documentOf(store.getState()),
    dispose: () => graph.dispose(),
  };
}
