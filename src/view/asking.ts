import { createContext, useCallback, useContext, useEffect, useRef, useState } from "react";
import { toFootfallError, type FootfallError } from "../core/errors";
import type { Report } from "../core/job/session";
import type { AnswerTo, Ask, Asking, Question } from "../notebook/asking";

/** How the step around a component asks; none outside a notebook, where nothing can be asked. */
export const AskContext = createContext<Ask | undefined>(undefined);

export type AnswerState =
  | { kind: "idle" }
  | { kind: "running"; report: Report | undefined; startedAt: number }
  | { kind: "done" }
  | { kind: "failed"; error: FootfallError };

/** A question and what came of it. */
export interface Answer<Q extends Question> {
  state: AnswerState;
  /** Of the last run that ended, as long as the key is the same. */
  result: AnswerTo<Q> | undefined;
  /** What the run has shown so far; undefined once it ended. */
  partial: Partial<AnswerTo<Q>> | undefined;
  start(make: (asking: Asking) => Q): void;
  stop(): void;
}

interface Kept<Q extends Question> {
  key: string;
  result: AnswerTo<Q> | undefined;
  partial: Partial<AnswerTo<Q>> | undefined;
  state: AnswerState;
}

/** A question that the reader starts and may stop. What was answered under another `key` is not shown. */
export function useAnswer<Q extends Question>(key: string): Answer<Q> {
  const ask = useContext(AskContext);
  const empty: Kept<Q> = { key, result: undefined, partial: undefined, state: { kind: "idle" } };
  const [kept, setKept] = useState(empty);
  const running = useRef<AbortController>(undefined);
  const stop = useCallback(() => running.current?.abort(), []);
  useEffect(() => stop, [stop, key]);

  const start = (make: (asking: Asking) => Q): void => {
    if (ask === undefined) return;
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const startedAt = performance.now();
    const change = (changed: Partial<Kept<Q>>): void => {
      if (running.current !== controller) return; // a newer question took over
      setKept((old) => ({ ...(old.key === key ? old : empty), ...changed }));
    };
    change({ partial: undefined, state: { kind: "running", report: undefined, startedAt } });
    const run = async (): Promise<void> => {
      const reports = ask(make, controller.signal);
      for (;;) {
        const next = await reports.next();
        if (next.done) {
          return change({ result: next.value, partial: undefined, state: { kind: "done" } });
        }
        const { value: report } = next;
        const partial = report.partial as Partial<AnswerTo<Q>> | undefined;
        const state: AnswerState = { kind: "running", report, startedAt };
        change(partial === undefined ? { state } : { state, partial });
      }
    };
    run().catch((thrown: unknown) => {
      const error = toFootfallError(thrown, "worker-failed");
      change({ state: error.code === "stopped" ? { kind: "idle" } : { kind: "failed", error } });
    });
  };
  const current = kept.key === key ? kept : empty;
  return { state: current.state, result: current.result, partial: current.partial, start, stop };
}
