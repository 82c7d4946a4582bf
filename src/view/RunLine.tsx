import type { JSX } from "react";
import { ADVICE } from "./advice";
import type { StepState } from "../notebook/graph";
import type { StepStatus } from "./step-status";
import { RunningLine } from "./RunningLine";
import { Button } from "./ui/Button";
import { useAfter } from "./use-after";
import { asSentence } from "./words";

interface RunLineProps {
  status: StepStatus;
  /** Number and name of the step that this one waits for. */
  aboveName: string | undefined;
  /** What the button says: "Run". */
  verb: string;
  onRun: () => void;
  onStop: () => void;
}

/** States that pass by between two steps are not worth a word. */
const CALM_MS = 400;

interface WaitingLineProps extends Pick<RunLineProps, "onRun"> {
  aboveName: string;
  aboveState: StepState;
}

function WaitingLine({ aboveName, aboveState, onRun }: WaitingLineProps): JSX.Element {
  if (aboveState.kind !== "failed") {
    return (
      <div className="run-line">
        <p>Waits for “{aboveName}”:</p>
        {aboveState.kind === "running" && <RunningLine state={aboveState} />}
      </div>
    );
  }
  return (
    <div className="run-line">
      <p>“{aboveName}” must succeed first.</p>
      <Button onClick={onRun}>Run both</Button>
    </div>
  );
}

/** What the reader must know of a step's run, and can do about it; nothing where all is done. */
export function RunLine(props: RunLineProps): JSX.Element | null {
  const { status, aboveName, verb, onRun, onStop } = props;
  const isCalm = useAfter(CALM_MS, status.kind);
  switch (status.kind) {
    case "done":
      return null;
    case "running":
      return <RunningLine state={status.state} onStop={onStop} />;
    case "failed":
      return (
        <div className="run-line failed" role="alert">
          <p>{asSentence(status.state.error.message)}</p>
          <p className="advice">{ADVICE[status.state.error.code]}</p>
          <Button onClick={onRun}>{verb} again</Button>
        </div>
      );
    case "waiting":
      return isCalm ? <WaitingLine {...status} aboveName={aboveName ?? ""} onRun={onRun} /> : null;
    case "resting":
      if (!isCalm) return null;
      return (
        <div className={status.stale ? "run-line stale" : "run-line"}>
          <p>
            {status.stale
              ? "Inputs changed: what you see is from before."
              : "Not run to the end yet."}
          </p>
          <Button kind="primary" onClick={onRun}>
            {status.stale ? `${verb} again` : verb}
          </Button>
        </div>
      );
    default:
      return status satisfies never;
  }
}
