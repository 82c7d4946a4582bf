import { FootfallError } from "../../errors";
import { DESTINATION_TASK } from "./destination-task";
import { PAIR_TASKS } from "./pair-tasks";
import { layerTask, REGION_TASKS } from "./region-tasks";
import { TRAJECTORY_TASKS } from "./trajectory-tasks";
import type { Task, TaskData, TaskFacts, TaskName } from "./types";

/** All tasks that have a table, in the order of the papers. */
export const TASKS: readonly Task[] = [
  ...REGION_TASKS,
  ...TRAJECTORY_TASKS,
  DESTINATION_TASK,
  ...PAIR_TASKS,
];

/** The names of the tasks with a table, and "layer" for any layer of the user's. */
export const TASK_NAMES: readonly TaskName[] = [...TASKS.map(({ name }) => name), "layer"];

/** The task of a name; that of a layer has the layer's title. Throws "bad-input", "missing-file". */
export function findTask(name: TaskName, { truths }: Pick<TaskData, "truths">): Task {
  const task = TASKS.find((known) => known.name === name);
  if (task) return task;
  if (name === "layer" && truths.layer) return layerTask(truths.layer);
  const [code, sentence] =
    name === "layer"
      ? (["missing-file", "no layer is given; open a raster, polygons or a table first"] as const)
      : (["bad-input", `"${name}" is no task; expected ${TASK_NAMES.join(", ")}`] as const);
  throw new FootfallError(code, sentence);
}

/** What is known of a task without its functions: it can cross to a page. */
export function factsOf(task: Task): TaskFacts {
  const { prepare: _, ...facts } = task;
  return facts;
}
