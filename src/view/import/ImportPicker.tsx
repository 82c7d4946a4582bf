import { useRef, type JSX } from "react";
import { DEFAULT_SEED } from "../../core/random";
import type { Imitation } from "../../core/world/imitations";
import { Button } from "../ui/Button";

interface ImportPickerProps {
  onPick: (files: File[]) => void;
}

const IMITATIONS = ["animals", "storms"] as const satisfies readonly Imitation[];

/** Makes an imitation as if its file had been picked; the code comes with the first click. */
async function pickImitation(kind: Imitation, onPick: (files: File[]) => void): Promise<void> {
  const { imitateFile } = await import("../../core/world/imitations");
  onPick([new File([imitateFile(kind, DEFAULT_SEED)], `imitated-${kind}.csv`)]);
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
      <p>
        Nothing at hand? Imitated tracks of other movers (paper 2, next check 3), made here by seed;
        none of them is real. Choose cells of resolution 6 for animals and 5 for storms, which come
        back often enough to be learnt.
      </p>
      <div className="set-tools">
        {IMITATIONS.map((kind) => (
          <Button key={kind} onClick={() => void pickImitation(kind, onPick)}>
            Imitated {kind}
          </Button>
        ))}
      </div>
    </div>
  );
}
