import { FootfallError } from "../../../core/errors";
import { openEngine } from "../../../core/gpu/engine";
import type { BertConfig } from "../../../core/model/config";
import { initialiseBert } from "../../../core/model/parameters";
import { createPace } from "../../../core/pace";
import { createRandom } from "../../../core/random";
import { PRESETS, toBertConfig } from "../../../core/train/config";
import { createLayout } from "../../../core/train/layout";
import type { MaskedRows } from "../../../core/train/objectives/masked";
import { maskedObjective } from "../../../core/train/objectives/masked";
import { Trainer, startState } from "../../../core/train/trainer";
import { allowRelaxedSimd } from "../../relaxed-simd";
import { median } from "../median";

/** One shape: layers and width of the model, rows and tokens of a batch. */
interface Shape {
  readonly layers: number;
  readonly width: number;
  readonly B: number;
  readonly T: number;
}

const SHAPES: readonly Shape[] = [
  { layers: 2, width: 64, B: 16, T: 64 },
  { layers: 4, width: 128, B: 16, T: 64 },
  { layers: 4, width: 128, B: 4, T: 256 },
];

/** The vocabulary of the shipped model. */
const V = 2565;
const MASKED_SHARE = 0.2;

const PROGRAMS = ["footfall", "jax", "plain"] as const;
type Program = (typeof PROGRAMS)[number];

/** What one program took for one step of one shape. */
export interface TrainingNumbers {
  readonly program: Program;
  readonly shape: string;
  readonly description: string;
  readonly seconds: number;
  readonly tokensPerSecond: number;
  /** How many times as long as Footfall. */
  readonly ratio: number;
}

/** Losses and gradient norms may differ by this share: sums in another order, erf by another formula. */
const TOLERANCE = 1e-3;

/** A program that is ready to take steps. */
interface Runner {
  run(): Promise<{ loss: number; norm: number }>;
  dispose(): void;
}

function makeConfig({ layers, width, T }: Shape): BertConfig {
  const sizes = { layers, width, heads: width / 32, innerWidth: 4 * width, maxLength: T };
  return toBertConfig({ ...PRESETS.small, ...sizes }, V);
}

/** Random tokens, full rows, a fifth of the places masked. */
function makeRows({ B, T }: Shape): MaskedRows {
  const random = createRandom(1, "bench", B, T);
  const tokens = Int32Array.from({ length: B * T }, () => 5 + random.integer(V - 5));
  const M = Math.round((MASKED_SHARE * B * T) / 16) * 16;
  const places = Int32Array.from({ length: M }, (_, m) => Math.floor((m * B * T) / M));
  const labels = places.map((place) => tokens[place]!);
  return { tokens, B, T, places, labels, weights: new Float32Array(M).fill(1 / M) };
}

function openFootfall(config: BertConfig, rows: MaskedRows): Runner {
  const layout = createLayout(config);
  const trainer = new Trainer(
    layout,
    maskedObjective,
    PRESETS.small,
    startState(layout, initialiseBert(config)),
  );
  const pace = createPace(undefined, Infinity);
  let step = 0;
  return {
    run: () => trainer.step([rows], { learningRate: 1e-3, step: ++step }, pace),
    dispose: () => trainer.dispose(),
  };
}

async function openRunner(program: Program, shape: Shape): Promise<Runner> {
  const [config, rows] = [makeConfig(shape), makeRows(shape)];
  if (program === "footfall") return openFootfall(config, rows);
  const tensors = initialiseBert(config);
  if (program === "plain") {
    const { openPlainBert } = await import("./plain-bert");
    return openPlainBert(config, tensors, rows);
  }
  const { openJaxBert } = await import("./jax-bert");
  return { ...(await openJaxBert(config, tensors, rows)), dispose: () => undefined };
}

/** The first step of each program, from the same weights on the same rows. Throws "weights-mismatch". */
async function compareFirst(runners: ReadonlyMap<Program, Runner>): Promise<void> {
  let expected: { loss: number; norm: number } | undefined;
  for (const [program, runner] of runners) {
    const found = await runner.run();
    expected ??= found;
    for (const name of ["loss", "norm"] as const) {
      if (Math.abs(found[name] / expected[name] - 1) <= TOLERANCE) continue;
      throw new FootfallError(
        "weights-mismatch",
        `${program}: ${name} is ${found[name]}, Footfall's is ${expected[name]}`,
      );
    }
  }
}

async function timeOne(runner: Runner): Promise<number> {
  const from = performance.now();
  await runner.run();
  return (performance.now() - from) / 1000;
}

async function measureShape(
  shape: Shape,
  description: string,
  runs: number,
): Promise<TrainingNumbers[]> {
  const runners = new Map<Program, Runner>();
  for (const program of PROGRAMS) runners.set(program, await openRunner(program, shape));
  await compareFirst(runners);
  const seconds = new Map<Program, number[]>(PROGRAMS.map((program) => [program, []]));
  for (const runner of runners.values()) await runner.run();
  for (let n = 0; n < runs; n++) {
    for (const [program, runner] of runners) seconds.get(program)!.push(await timeOne(runner));
  }
  for (const runner of runners.values()) runner.dispose();
  const own = median(seconds.get("footfall")!);
  const { layers, width, B, T } = shape;
  return PROGRAMS.map((program) => {
    const time = median(seconds.get(program)!);
    return {
      program,
      shape: `${layers} x ${width}, ${B} x ${T} tokens`,
      description: program === "jax" ? "jax-js, wasm" : description,
      seconds: time,
      tokensPerSecond: (B * T) / time,
      ratio: time / own,
    };
  });
}

/**
 * Seconds of one training step in Node: Footfall's kernels, tfjs as its documentation shows it, and jax-js, all
 * WebAssembly on one thread, in turn. Footfall and tfjs take their Adam's step, jax-js computes the gradients
 * alone. Nothing is timed before loss and gradient norm agree.
 */
export async function measureTraining({
  runs,
  note,
}: {
  runs: number;
  note: (line: string) => void;
}): Promise<TrainingNumbers[]> {
  allowRelaxedSimd();
  const engine = await openEngine({ backend: "wasm" });
  const results: TrainingNumbers[] = [];
  try {
    for (const shape of SHAPES) {
      note(`training step, ${shape.layers} x ${shape.width}, ${shape.B} x ${shape.T} tokens ...`);
      results.push(...(await measureShape(shape, engine.description, runs)));
    }
  } finally {
    engine.dispose();
  }
  return results;
}
