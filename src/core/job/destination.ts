import { cellsOfTrajectory } from "../data/trajectories";
import { decodeMasked } from "../model/decode";
import { hideCheckIn } from "../model/masked-target";
import { countShown } from "../task/tasks/destination-task";
import type { DatasetSpec } from "./dataset";
import { checkInsOf, describeGuesses, type MaskedCheckIn, type MaskedResult } from "./masked";
import type { ModelSpec } from "./model";
import { openHours } from "./open-calendar";
import { openDataset } from "./open-dataset";
import { openModel } from "./open-model";
import { toMade, type Made, type Report, type Session } from "./session";
import { testTrajectory } from "./stages";

/** Asks where a trajectory ends, shown only its beginning (paper 2, task 2): the model as it is, not adapted. */
export interface DestinationJob {
  kind: "destination";
  dataset: DatasetSpec;
  model: ModelSpec;
  /** Number among the test trajectories. */
  trajectory: number;
  /** Share of the check-ins that is shown, 0.1 to 0.9. */
  shown: number;
  seed: number;
}

export interface DestinationResult {
  trajectory: number;
  trajectoryCount: number;
  /** All check-ins; the model sees the first `shownCount`. */
  checkIns: MaskedResult["checkIns"];
  shownCount: number;
  /** The cell of the last check-in, and what the model believes. */
  guess: Pick<MaskedCheckIn, "truth" | "truthProbability" | "guesses">;
  /** True where the last cell is among those that are shown: it can be copied. */
  wasSeen: boolean;
  made: Made;
}

/** Cells of the belief that are shown. */
const BELIEF_CELLS = 150;

/** The model's belief about the last cell. Throws "bad-input", "no-data", "weights-mismatch", "stopped". */
export async function* runDestination(
  job: DestinationJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, DestinationResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(job.dataset, session, signal);
  const model = yield* openModel(job.model, dataset, session, signal);
  const k = testTrajectory(dataset, job.trajectory);
  const cells = cellsOfTrajectory(dataset.trajectories, k);
  const shownCount = countShown(cells.length, job.shown);
  const truth = cells.at(-1)!;
  const beginning = cells.subarray(0, shownCount);
  const { maxPositions: maxTokens } = model.bert.config;
  const { offsets } = dataset.trajectories;
  const hourOf = (await openHours(dataset)).subarray(offsets[k], offsets[k + 1]);
  const target = hideCheckIn(model.pieces, [...beginning, truth], {
    target: shownCount,
    hours: [...hourOf.subarray(0, shownCount), hourOf.at(-1)!],
    maxTokens,
  });
  const options = { top: BELIEF_CELLS, beam: 64, signal };
  const [decoded] = yield* decodeMasked(model.bert, model.pieces, [target], options);
  return {
    trajectory: job.trajectory,
    trajectoryCount: dataset.test.length,
    checkIns: checkInsOf(dataset, k),
    shownCount,
    guess: describeGuesses(dataset, truth, decoded!, BELIEF_CELLS),
    wasSeen: beginning.includes(truth),
    made: toMade(startedAt, { seed: job.seed, data: dataset.key, model }),
  };
}
