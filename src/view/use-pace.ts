import { useEffect, useRef, useState } from "react";
import type { Report } from "../core/job/session";

/** A rate from less than this is a guess. */
const STEADY_MS = 600;

/** Where a phase began; rate and time left are those of the phase. */
interface PhaseStart {
  phase: string;
  atMs: number;
  done: number;
  also: number;
}

interface Pace {
  ratePerSecond?: number;
  /** What the rate counts. */
  unit?: string;
  secondsLeft?: number;
}

/** Things done a second and seconds left, once the phase has run long enough to tell. */
export function paceOf(report: Report, start: PhaseStart, nowMs: number): Pace {
  const { done, total, unit, also } = report;
  const elapsedMs = nowMs - start.atMs;
  const advanced = done - start.done;
  if (elapsedMs < STEADY_MS || advanced <= 0) return {};
  const seconds = elapsedMs / 1000;
  const secondsLeft = ((total - done) * seconds) / advanced;
  if (also === undefined) return { ratePerSecond: advanced / seconds, unit, secondsLeft };
  return { ratePerSecond: (also.done - start.also) / seconds, unit: also.unit, secondsLeft };
}

/** The pace of the phase that the newest report belongs to. */
export function usePace(report: Report | undefined): Pace {
  const start = useRef<PhaseStart>(undefined);
  const [pace, setPace] = useState<Pace>({});
  useEffect(() => {
    if (report === undefined) return;
    const now = performance.now();
    if (start.current?.phase !== report.phase) {
      const { phase, done, also } = report;
      start.current = { phase, atMs: now, done, also: also?.done ?? 0 };
    }
    setPace(paceOf(report, start.current, now));
  }, [report]);
  return pace;
}
