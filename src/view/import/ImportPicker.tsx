import { useRef, type JSX } from "react";
import { Button } from "../ui/Button";

interface ImportPickerProps {
  onPick: (files: File[]) => void;
}

/** How to bring data: dropped anywhere, or picked with a button. */
export function ImportPicker({ onPick }: ImportPickerProps): JSX.Element {
  const files = useRef<HTMLInputElement | null>(null);
  const folder = useRef<HTMLInputElement | null>(null);
  const take = (target: HTMLInputElement): void => {
    const picked = [...(target.files ?? [])];
    target.value = ""; // the same files may be picked again
    if (picked.length > 0) onPick(picked);
  };
  return (
    <div className="import-picker">
      <h3>Bring your own</h3>
      <p>
        Drop files, a folder or a zip anywhere on this page, or pick them here. Locations with
        times: CSV, TSV, Parquet, Arrow, GPX, KML, GeoJSON, NDJSON, GeoLife and other public data
        sets as downloaded; or a folder with tokens and weights. Nothing leaves this machine.
      </p>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Files to import"
        data-import-files=""
        onChange={({ target }) => take(target)}
      />
      <input
        ref={(element) => {
          folder.current = element;
          element?.setAttribute("webkitdirectory", ""); // no property of its own in React
        }}
        type="file"
        hidden
        aria-label="Folder to open"
        data-open-folder=""
        onChange={({ target }) => take(target)}
      />
      <div className="set-tools">
        <Button kind="primary" onClick={() => files.current?.click()}>
          Choose files…
        </Button>
        <Button onClick={() => folder.current?.click()}>Choose a folder…</Button>
      </div>
    </div>
  );
}
