import { useState, type JSX } from "react";
import type { TrainingStatus } from "../../core/job/training-status";
import { usePage } from "../page-context";
import { Button } from "../ui/Button";
import { Slider } from "../ui/Slider";
import { valueText } from "./settings";

/** Doublings and halvings of the learning rate that the slider reaches. */
const MOST_DOUBLINGS = 5;

/** Three digits: 1.5e-3 and not 1.4999999e-3. */
const rounded = (value: number): number => Number(value.toPrecision(3));

/** Pause, resume, single steps, and the learning rate of a run that goes (PT-14). */
export function TrainingControls({ status }: { status: TrainingStatus }): JSX.Element | null {
  const { training } = usePage();
  const [wanted, setWanted] = useState<boolean>();
  if (training === undefined) return null;
  const { run, isPaused, rateFactor, config } = status;
  const shows = wanted ?? isPaused;
  const setPaused = (paused: boolean): void => {
    setWanted(paused);
    training.change(run, { isPaused: paused });
  };
  const peak = (doublings: number): string =>
    `${valueText(rounded(config.learningRate * 2 ** doublings))}${doublings === 0 ? "" : ` (× ${valueText(rounded(2 ** doublings))})`}`;
  return (
    <div className="training-controls">
      <span className="run-tools">
        <Button onClick={() => setPaused(!shows)}>{shows ? "Go on" : "Pause"}</Button>
        {shows && (
          <Button onClick={() => training.change(run, { stepTo: status.step + 1 })}>
            One step
          </Button>
        )}
      </span>
      <Slider
        label="Largest learning rate"
        value={Math.round(Math.log2(rateFactor))}
        min={-MOST_DOUBLINGS}
        max={MOST_DOUBLINGS}
        step={1}
        format={peak}
        onChange={(doublings) => training.change(run, { rateFactor: 2 ** doublings })}
      />
      <p className="note">
        {isPaused
          ? "Paused; what was learnt is kept. The other steps still wait: Stop lets them run, and the run can go on afterwards."
          : "While it trains, other steps wait. Stop keeps what was learnt, and the run can go on later as if it had never stopped."}
      </p>
    </div>
  );
}
