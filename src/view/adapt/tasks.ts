import { factsOf, TASKS } from "../../core/task/tasks/registry";
import type { TaskFacts, TaskName } from "../../core/task/tasks/types";
import type { AdaptSpec } from "../../notebook/steps/adapt";

/** What is known of the task of a layer before the layer is opened. */
const LAYER_TASK: TaskFacts = {
  name: "layer",
  title: "A layer of your own",
  input: "region",
  answer: "numbers",
  unit: "",
  source: "your own layer",
  formula: "what the layer says of each cell",
  needs: ["layer"],
  metrics: ["r2"],
  headline: "r2",
};

/** All tasks, in the order of the papers; the user's own layer last. */
export const ALL_TASKS: readonly TaskFacts[] = [...TASKS.map(factsOf), LAYER_TASK];

/** The task of a name; that of a layer for a name that is none, which the job then refuses. */
export const taskFacts = (name: TaskName): TaskFacts =>
  ALL_TASKS.find((task) => task.name === name) ?? LAYER_TASK;

/** Tasks for a choice: what is asked of, its title, and where the papers have it. */
export const TASK_OPTIONS = ALL_TASKS.map((task) => ({
  value: task.name,
  text: `${task.input === "region" ? "Cells" : "Trajectories"} · ${task.title} (${task.source})`,
}));

/** What choosing another task changes: settings stay where it asks of the same: cells, months or pairs. */
export function changeOfTask({ task, settings }: AdaptSpec, name: TaskName): Partial<AdaptSpec> {
  const [next, now] = [taskFacts(name), taskFacts(task)];
  const isAlike = next.input === now.input && next.isPair === now.isPair;
  return { task: name, settings: isAlike ? settings : undefined };
}
