import { countWindows } from "../data/point-windows";
import type { Engine } from "../gpu/engine";
import { initialiseGpt } from "../model/gpt/parameters";
import { createPace, type Progress } from "../pace";
import { limitsOf } from "../train/estimate";
import { countTargets, readFirst, toNextPointRows } from "../train/gpt/batches";
import { POINT_PRESETS, RAW_PAPER, toGptConfig, type PointConfig } from "../train/gpt/config";
import type { PointSettings } from "../train/gpt/config";
import { NextPointCourse } from "../train/gpt/course";
import { checkPointsFit, estimatePoints } from "../train/gpt/estimate";
import { createGptLayout } from "../train/gpt/layout";
import { nextPointObjective } from "../train/objectives/next-point";
import { Trainer, startState } from "../train/trainer";
import type { Dataset } from "./open-dataset";
import type { PointData } from "./open-windows";
import { openPoints } from "./point-subject";
import type { PretrainProbeResult } from "./pretrain-probe";
import { probeModels, timeGrowing } from "./probe-models";
import type { Session } from "./session";

/** Seconds of one step; the state is thrown away. */
async function timeStep(
  config: PointConfig,
  { train }: PointData,
  signal: AbortSignal,
): Promise<number> {
  const layout = createGptLayout(toGptConfig(config));
  const start = startState(layout, initialiseGpt(layout.config, config.seed));
  const trainer = new Trainer(layout, nextPointObjective, config, start);
  const pace = createPace(signal);
  try {
    return await timeGrowing(config, async (count, step) => {
      const windows = Array.from({ length: count }, (_, row) => readFirst(train, row, config));
      const rows = toNextPointRows(windows, 1 / countTargets(windows), config.length);
      await trainer.step([rows], { learningRate: 0, step }, pace);
    });
  } finally {
    trainer.dispose();
  }
}

/** Steps whose points are counted. */
const COUNTED_STEPS = 8;

/** The same for a GPT on points: what the models need here, and how long a step takes (PT-04). */
export async function* probePoints(
  dataset: Dataset,
  { settings, seed }: { settings: PointSettings; seed: number },
  engine: Engine,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, PretrainProbeResult, void> {
  const { config, data } = yield* openPoints(dataset, settings, seed, session, signal);
  const course = new NextPointCourse({ config, data, validationRows: 0 });
  yield { phase: "time a step", done: 0, total: 1, unit: "steps" };
  const presets = Object.values(POINT_PRESETS).map((preset) => ({ ...config, ...preset }));
  const { models, perOperation } = await probeModels<PointConfig>(config, presets, {
    estimate: estimatePoints,
    check: (one) => checkPointsFit(one, limitsOf(engine)),
    time: (one) => timeStep(one, data, signal),
    rows: countWindows(data.train),
  });
  const counted = Math.min(COUNTED_STEPS, course.stepsPerEpoch);
  const points = Array.from({ length: counted }, (_, step) => course.nextPasses(step).tokens);
  const tokensPerStep = points.reduce((sum, one) => sum + one, 0) / counted;
  const { batch, accumulation, length } = config;
  const fill = tokensPerStep / (batch * accumulation * length); // RAW's windows are full
  return {
    engine: `${engine.kind}: ${engine.description}`,
    unit: "points",
    trajectories: countWindows(data.train),
    tokens: data.train.moments.length,
    filledShare: data.filledShare,
    stepsPerEpoch: course.stepsPerEpoch,
    tokensPerStep,
    paperSeconds:
      perOperation &&
      (perOperation * estimatePoints(RAW_PAPER).operationsPerStep * RAW_PAPER.decaySteps) / fill,
    perOperation,
    models,
  };
}
