import type { PointWindows } from "../../data/point-windows";
import { countWindows } from "../../data/point-windows";
import { FootfallError } from "../../errors";
import { initialiseGpt } from "../../model/gpt/parameters";
import { nextPointObjective } from "../objectives/next-point";
import type { RunOptions, RunReport, RunResult } from "../reports";
import type { DataFacts } from "../state";
import { freshProgress, hashNumbers } from "../state";
import type { Lesson } from "../teach";
import { teach } from "../teach";
import { checkPointConfig, toGptConfig } from "./config";
import type { PointCourseOptions, PointFamily } from "./course";
import { NextPointCourse } from "./course";
import { createGptLayout } from "./layout";

/** A run of a GPT on points. */
export interface PointPretrainOptions extends RunOptions<PointFamily>, PointCourseOptions {
  readonly config: PointCourseOptions["config"];
}

export type PointReport = RunReport<PointFamily>;
export type PointResult = RunResult<PointFamily>;

function describeData({ places, moments, user, offsets }: PointWindows): DataFacts {
  const bits = new Int32Array(places.buffer, places.byteOffset, places.length);
  return {
    trajectories: countWindows({ user }),
    tokens: offsets.at(-1)!,
    hash: hashNumbers(bits) + hashNumbers(moments),
  };
}

/**
 * Pre-trains RAW's GPT by guessing the next point on the open engine, as `teach` says. Throws "bad-input",
 * "no-data", "not-finite", "stopped"; frees all it made.
 */
export async function* pretrainPoints(
  options: PointPretrainOptions,
): AsyncGenerator<PointReport, PointResult, void> {
  const { config, budget, data } = options;
  checkPointConfig(config);
  if (countWindows(data.train) === 0) {
    throw new FootfallError("no-data", "the training part holds no window of points");
  }
  const layout = createGptLayout(toGptConfig(config));
  const lesson: Lesson<PointFamily> = {
    course: new NextPointCourse(options),
    layout,
    objective: nextPointObjective,
    constants: config,
    start: () => initialiseGpt(layout.config, config.seed),
    fresh: freshProgress(config, budget, describeData(data.train)),
  };
  return yield* teach(lesson, options);
}
