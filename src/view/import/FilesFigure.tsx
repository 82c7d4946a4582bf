import { useMemo, useState, type JSX } from "react";
import type { FilePreview } from "../../core/data/read/source";
import type { InspectResult } from "../../core/job/inspect";
import type { FilesSpec } from "../../notebook/steps/files";
import type { FigureProps } from "../steps/step-view";
import { Button } from "../ui/Button";
import { asSentence, formatBytes } from "../words";
import { FileList } from "./FileList";
import { BoxFields, GridFrameFields } from "./GridPlace";
import { PointsMap } from "./PointsMap";
import { PreviewTable } from "./PreviewTable";
import { changeRead, type ChangeRead } from "./read-change";
import { ReadingTable } from "./ReadingTable";
import "./import.css";

interface PreviewProps {
  preview: FilePreview;
  formats: InspectResult["formats"];
  read: FilesSpec["read"];
  onRead: ChangeRead;
}

/** Formats whose coordinates are no degrees until somebody says where they lie. */
const GRID_FORMAT = "human-mobility";
const BOX_FORMAT = "raw-arrays";

function Warnings({ preview, read, onRead }: PreviewProps): JSX.Element | null {
  const { warnings, looksSwapped } = preview;
  if (warnings.length === 0 && !looksSwapped && !read.swapped) return null;
  return (
    <div className="loud" role="alert" data-warnings={warnings.length}>
      {warnings.map((warning) => (
        <p key={warning}>{asSentence(warning)}</p>
      ))}
      {(looksSwapped || read.swapped) && (
        <Button onClick={() => onRead({ swapped: read.swapped ? undefined : true })}>
          {read.swapped ? "Read them as they stand again" : "Swap latitude and longitude"}
        </Button>
      )}
    </div>
  );
}

/** One file: its first rows with what each column is taken for, how it is read, and where its points lie. */
function Preview(props: PreviewProps): JSX.Element {
  const { preview, read, onRead } = props;
  if (preview.problem !== undefined) {
    return (
      <div className="run-line failed" role="alert">
        <p>{asSentence(preview.problem)}</p>
        <p className="advice">It is left out of the import; the other files are read.</p>
      </div>
    );
  }
  const format = read.format ?? preview.format.value;
  return (
    <>
      <p className="file-head">
        <strong>{preview.path}</strong> <span className="quiet">{formatBytes(preview.bytes)}</span>
      </p>
      <Warnings {...props} />
      {preview.columns.length > 0 && <PreviewTable {...props} />}
      <div className="reading-and-map">
        <div>
          <ReadingTable {...props} />
          {format === GRID_FORMAT && <GridFrameFields read={read} onRead={onRead} />}
          {format === BOX_FORMAT && <BoxFields read={read} onRead={onRead} />}
        </div>
        {preview.points.length > 0 ? (
          <PointsMap points={preview.points} />
        ) : (
          <p className="quiet">No point can be placed yet.</p>
        )}
      </div>
    </>
  );
}

/** What the files are, before anything is read whole. */
export default function FilesFigure(props: FigureProps<FilesSpec, InspectResult>): JSX.Element {
  const { spec, outcome, onChange } = props;
  const { previews, formats } = outcome;
  const [wanted, setChosen] = useState(0);
  const titles = useMemo(() => new Map(formats.map(({ id, title }) => [id, title])), [formats]);
  const chosen = Math.min(wanted, previews.length - 1);
  const preview = previews[chosen];
  return (
    <div className="files-figure">
      {previews.length > 1 && <FileList {...{ previews, titles, chosen }} onChoose={setChosen} />}
      {preview && (
        <Preview
          {...{ preview, formats }}
          read={spec.read}
          onRead={(change) => onChange({ read: changeRead(spec.read, change) })}
        />
      )}
    </div>
  );
}
