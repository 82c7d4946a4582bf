import { useEffect, useRef, type JSX } from "react";
import type { AdaptModelJob } from "../../core/job/adapt";
import { rowFacts, type RowName } from "../../core/task/table/rows";
import type { TableSettings } from "../../core/task/table/settings";
import type { TaskName } from "../../core/task/tasks/types";
import { toAskedModel } from "../../notebook/steps/adapt";
import { useAnswer } from "../asking";
import { usePage } from "../page-context";
import { AskLine } from "../tokens/AskLine";
import { Button } from "../ui/Button";
import { formatBytes } from "../words";

interface AdaptedModelProps {
  task: TaskName;
  /** Of the table that the row is of. */
  settings: TableSettings;
  row: RowName;
  onClose: () => void;
}

/** The adapted model of a row as a zip of its Hugging Face folder; trained again where its weights are not there any more. */
export function AdaptedModel({ task, settings, row, onClose }: AdaptedModelProps): JSX.Element {
  const { training } = usePage();
  const key = JSON.stringify([task, row, settings]);
  const answer = useAnswer<AdaptModelJob>(key);
  const start = (): void => answer.start(toAskedModel({ settings, row }));
  useEffect(() => {
    start();
    // oxlint-disable-next-line react/exhaustive-deps -- asked anew for each table and row, which the key holds
  }, [key]);
  const files = answer.result?.files;
  const name = `footfall-${task}-${row}.zip`;
  const saved = useRef<unknown>(undefined);
  useEffect(() => {
    if (files === undefined || saved.current === files) return;
    saved.current = files;
    void training?.saveZip(name, files);
  }, [files, name, training]);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    // braces, not an expression: newer browsers give a promise, which React would call when the section closes
    place.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <section
      ref={place}
      className="finding"
      aria-label={`Model of ${rowFacts(row).title}`}
      data-zip={row}
    >
      {files === undefined ? (
        <AskLine state={answer.state} start="Make the zip" onStart={start} onStop={answer.stop} />
      ) : (
        <p role="status">
          {name} is saved:{" "}
          {files.map(({ path, blob }) => `${path} (${formatBytes(blob.size)})`).join(", ")}. The
          weights are those of the first seed and split, best on validation.
        </p>
      )}
      <Button kind="quiet" onClick={onClose}>
        Close
      </Button>
    </section>
  );
}
