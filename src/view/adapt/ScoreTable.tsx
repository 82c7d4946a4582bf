import { useState, type JSX } from "react";
import type { AdaptTable } from "../../core/job/adapt";
import { CHOICES, type Choice, type TableRow } from "../../core/task/table/results";
import { SPLIT_NAMES, type SplitName } from "../../core/task/tasks/examples";
import type { MetricName } from "../../core/task/tasks/metric-names";
import { measureRows, type MeasureColumn } from "../steps/measure-column";
import { Button } from "../ui/Button";
import { Select } from "../ui/Select";
import { Table } from "../ui/Table";
import { formatBytes } from "../words";
import { allColumns, CHOICE_WORDS, measureColumns, SPLIT_WORDS, unitTitle } from "./scores";

interface ScoreTableProps {
  table: AdaptTable;
  /** Opens the maps of a row. */
  onMaps: ((row: TableRow) => void) | undefined;
  /** Saves the adapted model of a row. */
  onZip: ((row: TableRow) => void) | undefined;
}

function RowName({ row }: { row: TableRow }): JSX.Element {
  return (
    <span className={row.name === "fine-tuned" ? "own-row" : undefined} title={row.words}>
      {row.title}
    </span>
  );
}

function MapsButton(props: { row: TableRow; onMaps: (row: TableRow) => void }): JSX.Element {
  const { row, onMaps } = props;
  return (
    <Button kind="quiet" label={`Maps of ${row.title}`} onClick={() => onMaps(row)}>
      Maps
    </Button>
  );
}

/** Of rows that are models: how large the zip will be, and the click that saves it. */
function ZipButton(props: {
  row: TableRow;
  bytes: number | undefined;
  onZip: (row: TableRow) => void;
}): JSX.Element | null {
  const { row, bytes, onZip } = props;
  if (bytes === undefined) return null;
  return (
    <Button
      kind="quiet"
      label={`Save the adapted model of ${row.title} as a zip, about ${formatBytes(bytes)}`}
      onClick={() => onZip(row)}
    >
      Zip, about {formatBytes(bytes)}
    </Button>
  );
}

/** A column of things to do with a row. */
interface ToolColumn {
  title: string;
  tool: (row: TableRow) => JSX.Element;
}

const hasZips = ({ table: { rows, weightBytes = {} } }: ScoreTableProps): boolean =>
  rows.some(({ name }) => weightBytes[name] !== undefined);

function toolsOf(props: ScoreTableProps): ToolColumn[] {
  const { table, onMaps, onZip } = props;
  return [
    ...(onMaps
      ? [{ title: "maps", tool: (row: TableRow) => <MapsButton key="maps" {...{ row, onMaps }} /> }]
      : []),
    ...(onZip && hasZips(props)
      ? [
          {
            title: "model",
            tool: (row: TableRow) => (
              <ZipButton key="zip" {...{ row, onZip }} bytes={table.weightBytes?.[row.name]} />
            ),
          },
        ]
      : []),
  ];
}

function Scores(props: {
  name: string;
  label: string;
  rows: readonly TableRow[];
  columns: readonly MeasureColumn<TableRow>[];
  tools?: readonly ToolColumn[];
}): JSX.Element {
  const { name, label, rows, columns, tools = [] } = props;
  const measured = measureRows(rows, columns);
  return (
    <div className="wide-table" data-table={name}>
      <Table
        label={label}
        head={["", ...[...columns, ...tools].map(({ title }) => title)]}
        rows={rows.map((row, i) => [
          <RowName key="name" row={row} />,
          ...measured[i]!,
          ...tools.map(({ tool }) => tool(row)),
        ])}
        numeric={columns.map((_, i) => i + 1)}
        hasRowNames
      />
    </div>
  );
}

