import { METRICS } from "../../core/task/tasks/metric-names";
import { scoreOf, SPLIT_WORDS, spreadText } from "../adapt/scores";
import { formatSigned } from "../map/format";
import type { KeptTable } from "../page-context";

/** What a run's model came to on a task, in words. */
export interface AdaptedScore {
  readonly task: string;
  readonly metric: string;
  readonly split: string;
  readonly tuned: string;
  readonly twin: string;
  /** With its 95 % interval, where more than one seed ran; above 0 is better. */
  readonly gain: string;
}

/** The honest choice of epoch. */
const CHOICE = "bestOnValidation";

/** The scores of a table's fine-tuned row beside those of its random twin, split by split. */
function scoresOf({ table: { task, rows, gains } }: KeptTable): AdaptedScore[] {
  const metric = task.headline;
  const [tuned, twin] = ["fine-tuned", "random"].map((name) =>
    rows.find((row) => row.name === name),
  );
  return gains
    .filter(({ choice, row }) => choice === CHOICE && row === "fine-tuned")
    .map(({ split, difference: { mean, high } }) => {
      const of = (row: typeof tuned): string =>
        spreadText(row && scoreOf(row, { split, choice: CHOICE, metric }));
      const reach = high === undefined ? "" : ` ± ${spreadText({ mean: high - mean, n: 1 })}`;
      return {
        task: task.title,
        metric: METRICS[metric].title,
        split: SPLIT_WORDS[split],
        tuned: of(tuned),
        twin: of(twin),
        gain: `${formatSigned(mean)}${reach}`,
      };
    });
}

/** What one model was adapted to, from its tables (PT-21). */
export const adaptedOf = (tables: readonly KeptTable[]): AdaptedScore[] => tables.flatMap(scoresOf);
