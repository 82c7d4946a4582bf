import type { ExperimentName } from "../task/experiments/names";
import { TASK_NAMES } from "../task/tasks/registry";
import type { Claim } from "./claim-types";
import type { StepLink } from "./facts";
import { PAIR_TASKS } from "./headlines";
import { PUBLISHED_TABLES } from "./published";

/** The step that fills the tables; the task of the claim where it has one that can be filled. */
function fillOf(task: string | undefined): StepLink {
  const known = TASK_NAMES.find((name) => name === task);
  return { notebook: "adaptation", step: "adapt", ...(known && { task: known }) };
}

/** The step of sweeps, set to what it compares. */
const sweep = (over: string): StepLink => ({ notebook: "masking", step: "sweep", over });

/** The papers' numbers of a task, with ours beside them; undefined for one that no table has. */
function tableOf(task: string): StepLink | undefined {
  const found = PUBLISHED_TABLES.find(({ columns }) => columns.some((one) => one.task === task));
  return found && { notebook: "papers", step: "numbers", part: `table-${found.table}` };
}

/** Where the step of a claim can be run, beside the numbers that decide it; undefined where that is one place. */
export function runLinkOf({ test }: Claim): StepLink | undefined {
  const task = "task" in test ? test.task : undefined;
  return task !== undefined && tableOf(task) ? fillOf(task) : undefined;
}

/** The step of experiments, set to one of them. */
const experiment = (name: ExperimentName): StepLink => {
  return { notebook: "masking", step: "experiment", experiment: name };
};

/** The step whose numbers decide a claim. */
export function linkOf({ test }: Claim): StepLink {
  switch (test.kind) {
    case "starts-near-vocabulary":
    case "falls":
      return { notebook: "masking", step: "pretrain" };
    case "small-data":
      return sweep("data");
    case "rises-when-shuffled":
      return experiment("order");
    case "helps":
      return experiment("times");
    case "trend":
      return test.over === "share"
        ? experiment("tokens")
        : sweep(test.over === "mask-rate" ? "mask-ratio" : test.over);
    case "gains-on-average":
      return fillOf(PAIR_TASKS[0]!.task);
    case "beats":
    case "stays-below":
    case "gains-nothing":
    case "stays-weak":
      return (
        ("task" in test && tableOf(test.task)) || fillOf("task" in test ? test.task : undefined)
      );
    case "reaches":
      // RAW's forecast is measured where its GPT is trained; its other tasks are in the register: not built
      return test.task === "next-points"
        ? { notebook: "masking", step: "pretrain" }
        : { notebook: "papers", step: "register" };
    default:
      throw test satisfies never;
  }
}
