import { useEffect, type JSX } from "react";
import type { WalkJob, WalkResult } from "../../core/job/walk";
import { toAskedWalk } from "../../notebook/steps/adapt";
import { OneMonth } from "../OneMonth";
import { useAnswer } from "../asking";
import { AskLine } from "../tokens/AskLine";

interface WalkProps {
  asked: Pick<WalkJob, "trajectories" | "cells">;
  children: (result: WalkResult) => JSX.Element;
}

/** Asks where trajectories go as soon as it is shown, and shows what comes of it; of real people as `OneMonth` has it. */
export function Walk(props: WalkProps): JSX.Element {
  return (
    <OneMonth>
      <Asked {...props} />
    </OneMonth>
  );
}

function Asked({ asked, children }: WalkProps): JSX.Element {
  const key = JSON.stringify(asked);
  const answer = useAnswer<WalkJob>(key);
  const start = (): void => answer.start(toAskedWalk(asked));
  useEffect(() => {
    start();
    // oxlint-disable-next-line react/exhaustive-deps -- asked anew for another question, which the key holds
  }, [key]);
  if (answer.result) return children(answer.result);
  return <AskLine state={answer.state} start="Draw it" onStart={start} onStop={answer.stop} />;
}
