import { useState, type JSX } from "react";
import type { LayerPreview, TableChoice } from "../../core/truth/layer-types";
import { Select } from "../ui/Select";
import { TextField } from "../ui/TextField";

type Key = NonNullable<TableChoice["key"]>;

interface KeyFieldsProps {
  /** What was found, or named before, and the columns there are; undefined where a look found nothing. */
  keyed: LayerPreview["keyed"];
  /** What the reader named. */
  said: Key | undefined;
  /** Undefined: as found. */
  onSay: (key: Key | undefined) => void;
}

/** What is written so far: it says something only when it is whole. */
interface Draft {
  kind: "found" | Key["kind"];
  column: string;
  lat: string;
  lng: string;
}

const keyWords = (key: Key): string =>
  key.kind === "cell" ? `cells in “${key.column}”` : `places in “${key.lat}”, “${key.lng}”`;

/** The key that a draft says; "unfinished" where a column is still to be named. */
export function keyOf({ kind, column, lat, lng }: Draft): Key | undefined | "unfinished" {
  if (kind === "found") return undefined;
  if (kind === "cell") return column === "" ? "unfinished" : { kind, column };
  return lat === "" || lng === "" ? "unfinished" : { kind, lat, lng };
}

/** Which columns of a table say where its rows lie: as found, or named by the reader. */
export function KeyFields({ keyed, said, onSay }: KeyFieldsProps): JSX.Element {
  const [draft, setDraft] = useState<Draft>(() => ({
    kind: "found",
    column: "",
    lat: "",
    lng: "",
    ...said,
  }));
  const found = said === undefined && keyed ? `: ${keyWords(keyed.key)}` : "";
  const change = (part: Partial<Draft>): void => {
    const next = { ...draft, ...part };
    setDraft(next);
    const key = keyOf(next);
    const isSame = JSON.stringify(key) === JSON.stringify(said);
    if (key !== "unfinished" && !isSame) onSay(key);
  };
  const field = (label: string, name: "column" | "lat" | "lng"): JSX.Element => (
    <TextField
      label={label}
      value={draft[name]}
      choices={keyed?.names ?? []}
      onChange={(text) => change({ [name]: text })}
    />
  );
  return (
    <>
      <Select
        label="Where a row lies"
        value={draft.kind}
        options={[
          { value: "found", text: `as found${found}` },
          { value: "cell", text: "a column of cells" },
          { value: "place", text: "latitude and longitude" },
        ]}
        onChange={(kind) => change({ kind })}
      />
      {draft.kind === "cell" && field("Column of cells", "column")}
      {draft.kind === "place" && field("Latitude", "lat")}
      {draft.kind === "place" && field("Longitude", "lng")}
    </>
  );
}
