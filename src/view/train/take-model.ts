import { ADAPT_STEPS } from "../../notebook/adapt-steps";
import type { StepDocument } from "../../notebook/document";
import type { ModelStepSpec } from "../../notebook/steps/model";
import type { Notebook } from "../../notebook/store";

const ON_MODEL = { data: "data", model: "model" };

/** The steps of a notebook that had no model. */
function modelSteps(spec: ModelStepSpec): StepDocument[] {
  return [
    { id: "model", kind: "model", inputs: { data: "data" }, spec: { ...spec } },
    { id: "masked", kind: "masked", inputs: ON_MODEL },
    { id: "score", kind: "score", inputs: ON_MODEL },
    ...ADAPT_STEPS,
  ];
}

/**
 * Makes other weights the model of the notebook: of its model steps where it has some, else of new ones at the
 * end. The guess of a hidden place runs at once, or, of a model that guesses none, its facts are read; the rest waits
 * for its Run. Returns the id of that step.
 */
export function takeModel(
  notebook: Notebook,
  spec: ModelStepSpec,
  shown: "masked" | "model" = "masked",
): string {
  const { order, authored } = notebook.store.getState();
  const ofKind = (kind: string): string[] => order.filter((id) => authored[id]?.kind === kind);
  const models = ofKind("model");
  for (const id of models) notebook.setSpec(id, { ...spec });
  if (models.length === 0) notebook.addSteps(modelSteps(spec));
  const [first = shown] = ofKind(shown);
  notebook.start(first);
  return first;
}

/** The same for a GPT on points, which goes on from known ones: of its step where there is one, else of a new one. */
export function takePointModel(notebook: Notebook, model: ModelStepSpec): string {
  const { order, authored } = notebook.store.getState();
  const found = order.find((id) => authored[id]?.kind === "forecast");
  if (found === undefined) {
    const spec = { model: { ...model } };
    notebook.addSteps([{ id: "forecast", kind: "forecast", inputs: { data: "data" }, spec }]);
  } else {
    const { window: _, ...spec } = authored[found]?.spec ?? {}; // another model has other windows
    notebook.setSpec(found, { ...spec, model: { ...model } });
  }
  const id = found ?? "forecast";
  notebook.start(id);
  return id;
}

/** The runs whose models the notebook uses, of either kind. */
export function usedRuns(notebook: Notebook): string[] {
  const { authored } = notebook.store.getState();
  return Object.values(authored).flatMap(({ kind, spec = {} }) => {
    const model = kind === "forecast" ? spec["model"] : kind === "model" ? spec : undefined;
    const { source, run } = (model ?? {}) as Record<string, unknown>;
    return source === "trained" ? [String(run)] : [];
  });
}
