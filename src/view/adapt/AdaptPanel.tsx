import { use, useEffect, useRef, useState, type JSX } from "react";
import type { AdaptResult, AdaptTable } from "../../core/job/adapt";
import type { DatasetResult } from "../../core/job/dataset";
import type { ModelResult } from "../../core/job/model";
import type { RowName } from "../../core/task/table/rows";
import { scaledSettings } from "../../core/task/table/settings";
import type { TaskName } from "../../core/task/tasks/types";
import { giveResults } from "../../notebook/give-results";
import type { AdaptSpec } from "../../notebook/steps/adapt";
import { NotebookContext } from "../notebook-context";
import type { StepStatus } from "../step-status";
import { lazyPart } from "../steps/lazy-part";
import type { PanelProps } from "../steps/step-view";
import { useAddressChoice } from "../use-address-choice";
import { asSentence } from "../words";
import { AdaptedModel } from "./AdaptedModel";
import { AdaptForm } from "./AdaptForm";
import { otherTruths } from "./brought-truths";
import { taskLosses } from "./loss-curves";
import { ManifestTools } from "./ManifestTools";
import { PaperFigures } from "./PaperFigures";
import { RowMaps } from "./RowMaps";
import { TableFigure } from "./TableFigure";
import { warningOf } from "../../core/papers/sensitive";
import { ALL_TASKS, changeOfTask, taskFacts } from "./tasks";
import { useTables, type Owner } from "./use-tables";
import "../import/import.css";
import "../train/train.css";
import "./adapt.css";

const LossGrid = lazyPart(() => import("./LossGrid"));

type Props = PanelProps<AdaptSpec, AdaptResult>;

/** A row of a task's table. */
interface Chosen {
  task: TaskName;
  row: RowName;
}

/** Whose model is asked for. */
interface Zip extends Chosen {
  /** A click on the row whose zip is there saves it again. */
  click: number;
}

/** Whose maps are open. */
interface Maps extends Chosen {
  /** True where a figure of the paper was asked for. */
  isFigure?: boolean;
}

/** The table that is being filled; undefined before its examples are drawn. */
function liveOf(status: StepStatus): AdaptTable | undefined {
  const partial = status.kind === "running" ? status.state.report?.partial : undefined;
  return (partial as AdaptTable | undefined)?.runs && (partial as AdaptTable);
}

/** Whose tables these are; undefined before data and model are there. */
function ownerOf(inputs: Props["inputs"]): Owner | undefined {
  const data = (inputs["data"] as DatasetResult | undefined)?.made.data;
  const model = (inputs["model"] as ModelResult | undefined)?.name;
  return data === undefined || model === undefined ? undefined : { data, model };
}

/** One task's table: what is asked before, how it fills, what came of it. */
export default function AdaptPanel(props: Props): JSX.Element {
  const { spec, status, inputs, outcome, isSimulated, onChange, onRun } = props;
  const owner = ownerOf(inputs);
  const { tables, put, problem } = useTables(owner);
  const here = use(NotebookContext);
  const [mapsOf, setMapsOf] = useState<Maps>();
  const [zipOf, setZipOf] = useState<Zip>();
  useAddressChoice("task", {
    current: spec.task,
    choices: ALL_TASKS.map(({ name }) => name),
    choose: (asked) => onChange({ task: asked, settings: undefined }),
  });
  const live = liveOf(status);
  const isGoing = status.kind === "running";
  const ended = status.kind === "done" ? outcome : undefined;

  // what was finished is kept at once: a tab that is closed loses the run that goes, nothing else
  const latest = live ?? ended;
  const lastRuns = useRef<readonly unknown[]>(undefined);
  useEffect(() => {
    const isNew = latest !== undefined && latest.runs.length > 0;
    if (!isNew || latest.runs.length === lastRuns.current?.length) return;
    lastRuns.current = latest.runs;
    put(latest);
  }, [latest, put]);

  useEffect(() => {
    if (isGoing || owner === undefined || here === undefined || tables.length === 0) return;
    giveResults(here.notebook, { ...owner, tables: tables.map(({ table }) => table) });
    // oxlint-disable-next-line react/exhaustive-deps -- the tables are new when their owner is
  }, [isGoing, tables.length, tables[0]?.savedMs, here]);

  const kept = tables.find(({ table }) => table.task.name === spec.task)?.table;
  const fresh = [live, ended].find((table) => table?.task.name === spec.task);
  const shown = fresh ?? kept;
  // the task that is looked at first, then the others that have results
  const others = tables.map(({ table }) => table).filter(({ task }) => task.name !== spec.task);
  const losses = [...(shown ? [shown] : []), ...others]
    .map(taskLosses)
    .filter(({ rows }) => rows.length > 0);
  const other = fresh === undefined && kept ? otherTruths(kept, spec.truths) : undefined;
  const task = taskFacts(spec.task);
  const warning = warningOf(spec.task);
  const drawFigure = (name: TaskName): void => {
    onChange(changeOfTask(spec, name));
    setMapsOf({ task: name, row: "fine-tuned", isFigure: true });
  };
  const askForZip = ({ name }: { name: RowName }): void =>
    setZipOf((last) => ({ task: spec.task, row: name, click: (last?.click ?? 0) + 1 }));
  return (
    <div className="figure-box training-panel" data-going={isGoing}>
      {!isGoing && <AdaptForm {...{ spec, isSimulated, onChange }} />}
      {!shown && <p>{asSentence(task.formula)}</p>}
      {!shown && warning !== undefined && <p className="adapt-warning">{warning}</p>}
      <ManifestTools table={shown} {...{ isGoing, onChange }} />
      {other !== undefined && (
        <p className="loud" role="alert">
          {other}
        </p>
      )}
      {problem !== undefined && <p role="alert">{problem}</p>}
      {shown && (
        <TableFigure
          table={shown}
          others={others}
          isGoing={isGoing}
          onMaps={isGoing ? undefined : (row) => setMapsOf({ task: spec.task, row: row.name })}
          onZip={isGoing ? undefined : askForZip}
          onGoOn={() => {
            onChange({ settings: shown.settings });
            onRun();
          }}
        />
      )}
      {shown && zipOf?.task === spec.task && !isGoing && (
        <AdaptedModel
          key={zipOf.click}
          task={zipOf.task}
          row={zipOf.row}
          settings={shown.settings}
          onClose={() => setZipOf(undefined)}
        />
      )}
      {!isGoing && owner && <PaperFigures onDraw={drawFigure} />}
      {mapsOf?.task === spec.task && !isGoing && (
        <RowMaps
          key={`${mapsOf.task} ${mapsOf.row}`}
          task={shown?.task ?? task}
          settings={shown?.settings ?? spec.settings ?? scaledSettings(task)}
          row={mapsOf.row}
          drawsFirst={mapsOf.isFigure === true}
          onClose={() => setMapsOf(undefined)}
        />
      )}
      {losses.length > 0 && <LossGrid tasks={losses} />}
    </div>
  );
}
