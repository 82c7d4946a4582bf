import type { Claim } from "./claim-types";
import type { StepLink } from "./facts";
import { PUBLISHED_TABLES } from "./published";

/** The tables; the one of the task where there is one. */
function tableOf(task: string | undefined): StepLink {
  const found = PUBLISHED_TABLES.find(({ columns }) => columns.some((one) => one.task === task));
  const part = found && { part: `table-${found.table}` };
  return { notebook: "papers", step: "numbers", ...part };
}

const EXPERIMENT: StepLink = { notebook: "masking", step: "experiment" };

/** The step whose numbers decide a claim. */
export function linkOf({ test }: Claim): StepLink {
  switch (test.kind) {
    case "starts-near-vocabulary":
    case "falls":
    case "small-data":
      return { notebook: "masking", step: "pretrain" };
    case "rises-when-shuffled":
    case "helps":
      return EXPERIMENT;
    case "trend":
      return test.over === "share" ? EXPERIMENT : { notebook: "masking", step: "sweep" };
    case "beats":
    case "stays-below":
    case "gains-nothing":
    case "stays-weak":
    case "reaches":
    case "gains-on-average":
      return tableOf("task" in test ? test.task : undefined);
    default:
      throw test satisfies never;
  }
}
