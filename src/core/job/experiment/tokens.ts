import { FAR_TASK, NEAR_TASKS } from "../../task/experiments/series";
import { openCorpus } from "../open-corpus";
import { openDataset } from "../open-dataset";
import type { Report, Session } from "../session";
import { openTasks } from "./downstream";
import { planTrained } from "./pretrained";
import { SHORT, timeShort } from "./train";
import { describeEngine, type ExperimentChoice, type ExperimentWork } from "./work";

/** Shares of the steps; each is a run of its own that comes to its end. */
const SHARES = [0.125, 0.25, 0.5, 1];

/** PT-07, SD-03: what tasks gain by the tokens that pre-training saw; water is the far one. */
export async function* openTokens(
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentWork, void> {
  const dataset = yield* openDataset(choice.dataset, session, signal);
  const data = yield* openCorpus(dataset, session, signal);
  const tasks = yield* openTasks(dataset, [...NEAR_TASKS, FAR_TASK], session, signal);
  const settings = SHARES.map((share) => {
    const steps = Math.max(1, Math.round(share * choice.settings.steps));
    const at = `${steps} steps`;
    return { at, x: share, steps, config: SHORT, data, tasks };
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
