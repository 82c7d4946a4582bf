import type { StepDocument } from "./document";

const ON_MODEL = { data: "data", model: "model" };

/** What can be asked of a model on one's own data: tables of tasks, and questions about trajectories. */
export const ADAPT_STEPS: readonly StepDocument[] = [
  { id: "adapt", kind: "adapt", inputs: ON_MODEL, spec: { task: "location" } },
  { id: "destination", kind: "destination", inputs: ON_MODEL },
  { id: "gaps", kind: "study", inputs: ON_MODEL, spec: { ask: "impute" } },
  { id: "surprise", kind: "study", inputs: ON_MODEL, spec: { ask: "surprise" } },
  { id: "similar", kind: "study", inputs: ON_MODEL, spec: { ask: "similar" } },
  { id: "linking", kind: "study", inputs: ON_MODEL, spec: { ask: "link" } },
];
