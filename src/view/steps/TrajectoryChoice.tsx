import type { JSX } from "react";
import { formatCount } from "../words";

interface TrajectoryChoiceProps {
  /** From 0. */
  trajectory: number;
  /** Test trajectories to choose from; undefined before they are known. */
  count: number | undefined;
  onChoose: (trajectory: number) => void;
}

/** Which trajectory: previous, next, or its number. */
export function TrajectoryChoice(props: TrajectoryChoiceProps): JSX.Element {
  const { trajectory, count, onChoose } = props;
  const last = Math.max(0, (count ?? trajectory + 1) - 1);
  const choose = (wanted: number): void => {
    if (Number.isInteger(wanted) && wanted >= 0 && wanted <= last) onChoose(wanted);
  };
  return (
    <div className="choice trajectory-choice" role="group" aria-label="Trajectory">
      <span>Trajectory</span>
      <button
        type="button"
        className="button"
        aria-label="Previous trajectory"
        disabled={trajectory === 0}
        onClick={() => choose(trajectory - 1)}
      >
        ‹
      </button>
      <input
        type="number"
        min={1}
        max={last + 1}
        value={trajectory + 1}
        aria-label="Number of the trajectory"
        onChange={(event) => choose(event.target.valueAsNumber - 1)}
      />
      <button
        type="button"
        className="button"
        aria-label="Next trajectory"
        disabled={trajectory >= last}
        onClick={() => choose(trajectory + 1)}
      >
        ›
      </button>
      <span className="quiet">
        {count === undefined ? "" : `of ${formatCount(count)} kept for testing`}
      </span>
    </div>
  );
}
