import { useDeferredValue, useMemo, type JSX } from "react";
import type { StepDocument } from "../notebook/document";
import { FigureBoundary } from "./FigureBoundary";
import { madeOf, Provenance } from "./Provenance";
import { SimulatedContext } from "./people";
import { RunLine } from "./RunLine";
import type { StepStatus } from "./step-status";
import type { StepView } from "./steps/step-view";
import { FocusPlace } from "./ui/FocusPlace";

interface StepFrameProps {
  step: StepDocument;
  /** Its place on the page, from 1. */
  number: number;
  view: StepView;
  status: StepStatus;
  /** `data-state`: the graph's own word for it. */
  state: string;
  outcome: unknown;
  inputs: Readonly<Record<string, unknown>>;
  aboveName: string | undefined;
  isSimulated: boolean;
  onChange: (change: Record<string, unknown>) => void;
  onRun: () => void;
  onStop: () => void;
}

/** One step: words and controls in the margin, the figure beside them. */
export function StepFrame(props: StepFrameProps): JSX.Element {
  const { step, number, view, status, outcome, inputs, isSimulated, onChange } = props;
  const spec = useMemo(() => view.toSpec(step.spec ?? {}), [view, step.spec]);
  const shared = { spec, outcome, inputs, isSimulated, onChange };
  const made = madeOf(outcome);
  // A result comes into its figure in pieces, between which the page answers; `data-state` comes with it.
  const shown = useDeferredValue(outcome);
  const shownInputs = useDeferredValue(inputs);
  const isDone = useDeferredValue(status.kind === "done");
  const state = useDeferredValue(props.state);
  const isStale = shown !== undefined && !isDone;
  // Reports come many times a second; a map must not be drawn for each.
  const figure = useMemo(
    () =>
      shown === undefined || view.Figure === undefined ? undefined : (
        <FigureBoundary outcome={shown}>
          <view.Figure
            {...{ spec, outcome: shown, inputs: shownInputs, isSimulated, onChange, isStale }}
          />
        </FigureBoundary>
      ),
    [view, spec, shown, shownInputs, isSimulated, onChange, isStale],
  );
  return (
    <SimulatedContext value={isSimulated}>
      <section
        className="step"
        id={`step-${step.id}`}
        data-step={step.id}
        data-state={state}
        aria-labelledby={`title-${step.id}`}
      >
        <div className="step-words">
          <h2 id={`title-${step.id}`} tabIndex={-1}>
            <span className="step-number">{number}</span> {view.title(shared)}{" "}
            {isSimulated && <span className="badge">simulated</span>}
          </h2>
          <div className="step-about">
            <view.About {...shared} />
          </div>
          {view.Controls && (
            <div className="step-controls">
              <view.Controls {...shared} />
            </div>
          )}
          <FocusPlace>
            <RunLine
              status={status}
              aboveName={props.aboveName}
              verb={view.verb?.(spec) ?? "Run"}
              onRun={props.onRun}
              onStop={props.onStop}
            />
          </FocusPlace>
          {made && <Provenance made={made} />}
        </div>
        <div
          className={isStale && !view.Panel ? "step-figure is-stale" : "step-figure"}
          aria-busy={status.kind === "running"}
        >
          {view.Panel ? (
            <FigureBoundary outcome={spec}>
              <view.Panel {...shared} status={status} onRun={props.onRun} />
            </FigureBoundary>
          ) : (
            (figure ?? (
              <div className="figure-promise" style={{ minHeight: view.heightPx }}>
                <p>{view.promise}</p>
              </div>
            ))
          )}
        </div>
      </section>
    </SimulatedContext>
  );
}
