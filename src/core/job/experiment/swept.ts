import { cellCentres } from "../../geo/cells";
import type { TaskName } from "../../task/tasks/types";
import { openDataset, type Dataset } from "../open-dataset";
import { openResolution } from "../open-resolution";
import type { Report, Session } from "../session";
import { openSweepData } from "../sweep/data";
import { planSettings, type SweepSetting } from "../sweep/plan";
import { stretchOf } from "../sweep/probe";
import { configOf } from "../sweep/run";
import { openTasks } from "./downstream";
import { planTrained, type OpenSetting, type TrainedSetting } from "./pretrained";
import { SHORT, timeShort } from "./train";
import { describeEngine, type ExperimentChoice, type ExperimentWork } from "./work";

/** Tasks that need no truth of another resolution. */
const TASKS: readonly TaskName[] = ["location", "trip-length", "same-user"];

/** The data set in the cells of another resolution; its truths are of its own, so there are none. */
async function* atResolution(
  dataset: Dataset,
  { dataset: spec }: ExperimentChoice,
  resolution: number,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, Dataset, void> {
  const found = yield* openResolution(dataset, spec, { resolution }, session, signal);
  const { key, cells, trajectories, parts, test } = found;
  const centres = cellCentres(cells);
  return { ...dataset, geography: undefined, key, cells, centres, trajectories, parts, test };
}

async function* openSetting(
  setting: SweepSetting,
  choice: ExperimentChoice,
  dataset: Dataset,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, OpenSetting, void> {
  const { dataset: spec, seed } = choice;
  const rows = { checkIns: stretchOf(SHORT), seed };
  const data = yield* openSweepData({ dataset, spec }, setting, rows, session, signal);
  const seen = yield* atResolution(dataset, choice, setting.resolution, session, signal);
  const tasks = yield* openTasks(seen, TASKS, session, signal);
  const config = configOf({ setting, seed, base: SHORT }, data);
  return { config, data, tasks, maskRate: setting.maskRate };
}

/** SD-02, SD-07: sweeps of paper 2's experiments 1 and 2, on to what tasks gain. */
export async function* openSwept(
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentWork, void> {
  const { experiment, settings } = choice;
  const over = experiment === "resolution" ? "resolution" : "mask-ratio";
  const dataset = yield* openDataset(choice.dataset, session, signal);
  const swept = planSettings(over, dataset, SHORT);
  const planned = swept.map((setting): TrainedSetting => {
    const x = over === "resolution" ? setting.resolution : setting.maskRate;
    const twin = `resolution ${setting.resolution}`;
    const open = (own: AbortSignal) => openSetting(setting, choice, dataset, session, own);
    return { at: setting.name, x, steps: settings.steps, twin, open };
  });
  return {
    ...planTrained(planned, choice, session),
    facts: [],
    data: { key: dataset.key, name: dataset.name },
    model: undefined,
    engine: await describeEngine(session),
    async *time(own) {
      const { data, config } = yield* openSetting(swept[0]!, choice, dataset, session, own);
      return yield* timeShort(data, config, own);
    },
  };
}
