import { useEffect, useRef, useState, useSyncExternalStore, type JSX } from "react";
import { toFootfallError, type FootfallError } from "../../core/errors";
import { addAddress, addLayers } from "../../notebook/add-layers";
import type { Notebook } from "../../notebook/store";
import { goToStep } from "../go-to-step";
import { stepName } from "../page-order";
import { Button } from "../ui/Button";
import { TextField } from "../ui/TextField";
import { formatCounted } from "../words";
import "../import/import.css";
import "./truth.css";

/** Offers to put back what was removed last. */
function PutBack({ notebook }: { notebook: Notebook }): JSX.Element | null {
  const { store } = notebook;
  const read = () => store.getState().removed;
  const removed = useSyncExternalStore(store.subscribe, read, read);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (removed !== undefined) box.current?.querySelector("button")?.focus();
  }, [removed]);
  const [first, ...more] = removed?.steps ?? [];
  if (first === undefined) return null;
  const name = stepName({ authored: { [first.id]: first } }, first.id);
  return (
    <div ref={box} className="put-back" role="status">
      <span>
        “{name}”{more.length > 0 && ` and ${formatCounted(more.length, "step")} that stood on it`}{" "}
        {more.length > 0 ? "were" : "was"} removed.
      </span>
      <Button kind="primary" onClick={() => notebook.putBack()}>
        Undo
      </Button>
      <Button label="Close" kind="quiet" onClick={() => store.setState({ removed: undefined })}>
        ✕
      </Button>
    </div>
  );
}

/** Said where nothing keeps what is dropped. */
const NOT_KEPT =
  "A layer stays as long as this page is open; after a reload it must be dropped again.";

/** The end of every notebook: where layers and embeddings of one's own are dropped or picked. */
export default function AddLayer({ notebook }: { notebook: Notebook }): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const { store } = notebook;
  const read = () => store.getState().keeping;
  const keeping = useSyncExternalStore(store.subscribe, read, read);
  const [error, setError] = useState<FootfallError>();
  const [addresses, setAddresses] = useState(0); // an address that was taken leaves an empty field
  const attempt = (add: () => string): void => {
    try {
      goToStep(add());
      setError(undefined);
    } catch (thrown) {
      setError(toFootfallError(thrown, "bad-input"));
    }
  };
  const take = (target: HTMLInputElement): void => {
    const files = [...(target.files ?? [])].map((blob) => ({ path: blob.name, blob }));
    target.value = ""; // the same file may be picked again
    if (files.length > 0) attempt(() => addLayers(notebook, files));
  };
  return (
    <section
      id="add-layer"
      className="add-layer"
      data-layer-drop=""
      aria-labelledby="add-layer-title"
    >
      <div>
        <h2 id="add-layer-title">Add a layer of your own</h2>
        <p>
          Drop a file here, or pick one: it becomes a truth of each cell, and with one more click a
          task. Nothing leaves this machine.
        </p>
      </div>
      <div className="add-layer-ways">
        <p>
          Rasters (GeoTIFF), polygons (GeoJSON, TopoJSON, Shapefile, GeoPackage, FlatGeobuf,
          GeoParquet, KML), tables by cell or by latitude and longitude (CSV, TSV, Parquet), or
          embeddings of another program (npy or safetensors with a file of keys).
        </p>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label="Files of a layer"
          data-layer-files=""
          onChange={({ target }) => take(target)}
        />
        <div className="add-layer-tools">
          <Button kind="primary" onClick={() => input.current?.click()}>
            Choose a layer…
          </Button>
          <TextField
            key={addresses}
            label="or a GeoTIFF on this server"
            value=""
            placeholder="/layers/people.tif"
            onChange={(address) => {
              if (address !== "") attempt(() => addAddress(notebook, address));
              setAddresses(addresses + 1);
            }}
          />
        </div>
        {error && (
          <p className="run-line failed" role="alert">
            {error.message}
          </p>
        )}
        <p className="quiet">{keeping ?? NOT_KEPT}</p>
      </div>
      <PutBack notebook={notebook} />
    </section>
  );
}
