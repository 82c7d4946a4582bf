import type { JSX } from "react";
import type { FilePreview } from "../../core/data/read/source";
import { formatBytes, formatCounted } from "../words";

interface FileListProps {
  previews: readonly FilePreview[];
  /** Titles of formats by id. */
  titles: ReadonlyMap<string, string>;
  chosen: number;
  onChoose: (file: number) => void;
}

function statusOf({ problem, warnings }: FilePreview): { mark: string; words: string } {
  if (problem !== undefined) return { mark: "bad", words: problem };
  if (warnings.length > 0)
    return { mark: "warn", words: formatCounted(warnings.length, "warning") };
  return { mark: "good", words: "can be read" };
}

/** Every file with what it is and whether it can be read; a click shows its first rows. */
export function FileList({ previews, titles, chosen, onChoose }: FileListProps): JSX.Element {
  return (
    <ul className="file-list" data-table="files" aria-label="Files">
      {previews.map((preview, i) => {
        const { mark, words } = statusOf(preview);
        return (
          <li key={preview.path} data-file-status={mark}>
            <button type="button" aria-pressed={i === chosen} onClick={() => onChoose(i)}>
              <span className="file-path">{preview.path}</span>
              <span className="quiet">
                {formatBytes(preview.bytes)}
                {preview.problem === undefined &&
                  ` · ${titles.get(preview.format.value) ?? preview.format.value}`}
                {preview.alike ? ` · and ${formatCounted(preview.alike, "more file")} like it` : ""}
              </span>
              <span className={`file-status status-${mark}`}>{words}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
