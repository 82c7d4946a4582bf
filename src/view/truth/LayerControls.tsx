import type { JSX } from "react";
import { layerKind } from "../../core/truth/layer-kinds";
import type { LayerPreview } from "../../core/truth/layer-types";
import type { LayerSpec } from "../../notebook/steps/layer";
import { RemoveStep } from "../RemoveStep";
import type { StepProps } from "../steps/step-view";
import { Select } from "../ui/Select";
import { TextField } from "../ui/TextField";
import { PeopleOffer } from "./EmbeddingsOffer";
import { KeyFields } from "./KeyFields";
import "../import/import.css";
import "./truth.css";

/** Encodings of old Shapefiles' texts. */
const ENCODINGS = ["utf-8", "windows-1252", "gbk", "big5", "shift_jis", "euc-kr", "windows-1251"];

/** What a first look may get wrong, and how to say it. */
export default function LayerControls(props: StepProps<LayerSpec, LayerPreview>): JSX.Element {
  const { spec, outcome, onChange } = props;
  const { hints } = spec;
  const set = (name: "layer" | "crs" | "encoding", text: string): void =>
    onChange({ hints: { ...hints, [name]: text === "" ? undefined : text } });
  const layers = outcome?.layers ?? [];
  // a look that fails for want of a key has no outcome
  const isTable = (outcome?.kind ?? layerKind(spec.paths[0] ?? "")) === "table";
  return (
    <>
      {layers.length > 1 && (
        <Select
          label="Layer of the file"
          value={hints.layer ?? layers.find((one) => outcome?.path.endsWith(one)) ?? layers[0]!}
          options={layers.map((value) => ({ value, text: value }))}
          onChange={(layer) => set("layer", layer)}
        />
      )}
      {isTable ? (
        <KeyFields
          keyed={outcome?.keyed}
          said={hints.key}
          onSay={(key) => onChange({ hints: { ...hints, key } })}
        />
      ) : (
        <TextField
          label="Coordinate system"
          value={hints.crs ?? ""}
          placeholder="as the file says; or EPSG:3857"
          onChange={(text) => set("crs", text)}
        />
      )}
      {outcome?.format.startsWith("Shapefile") && (
        <TextField
          label="Encoding of its texts"
          value={hints.encoding ?? ""}
          placeholder="as the file says"
          choices={ENCODINGS}
          onChange={(text) => set("encoding", text)}
        />
      )}
      {isTable && <PeopleOffer />}
      <RemoveStep what="the layer" />
    </>
  );
}
