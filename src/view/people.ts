import { createContext, useContext, useSyncExternalStore } from "react";
import { DEFAULT_K } from "../core/data/privacy";

/** Whether the people of a step are the simulated ones; so it is where nothing says otherwise. */
export const SimulatedContext = createContext(true);

let peopleK = DEFAULT_K;
const listeners = new Set<() => void>();

function setPeopleK(k: number): void {
  peopleK = k;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const readPeopleK = (): number => peopleK;

/**
 * How many people must share what is shown of real people (PV-02): one number for the page, changed at any map, and the
 * default again after a reload, so that a presenter starts with it.
 */
export function usePeopleK(): readonly [k: number, setK: (k: number) => void] {
  return [useSyncExternalStore(subscribe, readPeopleK, readPeopleK), setPeopleK];
}

/** True where nothing may be shown that is one person's alone. */
export function useHidesMonths(): boolean {
  const isSimulated = useContext(SimulatedContext);
  const [k] = usePeopleK();
  return !isSimulated && k > 1;
}
