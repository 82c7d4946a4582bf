import { countGptParameters } from "../../model/gpt/parameters";
import type { EngineLimits, RunEstimate } from "../estimate";
import { FLOAT_BYTES, STATE_COPIES, refuseMisfit } from "../estimate";
import type { PointConfig } from "./config";
import { spanBytes } from "../layout";
import { createGptLayout } from "./layout";
import { POINT_PRESETS, toGptConfig } from "./config";

/** Counts what a step of a configuration needs, all windows as long as they can be. */
export function estimatePoints(config: PointConfig): RunEstimate {
  const { layers: L, width: C, length: T, batch, accumulation } = config;
  const N = batch * T;
  const gpt = toGptConfig(config);
  const parameters = countGptParameters(gpt);
  const perPoint = 20 * L * C + 18 * C; // what src/core/train/gpt/decoder.ts owns
  const dense = 2 * N * (parameters - T * C);
  const attention = 4 * N * T * C * L;
  const scores = N * T * config.heads; // of one layer, where no kernel of ours does without them
  return {
    parameters,
    stateBytes: STATE_COPIES * FLOAT_BYTES * parameters,
    activationBytes: FLOAT_BYTES * N * perPoint,
    spanBytes: spanBytes(createGptLayout(gpt)),
    widestBytes: FLOAT_BYTES * Math.max(4 * N * C, scores),
    operationsPerStep: 3 * accumulation * (dense + attention), // the way back costs twice as much
  };
}

/** Throws "out-of-memory" for a run that cannot fit on the engine, and says what would. */
export function checkPointsFit(config: PointConfig, limits: EngineLimits): void {
  refuseMisfit(config, Object.values(POINT_PRESETS), estimatePoints, limits);
}
