import type { JSX } from "react";
import type { LayerColumn, LayerPreview } from "../../core/truth/layer-types";
import { landCover } from "../../core/truth/land-cover";
import type { LayerSpec } from "../../notebook/steps/layer";
import { formatValue } from "../map/format";
import { Facts } from "../steps/Facts";
import type { FigureProps } from "../steps/step-view";
import { Table } from "../ui/Table";
import { formatBytes, formatCount } from "../words";
import { EmbeddingsOffer } from "./EmbeddingsOffer";
import { ExtentMap } from "./ExtentMap";
import { useDataBounds } from "./use-data-bounds";
import { KIND_WORDS, meetingWords } from "./words";
import "../import/import.css";
import "./truth.css";

type Props = FigureProps<LayerSpec, LayerPreview>;

/** Values that are named in a row of the table; the others are counted. */
const NAMED = 6;
/** Columns that are shown; tables of a satellite's bands or of a census have hundreds. */
const SHOWN_COLUMNS = 40;
/** As many columns of numbers look like embeddings. */
const MANY_NUMBERS = 8;

/** "12 different", "many different". */
function distinctWords({ distinct }: LayerColumn): string {
  return distinct === undefined ? "many" : formatCount(distinct.length);
}

/** Measurements with the digits that say something. */
const shorten = (value: string): string =>
  /\.\d{4,}/.test(value) ? Number(Number(value).toPrecision(4)).toString() : value;

function exampleWords({ distinct, examples, kind }: LayerColumn): string {
  const read = kind === "number" ? shorten : String;
  const named = distinct?.map(({ value, name }) => (name ? `${value} (${name})` : read(value)));
  const shown = (named ?? examples.map(read)).slice(0, NAMED);
  const more = (named?.length ?? Infinity) > shown.length ? ", …" : "";
  return shown.join(", ") + more;
}

const rangeWords = ({ range }: LayerColumn): string =>
  range ? `${formatValue(range[0])} to ${formatValue(range[1])}` : "";

function ColumnTable({ kind, columns }: LayerPreview): JSX.Element {
  const left = columns.length - SHOWN_COLUMNS;
  return (
    <div data-table="layer">
      <Table
        head={[kind === "raster" ? "band" : "column", "holds", "different", "from, to", "values"]}
        rows={columns
          .slice(0, SHOWN_COLUMNS)
          .map((column) => [
            column.name,
            column.kind === "number" ? "numbers" : "text",
            distinctWords(column),
            rangeWords(column),
            exampleWords(column),
          ])}
        numeric={[2]}
      />
      {left > 0 && <p className="note">{formatCount(left)} more are not shown.</p>}
    </div>
  );
}

/** A table of many numbers may hold embeddings rather than truths. */
function mayBeEmbeddings({ columns, kind }: LayerPreview): boolean {
  const numbers = columns.filter((column) => column.kind === "number").length;
  const hasList = columns.some(({ examples }) => examples[0]?.startsWith("["));
  return kind === "table" && (numbers >= MANY_NUMBERS || hasList);
}

/** What a layer is, before anything is measured: where it lies, its system, its columns. */
export default function LayerFigure({ outcome }: Props): JSX.Element {
  const { kind, format, bytes, system, preset, extent, warnings } = outcome;
  const data = useDataBounds();
  const meeting = meetingWords(extent, data);
  const loud = [...warnings, ...(meeting?.isLoud ? [meeting.text] : [])];
  return (
    <div className="layer-figure" data-layer={kind}>
      <Facts
        facts={[
          ["kind", KIND_WORDS[kind]],
          ["format", format],
          ["size", formatBytes(bytes)],
          ["coordinate system", system],
          ["legend", preset && `${landCover(preset.id).title}: ${preset.why}`],
        ]}
      />
      {loud.length > 0 && (
        <div className="loud" role="alert">
          {loud.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
      )}
      <div className="layer-parts">
        <div>
          <ColumnTable {...outcome} />
          {meeting && !meeting.isLoud && <p className="note">{meeting.text}</p>}
          {mayBeEmbeddings(outcome) && <EmbeddingsOffer of="its cell" />}
        </div>
        {extent && <ExtentMap layer={extent} data={data} />}
      </div>
    </div>
  );
}
