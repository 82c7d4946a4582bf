import type { TaskName } from "../../task/tasks/types";
import { hoursOfWeek } from "../../data/hours";
import { openCalendar } from "../open-calendar";
import { openCorpus } from "../open-corpus";
import { openDataset } from "../open-dataset";
import type { Report, Session } from "../session";
import { openTasks } from "./downstream";
import { planTrained } from "./pretrained";
import { SHORT, timeShort } from "./train";
import { WITH_HOURS, WITHOUT_HOURS } from "../../task/experiments/series";
import { describeEngine, type ExperimentChoice, type ExperimentWork } from "./work";

/** Tasks that read months, whose check-ins have hours, and the location, which has none. */
const TASKS: readonly TaskName[] = ["location", "trip-length", "travel-prefecture", "diversity"];

/** PT-22: the same runs with and without the hour of the week at the input. */
export async function* openTimes(
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentWork, void> {
  const dataset = yield* openDataset(choice.dataset, session, signal);
  const data = yield* openCorpus(dataset, session, signal);
  const { clock } = await openCalendar(dataset);
  const hours = hoursOfWeek(dataset.trajectories.checkIns, clock);
  const tasks = yield* openTasks(dataset, TASKS, session, signal, { hours });
  const { steps } = choice.settings;
  const settings = (
    [
      ["none", WITHOUT_HOURS],
      ["week", WITH_HOURS],
    ] as const
  ).map(([times, at]) => {
    return { at, steps, config: { ...SHORT, times }, data, tasks };
  });
  return {
    ...planTrained(settings, choice, session),
    facts: [],
    data: { key: dataset.key, name: dataset.name },
    model: undefined,
    engine: await describeEngine(session),
    time: (own) => timeShort(data, SHORT, own),
  };
}
