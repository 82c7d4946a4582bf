import type { OurResults } from "../../papers/results";
import { EXPERIMENT_WORDS } from "../../task/experiments/names";
import type { ExperimentRecord } from "./record";

/** A file of results as the verdict on the papers' claims reads it (`readResults`). */
export function toResultsFile(records: readonly ExperimentRecord[]): OurResults & {
  footfallResults: 1;
} {
  return {
    footfallResults: 1,
    about: records
      .map(({ experiment, data, model }) =>
        [EXPERIMENT_WORDS[experiment].title.toLowerCase(), model, data.name]
          .filter((part) => part !== undefined)
          .join(", "),
      )
      .join("; "),
    scores: [],
    gains: [],
    perplexities: Object.assign({}, ...records.map(({ perplexities }) => perplexities ?? {})),
    sweeps: [],
  };
}
