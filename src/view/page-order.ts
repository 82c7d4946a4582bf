import type { NotebookState } from "../notebook/store";
import { STEP_VIEWS } from "./steps/views";

/** The kind of step that a page opens with: what it is all about stands first, how it came about after it. */
const OPENING_KIND = "masked";

/** What stands below it uses the model that the reader trains there, so it stays below. */
const TRAINING_KIND = "pretrain";

type Authored = Pick<NotebookState, "order" | "authored">;

/** The order on the page: the opening step, then the document's order. */
export function pageOrder({ order, authored }: Authored): string[] {
  const training = order.findIndex((id) => authored[id]?.kind === TRAINING_KIND);
  const isOpening = (id: string): boolean =>
    authored[id]?.kind === OPENING_KIND && (training < 0 || order.indexOf(id) < training);
  return [...order.filter(isOpening), ...order.filter((id) => !isOpening(id))];
}

/** A step's name in a word or two; its id where its spec makes no sense. */
export function stepName({ authored }: Pick<NotebookState, "authored">, id: string): string {
  const step = authored[id];
  const view = STEP_VIEWS[step?.kind ?? ""];
  if (step === undefined || view === undefined) return id;
  try {
    return view.name(view.toSpec(step.spec ?? {}));
  } catch {
    return id; // the graph says in the step itself what is wrong with it
  }
}

/** True where the notebook's people are the simulated ones. */
export function hasSimulatedPeople({ authored }: Pick<NotebookState, "authored">): boolean {
  return Object.values(authored).some(
    ({ kind, spec }) => kind === "data" && (spec?.["source"] ?? "simulated") === "simulated",
  );
}
