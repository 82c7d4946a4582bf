import { FootfallError } from "../../core/errors";
import type { AdaptJob, AdaptMapJob, AdaptModelJob } from "../../core/job/adapt";
import type { TruthSpecs } from "../../core/job/open-task-data";
import type { WalkJob } from "../../core/job/walk";
import type { RowName } from "../../core/task/table/rows";
import type { TableSettings } from "../../core/task/table/settings";
import type { TaskName, TruthRole } from "../../core/task/tasks/types";
import type { Asking } from "../asking";
import { stepKind, type StepContext } from "../step-kind";
import { toDataset } from "./data";
import type { LayerSpec } from "./layer";
import { toModel } from "./model";
import { toTarget, type TruthSpec } from "./truth";

/** A truth of the notebook, as its layer and truth steps had it when it was chosen. */
export interface ChosenTruth {
  /** The truth step. */
  id: string;
  layer: LayerSpec;
  truth: TruthSpec;
}

export interface AdaptSpec {
  task: TaskName;
  /** Default what the task's input makes of the paper's on a small machine. */
  settings?: TableSettings | undefined;
  /** Default the simulated country's own. */
  truths?: Partial<Record<TruthRole, ChosenTruth>>;
}

const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null;

/** The job checks the task's name and every setting: their bounds come with its code. */
function toSpec(authored: Record<string, unknown>): AdaptSpec {
  const { task = "prefecture", settings, truths } = authored;
  const areRecords = [settings, truths].every((one) => one === undefined || isRecord(one));
  if (typeof task === "string" && areRecords) {
    return {
      task,
      ...(isRecord(settings) && { settings }),
      ...(isRecord(truths) && { truths }),
    } as AdaptSpec;
  }
  throw new FootfallError(
    "bad-input",
    `adapt step: expected the name of a task, settings of its table and truths by role, or nothing, got ${JSON.stringify(authored)}`,
  );
}

/** Truths of the notebook as the jobs read them. */
export function toTruths(truths: AdaptSpec["truths"], context: StepContext): TruthSpecs {
  const entries = Object.entries(truths ?? {});
  return Object.fromEntries(
    entries.map(([role, { layer, truth }]) => [role, toTarget(layer, truth, context)]),
  );
}

/** What makes the table of a spec, without what is known of it already. */
function toTable(
  { task, settings, truths }: AdaptSpec,
  inputs: Record<string, unknown>,
  context: StepContext,
): Omit<AdaptJob, "kind" | "known"> {
  return {
    dataset: toDataset(inputs["data"], context),
    model: toModel(inputs["model"], context),
    task,
    truths: toTruths(truths, context),
    ...(settings && { settings }),
    seed: context.seed,
  };
}

export const adaptKind = stepKind<AdaptSpec, AdaptJob>({
  kind: "adapt",
  inputs: { data: "data", model: "model" },
  cost: "long",
  toSpec,
  toJob: (spec, inputs, context) => ({
    kind: "adapt",
    ...toTable(spec, inputs, context),
    known: context.knownRuns?.(spec.task) ?? [],
  }),
});

type Make<J> = (asking: Asking) => J;

/** Maps of some rows of a table of the step around, with the settings that the table was filled with. */
export const toAskedMaps =
  (
    asked: { settings: TableSettings } & Pick<AdaptMapJob, "rows" | "split" | "extent">,
  ): Make<AdaptMapJob> =>
  ({ spec, inputs, context }) => {
    const { settings, ...rest } = asked;
    const table = toTable({ ...(spec as AdaptSpec), settings }, inputs, context);
    return { kind: "adapt-map", table, ...rest };
  };

/** The adapted model of a row of a table of the step around. */
export const toAskedModel =
  ({ settings, row }: { settings: TableSettings; row: RowName }): Make<AdaptModelJob> =>
  ({ spec, inputs, context }) => {
    const table = toTable({ ...(spec as AdaptSpec), settings }, inputs, context);
    return { kind: "adapt-model", table, row };
  };

/** Where trajectories of the step around go, over its own truths. */
export const toAskedWalk =
  (asked: Pick<WalkJob, "trajectories" | "cells" | "role" | "marksTravel">): Make<WalkJob> =>
  ({ spec, inputs, context }) => ({
    kind: "walk",
    dataset: toDataset(inputs["data"], context),
    truths: toTruths((spec as Partial<AdaptSpec>).truths, context),
    ...asked,
  });
