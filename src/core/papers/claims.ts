import type { Claim } from "./claim-types";
import others from "./claims.json";
import { PAIR_TASKS, TABLED } from "./headlines";
import { metricWords } from "./results";
import { TASK_WORDS } from "./task-words";

/** What the papers claim beside the gain of each single task. */
const OTHER_CLAIMS = others as readonly Claim[];

/** Fine-tuned above its random twin, table by table (paper 1, 4). */
const gains: Claim[] = TABLED.map(({ table, task, metrics }) => {
  const column = table.columns.findIndex((one) => one.task === task && one.metric === metrics[0]);
  const [random, fine] = [table.rows.random[column]!, table.rows["fine-tuned"][column]!];
  return {
    id: `gain-${task}`,
    paper: 1,
    claim: `Pre-training helps: fine-tuned beats its random twin on ${TASK_WORDS[task]}.`,
    printed: `${metricWords(metrics[0]!)} ${fine} against ${random} (Table ${table.table})`,
    source: { text: 1, line: table.line + 6, says: `| ${fine} |` },
    test: { kind: "beats", task, metrics, better: "fine-tuned", worse: "random" },
  };
});

/** Paper 2: the same on its three tasks, of which only the mean is known. */
const pairGains: Claim[] = PAIR_TASKS.map(({ task, metric }) => {
  return {
    id: `gain-${task}`,
    paper: 2,
    claim: `Pre-training helps on ${TASK_WORDS[task]}.`,
    printed: "better on all three tasks; no number of its own",
    source: { text: 2, line: 71, says: "On all three tasks" },
    test: { kind: "beats", task, metrics: [metric], better: "fine-tuned", worse: "random" },
  };
});

/** What the three papers claim, in their order. */
export const CLAIMS: readonly Claim[] = [...gains, ...OTHER_CLAIMS, ...pairGains].toSorted(
  (a, b) => a.paper - b.paper,
);
