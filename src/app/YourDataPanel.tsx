import { useEffect, useState, type JSX } from "react";
import { toFootfallError, type FootfallError } from "../core/errors";
import { ImportPicker } from "../view/import/ImportPicker";
import { YourData, type KeptSet, type StoredData } from "../view/import/YourData";
import { Button } from "../view/ui/Button";
import { PageNotice } from "../view/PageNotice";
import { saveFile, stemOf } from "../view/save-file";
import { onStoredChange } from "./import-run";
import { askToPersist, readStoredData, removeStored } from "./your-data";
import { zipSet } from "./zip-set";

interface YourDataPanelProps {
  onPick: (files: File[]) => void;
  onOpen: (set: KeptSet) => void;
  /** One data set was removed; all of them where none is named. */
  onRemoved: (id: string | undefined) => void;
  onClose: () => void;
}

/** The panel of everything that is the user's own: bring data, open them again, remove them. */
export default function YourDataPanel(props: YourDataPanelProps): JSX.Element {
  const [data, setData] = useState<StoredData>();
  const [isEmptied, setEmptied] = useState(false);
  const [error, setError] = useState<FootfallError>();
  const attempt = (work: Promise<unknown>): void => {
    work
      .then(() => setError(undefined))
      .catch((thrown: unknown) => setError(toFootfallError(thrown, "bad-input")));
  };
  useEffect(() => {
    const look = (): void => attempt(readStoredData().then(setData));
    look();
    return onStoredChange(look);
  }, []);
  const remove = (id: string | undefined): void =>
    attempt(
      removeStored(id).then(() => {
        setEmptied(id === undefined);
        props.onRemoved(id);
      }),
    );
  return (
    <div className="panel your-data-panel">
      <ImportPicker onPick={props.onPick} />
      {error && <PageNotice error={error} onClose={() => setError(undefined)} />}
      <YourData
        data={data}
        isEmptied={isEmptied}
        onOpen={props.onOpen}
        onDownload={({ id, name }) =>
          attempt(zipSet(id).then((zip) => saveFile(`${stemOf(name)}.zip`, zip)))
        }
        onRemove={({ id }) => remove(id)}
        onRemoveAll={() => remove(undefined)}
        onPersist={() => attempt(askToPersist())}
      />
      <p className="panel-end">
        <Button kind="quiet" onClick={props.onClose}>
          Back to the page
        </Button>
      </p>
    </div>
  );
}
