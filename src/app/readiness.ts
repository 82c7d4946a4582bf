import type { Notebook } from "../notebook/store";
import { isBusy } from "../view/step-status";

/** Nothing may run for this long before the page counts as ready: between two steps there is a short gap. */
const CALM_MS = 250;
const LOOK_MS = 100;
/** As near to the window as a map must be to be drawn at all (view/map/use-element.ts). */
const NEAR_PX = 50;

function isNear(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > -NEAR_PX && top < innerHeight + NEAR_PX;
}

function allDrawn(): boolean {
  const waiting = document.querySelectorAll('[data-drawn="false"]');
  return [...waiting].every((figure) => !isNear(figure));
}

/** True once a step has ended in some way: before that the first run has not begun. */
function hasBegun({ store }: Notebook): boolean {
  const { state } = store.getState();
  return Object.values(state).some(({ kind }) => kind !== "idle");
}

/**
 * Keeps `data-ready` on the root (DESIGN, promise 4): "true" while no job runs and every map near the window
 * has drawn. Returns a function that ends it.
 */
export function watchReadiness(notebook: Notebook): () => void {
  const root = document.documentElement;
  let calmSince = performance.now();
  const look = (): void => {
    const now = performance.now();
    const busy = isBusy(notebook.store.getState()) || !hasBegun(notebook);
    if (busy) calmSince = now;
    const ready = !busy && now - calmSince >= CALM_MS && allDrawn();
    if (root.dataset["ready"] !== String(ready)) root.dataset["ready"] = String(ready);
  };
  const onChange = (): void => {
    if (isBusy(notebook.store.getState())) look(); // "false" at once, "true" only after a calm while
  };
  look();
  const unsubscribe = notebook.store.subscribe(onChange);
  const timer = setInterval(look, LOOK_MS);
  return () => {
    unsubscribe();
    clearInterval(timer);
  };
}
