import { useEffect, useRef, useState } from "react";
import type { Report } from "../core/job/session";

/** A rate from less than this is a guess. */
const STEADY_MS = 600;

/** Where a phase began; rate and time left are those of the phase. */
interface PhaseStart {
  phase: string;
  atMs: number;
  done: number;
}

interface Pace {
  ratePerSecond?: number;
  secondsLeft?: number;
}

/** Things done a second and seconds left, once the phase has run long enough to tell. */
export function paceOf({ done, total }: Report, start: PhaseStart, nowMs: number): Pace {
  const elapsedMs = nowMs - start.atMs;
  const advanced = done - start.done;
  if (elapsedMs < STEADY_MS || advanced <= 0) return {};
  const ratePerSecond = advanced / (elapsedMs / 1000);
  return { ratePerSecond, secondsLeft: (total - done) / ratePerSecond };
}

/** The pace of the phase that the newest report belongs to. */
export function usePace(report: Report | undefined): Pace {
  const start = useRef<PhaseStart>(undefined);
  const [pace, setPace] = useState<Pace>({});
  useEffect(() => {
    if (report === undefined) return;
    const now = performance.now();
    if (start.current?.phase !== report.phase) {
      start.current = { phase: report.phase, atMs: now, done: report.done };
    }
    setPace(paceOf(report, start.current, now));
  }, [report]);
  return pace;
}
