import { useContext, useState, type JSX } from "react";
import type { DatasetResult } from "../../core/job/dataset";
import type { TrainingResult } from "../../core/job/pretrain";
import type { PointRecord } from "../../core/job/run-store";
import type { PointStatus, TrainingStatus } from "../../core/job/training-status";
import { isOfPoints, POINT_PRESETS, PRESETS, type Passes } from "../../notebook/pretrain-settings";
import type { PretrainSpec } from "../../notebook/steps/pretrain";
import { goToStep } from "../go-to-step";
import { NotebookContext } from "../notebook-context";
import { usePage, type KeptRun } from "../page-context";
import type { StepStatus } from "../step-status";
import type { PanelProps } from "../steps/step-view";
import { useShown } from "../steps/use-shown";
import { Button } from "../ui/Button";
import { FamilyChoice, FamilyForm } from "./FamilyForm";
import { GoOnButtons, type GoingOn } from "./GoOnButtons";
import { OpenModel } from "./OpenModel";
import { progressText, RunList } from "./RunList";
import { PointFigure } from "./PointFigure";
import { takeModel, takePointModel, usedRuns } from "./take-model";
import { TrainingControls } from "./TrainingControls";
import { TrainingFigure } from "./TrainingFigure";
import { useKept } from "./use-kept";
import "../import/import.css";
import "./train.css";

type Props = PanelProps<PretrainSpec, TrainingResult>;

/** The preset of a configuration and what it changed, as a spec has them. */
function settingsOf(
  config: KeptRun["config"],
): Pick<PretrainSpec, "family" | "preset" | "changes"> {
  const isGpt = "family" in config;
  const preset = isGpt ? POINT_PRESETS[config.preset] : PRESETS[config.preset];
  const [here, there] = [config, preset] as unknown as Record<string, unknown>[];
  const changed = Object.keys(here!).filter((name) => here![name] !== there![name]);
  const changes = Object.fromEntries(changed.map((name) => [name, here![name]]));
  return { family: isGpt ? "gpt" : undefined, preset: config.preset, changes };
}

const liveOf = (status: StepStatus): TrainingStatus | undefined =>
  status.kind === "running"
    ? (status.state.report?.partial as TrainingStatus | undefined)
    : undefined;

const isStatus = (partial: unknown): partial is TrainingStatus => partial !== undefined;

/** The configuration of a spec, as far as the page knows it. */
const configOf = (spec: PretrainSpec): Passes =>
  spec.family === "gpt"
    ? { ...POINT_PRESETS[spec.preset], ...spec.changes }
    : { ...PRESETS[spec.preset], ...spec.changes };

/** The youngest run of these data that is not at its end: of a tab that was closed, say. */
const lastLeft = (runs: readonly KeptRun[], dataKey: string | undefined): KeptRun | undefined =>
  runs.find(({ isFinished, data }) => !isFinished && data.key === dataKey);

/** Pre-training: what is asked of it before, how it goes, what came of it, and all runs before (PT-01). */
export default function TrainingPanel(props: Props): JSX.Element {
  const { spec, status, inputs, onChange, onRun } = props;
  const { training } = usePage();
  const notebook = useContext(NotebookContext)?.notebook;
  const live = liveOf(status);
  const shown = useShown<TrainingStatus>({ status, outcome: props.outcome }, isStatus);
  const isGoing = status.kind === "running";
  const when = `${status.kind} ${live?.savedStep ?? ""}`;
  const { found: runs, look, problem } = useKept(training?.list, when);
  const [used, setUsed] = useState(() => (notebook ? usedRuns(notebook) : []));
  const dataKey = (inputs["data"] as DatasetResult | undefined)?.made.data;
  const goOn = ({ id, config, budget }: KeptRun, change: GoingOn = {}): void => {
    const { rateFactor, batch } = change;
    onChange({ ...settingsOf(config), budget, run: id, rateFactor, batch } as PretrainSpec);
    onRun();
  };
  const begin = (changes: Partial<Passes>): void => {
    onChange({ changes: { ...spec.changes, ...changes }, run: "" } as Partial<PretrainSpec>);
    onRun();
  };
  const use = (run: KeptRun): void => {
    if (notebook === undefined) return;
    const take = isOfPoints<PointRecord>(run) ? takePointModel : takeModel;
    goToStep(take(notebook, { source: "trained", run: run.id }));
    setUsed(usedRuns(notebook));
  };
  const config = configOf(spec);
  const failure = status.kind === "failed" ? status.state.error.code : undefined;
  const left = shown || failure ? undefined : lastLeft(runs, dataKey);
  const kept = left ?? runs.find(({ id }) => id === shown?.run);
  return (
    <div className="figure-box training-panel">
      {!isGoing && (
        <>
          <FamilyChoice {...{ spec, onChange }} />
          <FamilyForm {...{ spec, onChange }} />
        </>
      )}
      {live && <TrainingControls status={live} />}
      {shown &&
        (isOfPoints<PointStatus>(shown) ? (
          <PointFigure status={shown} />
        ) : (
          <TrainingFigure status={shown} />
        ))}
      {!isGoing && left && (
        <p>
          The run {left.id} is not at its end: {progressText(left)}.
        </p>
      )}
      <div className="set-tools">
        {!isGoing && (
          <GoOnButtons
            {...{ failure, config, kept }}
            rateFactor={shown?.rateFactor ?? 1}
            onGoOn={goOn}
            onBegin={begin}
          />
        )}
        {!isGoing && spec.run !== "" && (
          <Button onClick={() => onChange({ run: "" })}>Begin a new run</Button>
        )}
        {!isGoing && kept?.isFinished === true && !used.includes(kept.id) && (
          <Button kind="primary" onClick={() => use(kept)}>
            Use this model in the notebook
          </Button>
        )}
        {!isGoing && kept?.isFinished === true && (
          <Button onClick={() => void training?.download(kept.id)}>
            Download the model (zip, Hugging Face folder)
          </Button>
        )}
        {!isGoing && <OpenModel onOpened={() => setUsed(notebook ? usedRuns(notebook) : [])} />}
      </div>
      {problem !== undefined && <p role="alert">{problem}</p>}
      <RunList
        {...{ runs, dataKey, used }}
        going={isGoing ? live?.run : undefined}
        shown={shown?.run}
        onOpen={(run) => goOn(run)}
        onUse={use}
        onDownload={({ id }) => void training?.download(id)}
        onRemove={({ id }) => void training?.remove(id).then(look)}
      />
    </div>
  );
}
