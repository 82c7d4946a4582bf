import type { JSX } from "react";
import { LAND_COVER_IDS, landCover } from "../../core/truth/land-cover";
import type {
  LayerPreview,
  PolygonChoice,
  RasterChoice,
  TableChoice,
  TruthChoice,
} from "../../core/truth/layer-types";
import type { TruthResult } from "../../core/job/truth";
import type { TruthSpec } from "../../notebook/steps/truth";
import type { StepProps } from "../steps/step-view";
import { CheckBox } from "../ui/CheckBox";
import { Select } from "../ui/Select";
import { askedOf, changeChoice, chooseColumn, columnOf } from "./choice";
import { ClassPick, ClassTable, type PartProps } from "./ClassPick";
import "../import/import.css";
import "./truth.css";

function DecileBox({ choice, onChoice }: PartProps<TruthChoice>): JSX.Element {
  return (
    <CheckBox
      isChecked={choice.deciles === true}
      onChange={(isOn) => onChoice({ deciles: isOn ? true : undefined })}
    >
      as deciles: ten classes of equal size
    </CheckBox>
  );
}

const RASTER_STATISTICS = [
  { value: "sum", text: "sum of the pixels" },
  { value: "mean", text: "mean of the pixels" },
  { value: "share", text: "share of classes" },
  { value: "majority", text: "class of most of the cell" },
] as const;

const RECOGNISED = "";

function RasterPart(props: PartProps<RasterChoice>): JSX.Element {
  const { preview, choice, onChoice } = props;
  const isClasses = choice.statistic === "share" || choice.statistic === "majority";
  const found = preview.preset ? landCover(preview.preset.id).title : "none";
  return (
    <>
      <Select
        label="Statistic"
        value={choice.statistic}
        options={RASTER_STATISTICS}
        onChange={(statistic) => onChoice({ statistic, deciles: undefined })}
      />
      {isClasses && (
        <Select
          label="Legend"
          value={choice.preset ?? RECOGNISED}
          options={[
            { value: RECOGNISED, text: `as recognised: ${found}` },
            ...LAND_COVER_IDS.map((id) => ({ value: id, text: landCover(id).title })),
            { value: "none", text: "none: pixel values" },
          ]}
          onChange={(preset) =>
            onChoice({ preset: preset === RECOGNISED ? undefined : preset, classes: [] })
          }
        />
      )}
      {choice.statistic === "share" && <ClassPick {...props} />}
      {choice.statistic !== "majority" && <DecileBox {...props} />}
    </>
  );
}

const JOINS = [
  { value: "centre", text: "by the cell’s centre" },
  { value: "area", text: "by the largest area" },
] as const;

const RULES = [
  { value: "value", text: "each value is a class" },
  { value: "suffix", text: "end of the name: -shi, 市 …" },
  { value: "table", text: "a table of my own" },
] as const;

function PolygonPart(props: PartProps<PolygonChoice>): JSX.Element {
  const { preview, choice, onChoice } = props;
  const isNumber = columnOf(preview, choice)?.kind === "number";
  const rule = choice.rule?.kind ?? "value";
  const statistics = [
    { value: "class", text: "class of the cell" },
    ...(isNumber ? ([{ value: "mean", text: "mean of the column" }] as const) : []),
    { value: "share", text: "share that classes cover" },
  ] as const;
  return (
    <>
      <Select
        label="Statistic"
        value={choice.statistic}
        options={statistics}
        onChange={(statistic) =>
          onChoice({ statistic, rule: undefined, deciles: undefined, classes: undefined })
        }
      />
      {choice.statistic !== "share" && (
        <Select
          label="Join"
          value={choice.join ?? "centre"}
          options={JOINS}
          onChange={(join) => onChoice({ join })}
        />
      )}
      {choice.statistic === "class" && (
        <Select
          label="Classes"
          value={rule}
          options={RULES}
          onChange={(kind) =>
            onChoice({
              rule:
                kind === "table" ? { kind, classes: {} } : kind === "value" ? undefined : { kind },
            })
          }
        />
      )}
      {choice.statistic === "class" && rule === "table" && (
        <ClassTable key={choice.column} {...props} />
      )}
      {choice.statistic === "share" && <ClassPick {...props} />}
      {choice.statistic !== "class" && <DecileBox {...props} />}
    </>
  );
}

const AGGREGATIONS = [
  { value: "mean", text: "mean of the rows" },
  { value: "sum", text: "sum of the rows" },
  { value: "majority", text: "value of most of the rows" },
] as const;

function TablePart(props: PartProps<TableChoice>): JSX.Element {
  const { preview, choice, onChoice } = props;
  const isNumber = columnOf(preview, choice)?.kind === "number";
  const aggregation = choice.aggregation ?? (isNumber ? "mean" : "majority");
  return (
    <>
      <Select
        label="Of several rows"
        value={aggregation}
        options={isNumber ? AGGREGATIONS : AGGREGATIONS.slice(2)}
        onChange={(value) => onChoice({ aggregation: value, deciles: undefined })}
      />
      {aggregation !== "majority" && <DecileBox {...props} />}
    </>
  );
}

function Part(props: PartProps<TruthChoice>): JSX.Element {
  const { choice } = props;
  switch (choice.kind) {
    case "raster":
      return <RasterPart {...props} choice={choice} />;
    case "polygons":
      return <PolygonPart {...props} choice={choice} />;
    case "table":
      return <TablePart {...props} choice={choice} />;
    default:
      return choice satisfies never;
  }
}

const NOTHING = "";

/** What can be asked of a layer: which band or column, which statistic, which classes. */
export default function TruthControls(
  props: StepProps<TruthSpec, TruthResult>,
): JSX.Element | null {
  const { spec, inputs, onChange } = props;
  const preview = inputs["layer"] as LayerPreview | undefined;
  if (preview === undefined) return null;
  const choice = askedOf(spec.choice, preview);
  const column = columnOf(preview, choice)?.name ?? NOTHING;
  const options = preview.columns.map(({ name }) => ({ value: name, text: name }));
  const isChosen = spec.choice !== undefined;
  return (
    <>
      {(preview.kind !== "raster" || preview.columns.length > 1) && (
        <Select
          label={preview.kind === "raster" ? "Band" : "Column"}
          value={column}
          options={
            column === NOTHING ? [{ value: NOTHING, text: "choose one" }, ...options] : options
          }
          onChange={(name) => name !== NOTHING && onChange({ choice: chooseColumn(preview, name) })}
        />
      )}
      {choice && (
        <Part
          preview={preview}
          choice={choice}
          onChoice={(change) => onChange({ choice: changeChoice(choice, change) })}
        />
      )}
      {!isChosen && <p className="why">{preview.why}.</p>}
    </>
  );
}
