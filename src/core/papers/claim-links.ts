import type { Claim } from "./claim-types";
import type { StepLink } from "./facts";

/** The step whose numbers decide a claim. */
export function linkOf({ test }: Claim): StepLink {
  switch (test.kind) {
    case "starts-near-vocabulary":
    case "falls":
    case "small-data":
    case "rises-when-shuffled":
      return { notebook: "masking", step: "pretrain" };
    case "trend":
      return { notebook: "masking", step: "sweep" };
    default:
      return { notebook: "papers", step: "numbers" };
  }
}
