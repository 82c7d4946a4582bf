import type { MetricName } from "../task/tasks/metric-names";
import type { Headline } from "./claim-types";
import { PUBLISHED_TABLES, type PublishedTable } from "./published";

/** What the paper quotes of each table: F, R2, or the two mean errors of the location. */
export function headlineMetrics({ columns }: PublishedTable, task: string): MetricName[] {
  const metrics = columns.filter((column) => column.task === task).map(({ metric }) => metric);
  const [first] = (["f", "r2"] as const).filter((metric) => metrics.includes(metric));
  return first ? [first] : metrics.filter((metric) => metric.endsWith("Mae"));
}

/** Every task of Tables 2 to 12 with its table and the measures that are quoted of it. */
export const TABLED = PUBLISHED_TABLES.flatMap((table) => {
  const tasks = [...new Set(table.columns.map(({ task }) => task))];
  return tasks.map((task) => ({ table, task, metrics: headlineMetrics(table, task) }));
});

/** Tasks of paper 1 by one measure each. */
export const HEADLINES: readonly Headline[] = TABLED.map(({ task, metrics }) => {
  return { task, metric: metrics[0]! };
});

/** The tasks of paper 2 by the measure that our tables lead with. */
export const PAIR_TASKS: readonly Headline[] = [
  { task: "follows", metric: "f" },
  { task: "destination", metric: "mrr" },
  { task: "same-user", metric: "f" },
];