/** One measure with both splits, all choices of the epoch and the paper's numbers; from each row to its maps and model. */
function MeasureTable(props: ScoreTableProps): JSX.Element {
  const { table } = props;
  const { task, columns, rows } = table;
  const [chosen, setChosen] = useState<MetricName>();
  const found = columns.find(({ name }) => name === (chosen ?? task.headline)) ?? columns[0]!;
  const title = unitTitle(found.title, found.unit, task);
  return (
    <>
      <div className="settings-head">
        <Select
          label="Measure"
          value={found.name}
          options={columns.map(({ name, title: text }) => ({ value: name, text }))}
          onChange={setChosen}
        />
        <span className="quiet">
          {found.better === "more" ? "more is better" : "less is better"}
        </span>
      </div>
      <Scores
        name="adapt"
        label={`${task.title}: ${title}`}
        rows={rows}
        columns={measureColumns(table, found.name)}
        tools={toolsOf(props)}
      />
    </>
  );
}

/** All measures of one split and one choice of the epoch, as the papers have their tables. */
function AllMeasures({ table }: { table: AdaptTable }): JSX.Element {
  const [split, setSplit] = useState<SplitName>("random");
  const [choice, setChoice] = useState<Choice>("bestOnValidation");
  const { task, rows, settings } = table;
  const options = SPLIT_NAMES.filter((name) => settings.splits.includes(name));
  return (
    <details>
      <summary>All measures</summary>
      <div className="settings-head">
        <Select
          label="Held out"
          value={split}
          options={options.map((value) => ({ value, text: SPLIT_WORDS[value] }))}
          onChange={setSplit}
        />
        <Select
          label="Epoch"
          value={choice}
          options={CHOICES.map((value) => ({ value, text: CHOICE_WORDS[value] }))}
          onChange={setChoice}
        />
      </div>
      <Scores
        name="adapt-all"
        label={`${task.title}: all measures, ${SPLIT_WORDS[split]}, ${CHOICE_WORDS[choice]}`}
        rows={rows}
        columns={allColumns(table, { split, choice })}
      />
      {task.table !== undefined && <p className="note">In brackets: the paper’s.</p>}
    </details>
  );
}

/** Kinds of examples apart, such as hard negatives: accuracy on each. */
function Groups({ table: { rows, task } }: { table: AdaptTable }): JSX.Element | null {
  const groupsOf = (row: TableRow) =>
    row.splits.find(({ split }) => split === "random")?.groups ?? {};
  const names = [...new Set(rows.flatMap((row) => Object.keys(groupsOf(row))))];
  if (names.length === 0) return null;
  return (
    <>
      <h4>Kinds of pairs apart: accuracy</h4>
      <Scores
        name="adapt-groups"
        label={`${task.title}: accuracy on each kind of pair`}
        rows={rows.filter((row) => Object.keys(groupsOf(row)).length > 0)}
        columns={names.map((name) => ({
          title: name,
          value: (row) => groupsOf(row)[name]?.accuracy?.mean,
          format: (value) => value.toFixed(2),
          better: "high",
        }))}
      />
    </>
  );
}

/** The numbers of a table as far as it is filled. */
export function ScoreTable(props: ScoreTableProps): JSX.Element {
  const { table } = props;
  const hasDraws = table.rows.some(({ splits }) => splits.some(({ intervals }) => intervals));
  return (
    <>
      <MeasureTable {...props} />
      <p className="note">
        Best of each column in bold; ± is half of the 95% interval over the seeds
        {hasDraws &&
          ", and of one seed [ ] is that of drawing its test examples again (bootstrap), for the epoch that is best on validation"}
        . The gain beside best on test is what choosing the epoch on the test examples flatters.
        Leakage is what the score loses where whole blocks of the country are held out: a random
        split lets neighbours of the training {table.examples.unit} into the test.
        {hasZips(props) &&
          " A zip is the row’s model of the first seed and split, best on validation, as a Hugging Face folder with its card; where the row was not run since this page was opened, it is trained again first, to the same bits."}
      </p>
      <Groups table={table} />
      <AllMeasures table={table} />
    </>
  );
}
