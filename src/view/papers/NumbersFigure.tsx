import type { JSX } from "react";
import type { PartResult } from "../../core/job/papers";
import type { ComparedTable } from "../../core/papers/comparison";
import type { Gain } from "../../core/papers/gains";
import { withUnit } from "../../core/papers/judgement";
import { publishedCells, type HyperParameter } from "../../core/papers/published";
import type { OurScore } from "../../core/papers/results";
import { withInterval } from "../../core/papers/row-pairs";
import { rowFacts, ROW_NAMES } from "../../core/task/table/rows";
import { METRICS } from "../../core/task/tasks/metric-names";
import { saveFile } from "../save-file";
import { Button } from "../ui/Button";
import { Table } from "../ui/Table";
import { formatCounted } from "../words";
import { MarkNote, Part, SourceNote, StepAnchor } from "./parts";

/** What the printed accuracy probably is. */
const BALANCED = { notebook: "papers", step: "errata", part: "erratum-3" } as const;

const ROW_WORDS: Record<string, string> = {
  "transformer-small": "Transformer, small",
  "transformer-medium": "Transformer, medium",
  "transformer-large": "Transformer, large",
  random: "BERT, random",
  "zero-shot": "BERT, zero-shot",
  "few-shot": "BERT, few-shot",
  "fine-tuned": "BERT, fine-tuned",
};

/** Titles of the columns; where a table has two tasks, with the task. */
function columnTitles({ published: { columns } }: ComparedTable): string[] {
  const isOneTask = new Set(columns.map(({ task }) => task)).size === 1;
  const place = (task: string): string => task.replace("travel-", "cross-");
  return columns.map(({ task, metric }) =>
    isOneTask ? METRICS[metric].title : `${METRICS[metric].title}, ${place(task)}`,
  );
}

/** A row that the papers' tables do not have, by the name that our tables give it. */
function ownTitle(row: string): string {
  const name = ROW_NAMES.find((known) => known === row);
  return name === undefined ? row : rowFacts(name).title;
}

type Ours = readonly (OurScore | undefined)[];

/** A printed number with ours below it. */
function Compared({ theirs, ours }: { theirs: string; ours: OurScore | undefined }): JSX.Element {
  return (
    <>
      {theirs.replace("-", "−")} {ours && <span className="our-score">{withInterval(ours)}</span>}
    </>
  );
}

/** Over how many seeds ours are, where there are any. */
function seedsText(ours: Ours): string {
  const seeds = ours.flatMap((score) => score?.seeds ?? []);
  return seeds.length > 0 ? formatCounted(Math.min(...seeds), "seed") : "not run here";
}

function ComparedFigure({ table }: { table: ComparedTable }): JSX.Element {
  const { published, ours, ownRows, whyNot, isSensitive } = table;
  const titles = columnTitles(table);
  const toRow = (title: string, row: string, values: readonly number[]) => [
    title,
    ...titles.map((_, i) => (
      <Compared key={i} theirs={String(values[i] ?? "")} ours={ours[row]?.[i]} />
    )),
    seedsText(ours[row] ?? []),
  ];
  const known = Object.entries(published.rows).map(([row, values]) =>
    toRow(ROW_WORDS[row] ?? row, row, values),
  );
  const own = ownRows.map((row) => toRow(ownTitle(row), row, []));
  const hasAccuracy = published.columns.some(({ metric }) => metric === "accuracy");
  const { table: number, title, section, line } = published;
  return (
    <Part title={`Table ${number}: ${title}`} id={`table-${number}`}>
      <Table
        label={`Table ${number} of paper 1, ${title}, with ours`}
        head={["model", ...titles, "ours below theirs, random split"]}
        rows={[...known, ...own]}
        numeric={titles.map((_, i) => i + 1)}
      />
      <p className="note">
        Paper 1, section {section}, from line {line}. {whyNot}
        {hasAccuracy && " Our accuracy is the plain one, theirs probably the balanced one: "}
        {hasAccuracy && <StepAnchor link={BALANCED}>errata 3</StepAnchor>}
        {hasAccuracy && "."}
        {isSensitive && " It is about people: "}
        {isSensitive && <a href="#sensitive">the warning on sensitive inference</a>}
        {isSensitive && " holds."}
      </p>
    </Part>
  );
}

