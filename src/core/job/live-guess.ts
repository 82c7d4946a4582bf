import { createBert } from "../model/bert";
import { decodeMasked } from "../model/decode";
import { hideCheckIn } from "../model/masked-target";
import type { HostTensors } from "../model/safetensors";
import { finish } from "../pace";
import { toBertConfig, type PretrainConfig } from "../train/config";
import { checkInsOf, describeGuesses, type MaskedCheckIn, type MaskedResult } from "./masked";
import type { TrainingData } from "./open-corpus";
import type { Dataset } from "./open-dataset";

/** What the model makes of one hidden check-in of a trajectory that it does not learn from, while it trains. */
export interface LiveGuess extends Pick<MaskedCheckIn, "truth" | "truthProbability" | "guesses"> {
  /** Steps taken before. */
  readonly step: number;
  /** The same object for every guess of a run. */
  readonly checkIns: MaskedResult["checkIns"];
  /** Ordinal of the hidden check-in. */
  readonly index: number;
}

const GUESSES = 10;
const VALIDATION = 1;
/** With fewer check-ins there is nothing around the hidden one. */
const ENOUGH_CHECK_INS = 12;
/** With more the map is a knot. */
const MANY_CHECK_INS = 60;

/** The first validation trajectory of a good length, else the first; undefined without any. */
function chooseTrajectory({ trajectories: { offsets }, parts }: Dataset): number | undefined {
  const rows = [...parts.keys()].filter((k) => parts[k] === VALIDATION);
  const isGood = (k: number): boolean => {
    const length = offsets[k + 1]! - offsets[k]!;
    return length >= ENOUGH_CHECK_INS && length <= MANY_CHECK_INS;
  };
  return rows.find(isGood) ?? rows[0];
}

/** Guesses the check-in in the middle of one validation trajectory, whatever the parameters; undefined where there is none. */
export function createLiveGuess(
  dataset: Dataset,
  { pieces, tokeniser, hours, users }: TrainingData,
  config: PretrainConfig,
): ((tensors: HostTensors, step: number) => Promise<LiveGuess>) | undefined {
  const k = chooseTrajectory(dataset);
  if (k === undefined) return undefined;
  const { offsets, checkIns } = dataset.trajectories;
  const cells = checkIns.cell.subarray(offsets[k], offsets[k + 1]);
  const index = cells.length >> 1;
  const target = hideCheckIn(pieces, cells, {
    target: index,
    hours: hours?.subarray(offsets[k], offsets[k + 1]),
    user: users?.[k],
    maxTokens: config.maxLength,
  });
  const shown = checkInsOf(dataset, k);
  return async (tensors, step) => {
    const bert = createBert(toBertConfig(config, tokeniser.vocabularySize), tensors);
    try {
      const [decoded] = await finish(decodeMasked(bert, pieces, [target], { top: GUESSES }));
      return {
        step,
        checkIns: shown,
        index,
        ...describeGuesses(dataset, cells[index]!, decoded!, GUESSES),
      };
    } finally {
      bert.dispose();
    }
  };
}
