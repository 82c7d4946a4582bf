import { createStore, type StoreApi } from "zustand/vanilla";
import { FootfallError } from "../core/errors";
import type { NamedFile } from "../core/job/session";
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
}

export interface Notebook {
  store: StoreApi<NotebookState>;
  setSpec(id: string, spec: Record<string, unknown>): void;
  start(id: string): void;
  stop(id: string): void;
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

/** Opens a document: checks it, builds its graph and the store that the page looks at. */
export function openNotebook(options: NotebookOptions): Notebook {
  const document = checkDocument(options.document, Object.keys(STEP_KINDS));
  const store = createStore<NotebookState>(() => initialState(document));
  const context: StepContext = {
    seed: options.seed,
    filesOf(folder) {
      const files = options.folders.get(folder);
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
  return {
    store,
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
    toDocument() {
      const { title, lead, order, authored } = store.getState();
      return { footfall: 1, title, lead, steps: order.flatMap((id) => authored[id] ?? []) };
    },
    dispose: () => graph.dispose(),
  };
}