const FIT_WORDS = {
  rounded: "adds up",
  cut: "adds up only with digits cut off",
  off: "does not add up",
} as const;

function gainRow({ what, printed, unit, computed, fit, note, source }: Gain) {
  const between = printed.length > 1 && unit !== "°" ? " to " : " and ";
  return [
    what,
    printed.map((value) => withUnit(value, unit)).join(between),
    computed.map(({ of, value }) => `${withUnit(value, unit, 4)} (${of})`).join(", "),
    <span key="fit" data-fit={note === undefined ? fit : "off"}>
      {note === undefined ? FIT_WORDS[fit] : `≠ ${FIT_WORDS[fit]}: ${note}`}
    </span>,
    <SourceNote key="source" source={source} />,
  ];
}

const settingText = (value: HyperParameter["region"]): string =>
  typeof value === "boolean" ? (value ? "yes" : "–") : String(value);

function Settings({ outcome }: { outcome: PartResult<"numbers"> }): JSX.Element {
  return (
    <>
      <Part title="Table 13: Baselines" id="table-13">
        <Table
          label="Table 13 of paper 1"
          head={["baseline", "layers", "heads", "input width", "hidden width"]}
          rows={outcome.baselines.map(({ row, layers, heads, inputWidth, hiddenWidth }) => [
            ROW_WORDS[row] ?? row,
            ...[layers, heads, inputWidth, hiddenWidth].map(String),
          ])}
        />
      </Part>
      <Part title="Table 14: Hyper-parameters" id="table-14">
        <Table
          label="Table 14 of paper 1"
          head={["hyper-parameter", "pre-training", "adaptation, trajectory", "adaptation, region"]}
          rows={outcome.hyperParameters.map(({ name, preTraining, trajectory, region }) => [
            name,
            ...[preTraining, trajectory, region].map(settingText),
          ])}
          numeric={[1, 2, 3]}
        />
      </Part>
    </>
  );
}

const factText = (value: number | string, unit?: string): string =>
  typeof value === "number" ? withUnit(value, unit) : value;

/** Tables 2 to 14 and the facts beside them, each with the line that it stands in (RS-09). */
function savePrinted({ baselines, hyperParameters, facts }: PartResult<"numbers">): void {
  const printed = { cells: publishedCells(), baselines, hyperParameters, facts };
  const text = `${JSON.stringify(printed, null, 2)}\n`;
  saveFile("footfall-papers.json", new Blob([text], { type: "application/json" }));
}

/** Every printed number with ours beside it (AD-22, AD-23, RS-09). */
export function NumbersFigure({ outcome }: { outcome: PartResult<"numbers"> }): JSX.Element {
  const { about, tables, whyNot, gains, facts } = outcome;
  const beside = about === "" ? "Ours: not run here." : `Ours: ${about}.`;
  return (
    <>
      <p className="finding">
        {beside} {whyNot}
      </p>
      <Button kind="quiet" onClick={() => savePrinted(outcome)}>
        All printed numbers (JSON)
      </Button>
      {tables.map((table) => (
        <ComparedFigure key={table.published.table} table={table} />
      ))}
      <Settings outcome={outcome} />
      <Part title="Gains that paper 1 prints, recomputed from its tables" id="gains">
        <Table
          label="Gains recomputed"
          head={["gain", "printed", "from the tables", "does it add up?", "where"]}
          rows={gains.map(gainRow)}
          numeric={[]}
        />
      </Part>
      <Part title="What the papers state beside their tables" id="facts">
        <Table
          label="Facts of the papers"
          head={["paper", "what", "value", "how sure", "where"]}
          rows={facts.map(({ paper, what, value, unit, mark, source }) => [
            paper,
            what,
            factText(value, unit),
            <MarkNote key="mark" mark={mark} />,
            <SourceNote key="source" source={source} />,
          ])}
          numeric={[2]}
        />
      </Part>
    </>
  );
}
