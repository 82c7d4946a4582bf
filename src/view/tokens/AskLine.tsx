import type { JSX } from "react";
import { ADVICE } from "../advice";
import type { AnswerState } from "../asking";
import { RunningLine } from "../RunningLine";
import { Button } from "../ui/Button";
import { FocusPlace } from "../ui/FocusPlace";
import { asSentence } from "../words";

interface AskLineProps {
  state: AnswerState;
  /** What the button says before the first run. */
  start: string;
  onStart: () => void;
  onStop: () => void;
}

/** A step has a Run of its own beside it, so the button says what is asked again; a question stays as it is. */
const againWords = (start: string): string => (start.endsWith("?") ? start : `${start} again`);

function AskState({ state, start, onStart, onStop }: AskLineProps): JSX.Element {
  if (state.kind === "running") return <RunningLine state={state} onStop={onStop} />;
  return (
    <div className={state.kind === "failed" ? "run-line failed" : "run-line"}>
      {state.kind === "failed" && (
        <div role="alert">
          <p>{asSentence(state.error.message)}</p>
          <p className="advice">{ADVICE[state.error.code]}</p>
        </div>
      )}
      <Button kind={state.kind === "idle" ? "primary" : "plain"} onClick={onStart}>
        {state.kind === "idle" ? start : againWords(start)}
      </Button>
    </div>
  );
}

/** Starts a question, shows how far it is, and stops it. */
export function AskLine(props: AskLineProps): JSX.Element {
  return (
    <FocusPlace>
      <AskState {...props} />
    </FocusPlace>
  );
}
