import type { ComponentType, ReactNode } from "react";
import type { StepStatus } from "../step-status";

/** What a step's own words and controls get; they stand on the page before there is an outcome. */
export interface StepProps<Spec, Outcome> {
  spec: Spec;
  /** Of the last run; undefined before the first. */
  outcome: Outcome | undefined;
  /** Outcomes of the steps that this one stands on, by role. */
  inputs: Readonly<Record<string, unknown>>;
  /** True where the people are the simulated ones. */
  isSimulated: boolean;
  /** Changes a part of the spec; the step becomes stale, a cheap one runs again at once. */
  onChange: (change: Partial<Spec>) => void;
}

/** What a figure gets: an outcome is there. */
export interface FigureProps<Spec, Outcome> extends StepProps<Spec, Outcome> {
  outcome: Outcome;
  /** The outcome is of an earlier run than the spec asks for. */
  isStale: boolean;
}

/** What a panel gets: it stands before there is an outcome and while the step runs. */
export interface PanelProps<Spec, Outcome> extends StepProps<Spec, Outcome> {
  status: StepStatus;
  onRun: () => void;
}

/** How a kind of step looks. One file per kind, one line in views.ts. */
export interface StepView<Spec = unknown, Outcome = unknown> {
  kind: string;
  /** The spec with its defaults, as the job will see it; throws "bad-input". */
  toSpec: (authored: Record<string, unknown>) => Spec;
  /** One or two words for the list of steps. */
  name: (spec: Spec) => string;
  title: (props: StepProps<Spec, Outcome>) => string;
  /** One or two sentences: what it shows, and which figure of the paper it stands for. */
  About: ComponentType<StepProps<Spec, Outcome>>;
  /** What the reader can choose; default nothing. */
  Controls?: ComponentType<StepProps<Spec, Outcome>>;
  /** Shows an outcome; without it there is a panel. */
  Figure?: ComponentType<FigureProps<Spec, Outcome>>;
  /** In the place of the figure, for a step that shows something without an outcome too. */
  Panel?: ComponentType<PanelProps<Spec, Outcome>>;
  /** What the button says; default "Run". */
  verb?: (spec: Spec) => string;
  /** What the figure will show, said while it is on its way. */
  promise: ReactNode;
  /** Room that the figure will take, CSS pixels: what is below must not jump. */
  heightPx: number;
}

/** Keeps the types of a view together while the registry sees only StepView. */
export function stepView<Spec, Outcome>(view: StepView<Spec, Outcome>): StepView {
  return view as unknown as StepView;
}
