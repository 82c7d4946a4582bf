import type { JSX } from "react";
import { formatCount } from "../words";

interface TrajectoryChoiceProps {
  /** What is counted; default "Trajectory". */
  what?: string;
  /** From 0. */
  trajectory: number;
  /** Test trajectories to choose from; undefined before they are known. */
  count: number | undefined;
  onChoose: (trajectory: number) => void;
}

/** Which trajectory: previous, next, or its number. */
export function TrajectoryChoice(props: TrajectoryChoiceProps): JSX.Element {
  const { what = "Trajectory", trajectory, count, onChoose } = props;
  const one = what.toLowerCase();
  const last = Math.max(0, (count ?? trajectory + 1) - 1);
  const choose = (wanted: number): void => {
    if (Number.isInteger(wanted) && wanted >= 0 && wanted <= last) onChoose(wanted);
  };
  return (
    <div className="choice trajectory-choice" role="group" aria-label={what}>
      <span>{what}</span>
      <button
        type="button"
        className="button"
        aria-label={`Previous ${one}`}
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
        aria-label={`Number of the ${one}`}
        onChange={(event) => choose(event.target.valueAsNumber - 1)}
      />
      <button
        type="button"
        className="button"
        aria-label={`Next ${one}`}
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
