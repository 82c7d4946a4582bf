import type { JSX } from "react";
import { cellHash } from "../../core/geo/cells";
import type { AdaptMapResult } from "../../core/job/adapt";
import type { RowName } from "../../core/task/table/rows";
import { Facts } from "../steps/Facts";
import { Select } from "../ui/Select";
import type { AnswerFigure, Shown } from "./answer-maps";
import { TrajectoryMap } from "./TrajectoryMap";

interface PlaceDetailsProps {
  result: AdaptMapResult;
  figure: AnswerFigure;
  shown: Shown;
  row: RowName;
  /** Number of the place; undefined for none. */
  chosen: number | undefined;
  onChoose: (place: number | undefined) => void;
}

const PART_WORDS = ["its label was learnt from", "kept for the test", "in neither part"];
const NONE = "";
/** So many trajectories can be chosen from a list; the maps have all. */
const LISTED = 60;

/** Chooses a trajectory without a map: the keyboard's way. */
function TrajectoryList({ result, figure, shown, chosen, onChoose }: PlaceDetailsProps) {
  const { trajectories } = result;
  if (trajectories === undefined) return null;
  const { format } = figure;
  const options = [...trajectories].slice(0, LISTED).map((trajectory, n) => ({
    value: String(n),
    text: `trajectory ${trajectory}: ${format(shown.truth[n]!)}, guessed ${format(shown.own[n]!)}`,
  }));
  return (
    <Select
      label="Trajectory"
      value={chosen === undefined ? NONE : String(chosen)}
      options={[{ value: NONE, text: "none chosen" }, ...options]}
      onChange={(n) => onChoose(n === NONE ? undefined : Number(n))}
    />
  );
}

/** What is known of one place of the maps; of a trajectory also where it went. */
export function PlaceDetails(props: PlaceDetailsProps): JSX.Element {
  const { result, figure, shown, chosen } = props;
  const { cells, part, reasons, trajectories, task } = result;
  const { format } = figure;
  if (chosen === undefined) return <TrajectoryList {...props} />;
  const trajectory = trajectories?.[chosen];
  return (
    <div className="place-details" role="status" data-place={chosen}>
      <TrajectoryList {...props} />
      <Facts
        facts={[
          [trajectory === undefined ? "cell" : "home", cellHash(cells, chosen)],
          ["true", format(shown.truth[chosen]!)],
          [shown.titles[0], format(shown.twin[chosen]!)],
          [shown.titles[1], format(shown.own[chosen]!)],
          ["it was", PART_WORDS[part[chosen]!]],
          ["how the true answer came to be", reasons?.[chosen]],
        ]}
      />
      {trajectory !== undefined && (
        <TrajectoryMap
          key={trajectory}
          trajectory={trajectory}
          task={task}
          caption={`True ${format(shown.truth[chosen]!)}, guessed ${format(shown.own[chosen]!)} (${shown.titles[1]}), ${format(shown.twin[chosen]!)} (${shown.titles[0]}).`}
        />
      )}
    </div>
  );
}
