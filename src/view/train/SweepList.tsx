import type { JSX } from "react";
import { SWEEP_WORDS } from "../../core/job/sweep/words";
import type { KeptSweep } from "../page-context";
import { Button } from "../ui/Button";
import { Table } from "../ui/Table";
import { formatBytes } from "../words";
import { RemoveButton } from "./RemoveButton";
import { progressText } from "./sweep-words";
import { whenText } from "./words";

interface SweepListProps {
  sweeps: readonly KeptSweep[];
  /** Says the same for the same data; undefined before they are there. */
  dataKey: string | undefined;
  /** The sweep that goes, and the one that is shown. */
  going: string | undefined;
  shown: string | undefined;
  onOpen: (sweep: KeptSweep) => void;
  onRemove: (sweep: KeptSweep) => void;
}

function SweepTools(props: SweepListProps & { sweep: KeptSweep }): JSX.Element {
  const { sweep, dataKey, going, shown } = props;
  if (going === sweep.id) return <span className="quiet">going on now</span>;
  const isSame = dataKey === undefined || dataKey === sweep.data.key;
  return (
    <span className="run-tools">
      {isSame && shown !== sweep.id && (
        <Button disabled={going !== undefined} onClick={() => props.onOpen(sweep)}>
          {sweep.isFinished ? "Show" : "Resume"}
        </Button>
      )}
      <RemoveButton
        name={`sweep ${sweep.id}`}
        bytes={sweep.bytes}
        onRemove={() => props.onRemove(sweep)}
      />
    </span>
  );
}

/** All sweeps that this browser keeps, whole or not. */
export function SweepList(props: SweepListProps): JSX.Element | null {
  const { sweeps } = props;
  if (sweeps.length === 0) return null;
  return (
    <div className="run-list" data-table="sweeps">
      <h3>Sweeps in this browser</h3>
      <Table
        head={["sweep", "begun", "data", "done", "kept", ""]}
        rows={sweeps.map((sweep) => [
          SWEEP_WORDS[sweep.over].choice,
          whenText(sweep.startedMs),
          sweep.data.name,
          progressText(sweep),
          formatBytes(sweep.bytes),
          <SweepTools key="tools" {...props} sweep={sweep} />,
        ])}
        numeric={[4]}
      />
    </div>
  );
}
