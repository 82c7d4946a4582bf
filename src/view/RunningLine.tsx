import type { JSX } from "react";
import type { Report } from "../core/job/session";
import type { StepState } from "../notebook/graph";
import { Button } from "./ui/Button";
import { Progress } from "./ui/Progress";
import { useAfter } from "./use-after";
import { usePace } from "./use-pace";
import { formatCount } from "./words";

interface RunningLineProps {
  state: Extract<StepState, { kind: "running" }>;
  /** Without it the line only tells: the step that runs is another one. */
  onStop?: () => void;
}

/** Work that is over by then shows no bar. */
const PATIENCE_MS = 1000;

const capitalise = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** What is done, and how much of what has no known end: "Read checkins.csv: 120,000 rows". */
function labelOf({ phase, also }: Report): string {
  const counted = also === undefined ? "" : `: ${formatCount(also.done)} ${also.unit}`;
  return capitalise(phase) + counted;
}

/** Phase, rate and time left of a running step, and Stop; nothing for what takes less than a second. */
export function RunningLine({ state, onStop }: RunningLineProps): JSX.Element | null {
  const { report, startedAt } = state;
  const isLong = useAfter(PATIENCE_MS, startedAt);
  const pace = usePace(report);
  if (!isLong) return null;
  const share = report === undefined || report.total === 0 ? undefined : report.done / report.total;
  return (
    <div className="run-line">
      <Progress
        label={report === undefined ? "In line behind another step" : labelOf(report)}
        share={share}
        {...pace}
      />
      {onStop && <Button onClick={onStop}>Stop</Button>}
    </div>
  );
}
