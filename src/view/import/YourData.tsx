import { useState, type JSX } from "react";
import { Button } from "../ui/Button";
import { formatBytes, formatCount, formatCounted } from "../words";
import "./import.css";

/** A data set that the browser keeps. */
export interface KeptSet {
  id: string;
  name: string;
  bytes: number;
  savedMs: number;
  counts: { users?: number; checkIns?: number; trajectories?: number };
}

/** What the browser keeps and may keep. */
export interface StoredData {
  /** False where the browser offers this page no storage. */
  hasStorage: boolean;
  sets: readonly KeptSet[];
  /** Bytes; undefined where the browser does not say. */
  room: { used: number; quota: number; isPersistent: boolean } | undefined;
}

export interface YourDataProps {
  /** Undefined while it is being looked at. */
  data: StoredData | undefined;
  /** Said after everything was removed and looked at again. */
  isEmptied: boolean;
  onOpen: (set: KeptSet) => void;
  onDownload: (set: KeptSet) => void;
  onRemove: (set: KeptSet) => void;
  onRemoveAll: () => void;
  onPersist: () => void;
}

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

function SetLine({ set, ...on }: { set: KeptSet } & YourDataProps): JSX.Element {
  const { users, checkIns, trajectories } = set.counts;
  const counts = [
    users === undefined ? undefined : formatCounted(users, "person", "people"),
    checkIns === undefined ? undefined : formatCounted(checkIns, "check-in"),
    trajectories === undefined
      ? undefined
      : formatCounted(trajectories, "trajectory", "trajectories"),
    formatBytes(set.bytes),
  ];
  return (
    <li data-stored={set.id}>
      <div>
        <strong>{set.name}</strong>
        <span className="quiet">
          {" "}
          {counts.filter(Boolean).join(" · ")} · {day.format(set.savedMs)}
        </span>
      </div>
      <div className="set-tools">
        <Button kind="primary" label={`Open ${set.name}`} onClick={() => on.onOpen(set)}>
          Open
        </Button>
        <Button label={`Download ${set.name} as a zip`} onClick={() => on.onDownload(set)}>
          Download
        </Button>
        <Button label={`Remove ${set.name}`} onClick={() => on.onRemove(set)}>
          Remove
        </Button>
      </div>
    </li>
  );
}

function RoomLine({ data, onPersist }: { data: StoredData; onPersist: () => void }): JSX.Element {
  if (!data.hasStorage) {
    return (
      <p data-storage="none">
        This browser gives the page no storage of its own (a private window, perhaps): what you
        import stays in memory and is gone when the tab is closed.
      </p>
    );
  }
  const { room } = data;
  if (room === undefined)
    return <p data-storage="unknown">The browser does not say how much fits.</p>;
  return (
    <p data-storage={room.isPersistent ? "persistent" : "best-effort"}>
      {formatBytes(room.used)} used of the {formatBytes(room.quota)} that the browser allows.{" "}
      {room.isPersistent
        ? "It keeps the data until you remove them."
        : "It may clear the data when the disk runs full."}{" "}
      {!room.isPersistent && (
        <Button kind="quiet" onClick={onPersist}>
          Ask it to keep them
        </Button>
      )}
    </p>
  );
}

function RemoveAll({
  data,
  onRemoveAll,
}: {
  data: StoredData;
  onRemoveAll: () => void;
}): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  const bytes = data.sets.reduce((sum, set) => sum + set.bytes, 0);
  if (!isAsking) {
    return <Button onClick={() => setAsking(true)}>Remove all imported data…</Button>;
  }
  return (
    <span className="ask" role="alertdialog" aria-label="Remove all imported data?">
      Remove {formatCounted(data.sets.length, "data set")} ({formatBytes(bytes)}) for good?{" "}
      <Button
        kind="primary"
        onClick={() => {
          setAsking(false);
          onRemoveAll();
        }}
      >
        Remove all
      </Button>{" "}
      <Button onClick={() => setAsking(false)}>Keep them</Button>
    </span>
  );
}

/** What the page keeps in this browser: listed, opened again, downloaded, removed. */
export function YourData(props: YourDataProps): JSX.Element {
  const { data, isEmptied } = props;
  if (data === undefined) return <p className="quiet">Looking at what is stored …</p>;
  return (
    <div className="your-data">
      <h3>Imported before and kept in this browser</h3>
      {data.sets.length === 0 ? (
        <p data-stored-count={0}>
          {isEmptied
            ? "Everything was removed; the storage was looked at again, and it is empty."
            : "Nothing is kept here."}
        </p>
      ) : (
        <ul data-stored-count={formatCount(data.sets.length)}>
          {data.sets.map((set) => (
            <SetLine key={set.id} {...props} set={set} />
          ))}
        </ul>
      )}
      <RoomLine data={data} onPersist={props.onPersist} />
      {data.sets.length > 0 && <RemoveAll data={data} onRemoveAll={props.onRemoveAll} />}
    </div>
  );
}
