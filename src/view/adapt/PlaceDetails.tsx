import type { JSX } from "react";
import { cellHash } from "../../core/geo/cells";
import type { AdaptMapResult } from "../../core/job/adapt";
import type { RowName } from "../../core/task/table/rows";
import { Facts } from "../steps/Facts";
import { Select } from "../ui/Select";
import { readAnswer, type AnswerFigure } from "./answer-maps";
import type { Shown } from "./shown-answers";
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
  const options = [...trajectories].slice(0, LISTED).map((trajectory, n) => ({
    value: String(n),
    text: `trajectory ${trajectory}: ${readAnswer(figure, shown, "truth", n)}, guessed ${readAnswer(figure, shown, "own", n)}`,
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
  if (chosen === undefined) return <TrajectoryList {...props} />;
  const trajectory = trajectories?.[chosen];
  const [truth, twin, own] = (["truth", "twin", "own"] as const).map((which) =>
    readAnswer(figure, shown, which, chosen),
  );
  return (
    <div className="place-details" role="status" data-place={chosen}>
      <TrajectoryList {...props} />
      <Facts
        facts={[
          [trajectory === undefined ? "cell" : "home", cellHash(cells, chosen)],
          ["true", truth],
          [shown.titles[0], twin],
          [shown.titles[1], own],
          ["it was", PART_WORDS[part[chosen]!]],
          ["how the true answer came to be", reasons?.[chosen]],
        ]}
      />
      {trajectory !== undefined && (
        <TrajectoryMap
          key={trajectory}
          trajectory={trajectory}
          task={task}
          caption={`True ${truth}, guessed ${own} (${shown.titles[1]}), ${twin} (${shown.titles[0]}).`}
        />
      )}
    </div>
  );
}
