import { useEffect, useSyncExternalStore } from "react";
import { watchStrangers } from "../worker/strangers";

const seen = new Set<string>();
const listeners = new Set<() => void>();

/** Counts an address outside the page's origin that this page, or its worker, asked for. */
export function noteStranger(address: string): void {
  seen.add(address);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How many addresses outside its own origin the page has asked for since it was opened: 0, if all is well. */
export function useStrangers(): number {
  useEffect(() => watchStrangers(noteStranger), []);
  return useSyncExternalStore(subscribe, () => seen.size);
}
