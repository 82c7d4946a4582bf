/** What can be set of a training run, with its bounds and the paper's values: for the views of the step that trains. */
export { BOUNDS, differencesFromPaper, PAPER, PRESETS } from "../core/train/config";
export type { PretrainConfig } from "../core/train/config";
export { halfBatch, type Passes } from "../core/train/passes";
export type { PretrainControls } from "../core/train/reports";
export { OPERATIONS_PER_PARAMETER, PAPER_SCALE } from "../core/train/paper-scale";
export type { Budget, LogRow } from "../core/train/state";
export {
  differencesFromRaw,
  POINT_BOUNDS,
  POINT_PRESETS,
  RAW_PAPER,
  type PointConfig,
} from "../core/train/gpt/config";
export { RAW_BOX, type Box } from "../core/data/box";
export { isOfPoints } from "../core/job/run-store";
