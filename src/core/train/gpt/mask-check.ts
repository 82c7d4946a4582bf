import { RAW_BOX, createBoxScale } from "../../data/box";
import type { PointWindows } from "../../data/point-windows";
import type { Progress } from "../../pace";
import { createRandom } from "../../random";
import type { PointConfig } from "./config";
import { RAW_PAPER } from "./config";
import type { PointLogRow } from "./course";
import { pretrainPoints } from "./pretrain";

/** A run of the check. */
export interface MaskRun {
  readonly isCausal: boolean;
  /** Validations; the loss is the mean squared error. */
  readonly log: readonly PointLogRow[];
}

/** What came of it. */
export interface MaskCheck {
  readonly steps: number;
  /** Staying is the best guess there is of somebody who wanders at random. */
  readonly staying: { readonly mse: number; readonly generationKm: number };
  readonly runs: readonly MaskRun[];
}

const LENGTH = 24;
const WALKERS = { train: 1000, validation: 24 } as const;
/** One step, in half boxes. */
const DEVIATION = 0.1;
const STEPS = 900;

/** As small as learns to look one place ahead within seconds. */
const CONFIG: PointConfig = {
  ...RAW_PAPER,
  preset: "tiny",
  layers: 1,
  width: 32,
  heads: 2,
  length: LENGTH,
  learningRate: 1e-2,
  schedule: "linear",
  warmup: 0.03,
  beta2: 0.98,
  clip: 1,
  batch: 16,
  accumulation: 1,
};

/** People who wander at random from the middle of the box: nobody can know where they go next. */
function makeWanderers(count: number, name: string, seed: number): PointWindows {
  const random = createRandom(seed, "wanderers", name);
  const { toLng, toLat } = createBoxScale(RAW_BOX);
  const places = new Float32Array(2 * count * LENGTH);
  for (let row = 0; row < count; row++) {
    let [x, y] = [0, 0];
    for (let n = 0; n < LENGTH; n++) {
      x += DEVIATION * random.normal();
      y += DEVIATION * random.normal();
      places.set([toLng(x), toLat(y)], 2 * (row * LENGTH + n));
    }
  }
  return {
    users: [name],
    user: new Uint32Array(count),
    offsets: Uint32Array.from({ length: count + 1 }, (_, row) => row * LENGTH),
    places,
    moments: Int32Array.from({ length: count * LENGTH }, (_, n) => n % LENGTH),
  };
}

/**
 * Why masked self-attention (SD-13): the same small model learns the next point of people who wander at random, with
 * the causal mask and without. Throws "stopped".
 */
export async function* checkMask(
  seed: number,
  signal?: AbortSignal,
): AsyncGenerator<Progress, MaskCheck, void> {
  const data = {
    train: makeWanderers(WALKERS.train, "train", seed),
    validation: makeWanderers(WALKERS.validation, "validation", seed),
  };
  const runs: MaskRun[] = [];
  let staying = { mse: NaN, generationKm: NaN };
  for (const isCausal of [true, false]) {
    const phase = isCausal ? "train with the mask" : "train without the mask";
    const work = pretrainPoints({
      config: { ...CONFIG, isCausal, seed },
      budget: { kind: "steps", steps: STEPS },
      data,
      validations: 10,
      checkpointSeconds: Infinity,
      signal,
    });
    const log: PointLogRow[] = [];
    for await (const report of work) {
      if (report.kind === "validation") log.push(report.row);
      if (report.kind === "baselines") {
        const { persistence, generationKm = NaN } = report.scores;
        staying = { mse: persistence.mse, generationKm };
      }
      yield { phase, done: report.done, total: STEPS, unit: "steps" };
    }
    runs.push({ isCausal, log });
  }
  return { steps: STEPS, staying, runs };
}
