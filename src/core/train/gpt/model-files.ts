import { writeGptFolder } from "../../model/gpt/folder";
import type { HostTensors } from "../../model/safetensors";
import { toGptConfig } from "./config";
import type { PointLogRow, PointRunState } from "./course";
import type { PointBaselines } from "./scores";

/** What config.json tells about a run besides its state. */
export interface PointRunFacts {
  readonly engine: string;
  baselines: PointBaselines | undefined;
}

/** The scores of a validation as config.json keeps them. */
function scoresOf(row: PointLogRow | undefined) {
  if (row === undefined) return undefined;
  const { loss: mse, mae, rawKm, km, generationKm } = row;
  return { mse, mae, rawKm, km, generationKm };
}

/** The folder of some parameters of a run on points, by name. */
export function pointModelFiles(
  state: PointRunState,
  tensors: HostTensors,
  { engine, baselines }: PointRunFacts,
): Map<string, Uint8Array> {
  const validations = state.log.filter(({ split }) => split === "validation");
  const notes = {
    recipe: { ...state.config, budget: state.budget },
    steps: state.step,
    points: state.tokens,
    seconds: Math.round(state.seconds),
    engine,
    initial: scoresOf(validations[0]),
    validation: scoresOf(validations.at(-1)),
    best: state.best,
    baselines,
  };
  return writeGptFolder({ config: { ...toGptConfig(state.config), notes }, tensors }, state.log);
}
