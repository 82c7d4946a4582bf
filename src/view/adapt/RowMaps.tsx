import { useEffect, useRef, useState, type JSX } from "react";
import type { AdaptMapJob, MapExtent } from "../../core/job/adapt";
import { rowFacts, type RowName } from "../../core/task/table/rows";
import type { TableSettings } from "../../core/task/table/settings";
import type { SplitName } from "../../core/task/tasks/examples";
import type { TaskFacts } from "../../core/task/tasks/types";
import { toAskedMaps } from "../../notebook/steps/adapt";
import { useAnswer } from "../asking";
import { AskLine } from "../tokens/AskLine";
import { Button } from "../ui/Button";
import { Select } from "../ui/Select";
import { AnswerMaps } from "./AnswerMaps";
import { SPLIT_WORDS } from "./scores";

interface RowMapsProps {
  task: TaskFacts;
  /** Of the table that the row is of. */
  settings: TableSettings;
  /** The row whose maps were asked for. */
  row: RowName;
  /** True where the first trajectory is drawn at once. */
  drawsFirst: boolean;
  onClose: () => void;
}

const EXTENTS: Readonly<Record<MapExtent, string>> = {
  part: "one part (fast)",
  whole: "all of it",
  test: "the test cells alone",
};

/** The row that stands beside the random twin; beside itself a twin says nothing. */
const ownRow = (row: RowName): RowName => (row === "random" ? "fine-tuned" : row);

/** Truth, random twin, a row and the difference as maps; trained again where the weights are not there any more. */
export function RowMaps(props: RowMapsProps): JSX.Element {
  const { task, settings, row, drawsFirst, onClose } = props;
  const isWide = task.input === "region";
  const { splits } = settings;
  const [extent, setExtent] = useState<NonNullable<AdaptMapJob["extent"]>>(
    isWide ? "first" : "test",
  );
  const [split, setSplit] = useState<SplitName>(splits[0]!);
  const own = ownRow(row);
  const { title } = rowFacts(row);
  const key = JSON.stringify([task.name, own, split, extent, settings]);
  const answer = useAnswer<AdaptMapJob>(key);
  const start = (): void =>
    answer.start(toAskedMaps({ settings, rows: ["random", own], split, extent }));
  useEffect(() => {
    start();
    // oxlint-disable-next-line react/exhaustive-deps -- asked anew for each choice, which the key holds
  }, [key]);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    // braces, not an expression: newer browsers give a promise, which React would call when the maps close
    place.current?.scrollIntoView({ block: "start" });
  }, []);
  return (
    <section ref={place} className="row-maps" aria-label={`Maps of ${title}`} data-row-maps={own}>
      <div className="settings-head">
        <h4>Maps: {title}</h4>
        {isWide && (
          <Select
            label="Extent"
            value={extent === "first" ? (answer.result?.extent ?? "part") : extent}
            options={Object.entries(EXTENTS).map(([value, text]) => {
              return { value: value as MapExtent, text };
            })}
            onChange={setExtent}
          />
        )}
        {splits.length > 1 && (
          <Select
            label="Held out"
            value={split}
            options={splits.map((value) => ({ value, text: SPLIT_WORDS[value] }))}
            onChange={setSplit}
          />
        )}
        <Button kind="quiet" onClick={onClose}>
          Close the maps
        </Button>
      </div>
      {answer.result === undefined ? (
        <AskLine state={answer.state} start="Draw the maps" onStart={start} onStop={answer.stop} />
      ) : (
        <AnswerMaps key={key} result={answer.result} row={own} drawsFirst={drawsFirst} />
      )}
    </section>
  );
}
