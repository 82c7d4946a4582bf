import { useRef } from "react";
import type { StepStatus } from "../step-status";

/**
 * What stands on the screen of a long step: what a running one has come to, what it ended with, or how far a stopped one
 * came. `isWhole` tells a status from what is reported before there is one.
 */
export function useShown<T>(
  { status, outcome }: { status: StepStatus; outcome: T | undefined },
  isWhole: (partial: unknown) => partial is T,
): T | undefined {
  const last = useRef<T>(undefined);
  const partial = status.kind === "running" ? status.state.report?.partial : undefined;
  if (isWhole(partial)) last.current = partial;
  else if (status.kind === "done" && outcome !== undefined) last.current = outcome;
  return last.current ?? outcome;
}
