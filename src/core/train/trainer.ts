import * as tf from "@tensorflow/tfjs-core";
import type { Banks } from "../gpu/banks";
import { disposeBanks, readBanks, uploadBanks } from "../gpu/banks";
import { GradientSink } from "../gpu/gradient-sink";
import { installTrainingKernels } from "../gpu/kernels/training/install";
import { installGpuTrainingKernels } from "../gpu/kernels/webgpu/install";
import { sumOfSquares } from "../gpu/training/squares";
import type { HostTensors } from "../model/safetensors";
import type { Pace } from "../pace";
import type { AdamwConstants, AdamwState } from "./adamw";
import { stepAdamw } from "./adamw";
import { explainNonFinite } from "./guard";
import type { FlatLayout } from "./layout";
import { flattenTensors } from "./layout";
import type { Objective, WeightedRows } from "./objectives/objective";
import { runObjective } from "./objectives/objective";

/** Everything that AdamW goes on from, on the CPU: each [P]. */
export interface HostState {
  readonly parameters: Float32Array;
  readonly means: Float32Array;
  readonly squares: Float32Array;
}

/** The state before the first step, from parameters by their names. */
export function startState(layout: FlatLayout, tensors: HostTensors): HostState {
  const nothing = new Float32Array(layout.size);
  return { parameters: flattenTensors(layout, tensors), means: nothing, squares: nothing };
}

/** What all steps of a run share. */
export interface StepConstants extends AdamwConstants {
  /** Largest norm of all gradients together; 0 for no limit. */
  readonly clip: number;
  /** Share of hidden states and of attention that is dropped, as Hugging Face does; default 0. */
  readonly dropout?: number | undefined;
  /** What is dropped follows from this, the step and the pass. */
  readonly seed?: number | undefined;
}

/** What one step came to. */
export interface StepOutcome {
  /** The weighted sum of the losses of the step, before it was taken. */
  readonly loss: number;
  /** Norm of all gradients together, before clipping. */
  readonly norm: number;
}

/** Our kernels for the engine that is open; plain JavaScript, and wasm without SIMD, compose tfjs' operations. */
export function installKernels(): void {
  const backend = tf.getBackend();
  if (backend === "webgpu") installGpuTrainingKernels();
  if (backend === "wasm" && tf.env().getBool("WASM_HAS_SIMD_SUPPORT")) installTrainingKernels();
}

/** Of all gradients together. */
async function normOf({ tensors }: Banks): Promise<number> {
  const totals = tensors.map(sumOfSquares);
  const read = await Promise.all(totals.map((total) => total.data()));
  tf.dispose(totals);
  return Math.sqrt(read.reduce((sum, [square]) => sum + square!, 0));
}

/** Parameters and moments on the current engine, and the steps that change them. */
export class Trainer<Layout extends FlatLayout, Rows extends WeightedRows> {
  readonly layout: Layout;
  readonly #objective: Objective<Layout, Rows>;
  readonly #constants: StepConstants;
  readonly #state: AdamwState;
  readonly #sink: GradientSink;

  /** The engine must be open; `dispose` frees what is held. */
  constructor(
    layout: Layout,
    objective: Objective<Layout, Rows>,
    constants: StepConstants,
    { parameters, means, squares }: HostState,
  ) {
    installKernels();
    this.layout = layout;
    this.#objective = objective;
    this.#constants = constants;
    this.#state = {
      parameters: uploadBanks(parameters, layout.spans),
      means: uploadBanks(means, layout.spans),
      squares: uploadBanks(squares, layout.spans),
    };
    this.#sink = new GradientSink(this.#state.parameters);
  }

  /** The parameters as they are now, [P]; they belong to the trainer and end with its next step. */
  get parameters(): Banks {
    return this.#state.parameters;
  }

  /**
   * One step over the passes given; the weights of their losses sum to 1. Throws "not-finite" and "stopped", and
   * then has changed nothing.
   */
  async step(
    passes: readonly Rows[],
    { learningRate, step }: { learningRate: number; step: number },
    pace: Pace,
  ): Promise<StepOutcome> {
    const loss = await this.#runPasses(passes, step, pace);
    const gradients = this.#sink.take();
    try {
      const norm = await normOf(gradients);
      if (!Number.isFinite(loss) || !Number.isFinite(norm))
        throw await this.#explain(step, gradients);
      const { clip } = this.#constants;
      const scale = clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1; // as torch's clip_grad_norm_
      const { decayed } = this.layout;
      stepAdamw(this.#state, gradients, this.#constants, { learningRate, step, scale, decayed });
      return { loss, norm };
    } finally {
      disposeBanks(gradients);
    }
  }

  async #runPasses(passes: readonly Rows[], step: number, pace: Pace): Promise<number> {
    const { dropout = 0, seed = 0 } = this.#constants;
    let loss = 0;
    try {
      for (const [pass, rows] of passes.entries()) {
        const losses = await runObjective(
          this.#objective,
          this.layout,
          this.parameters,
          rows,
          pace,
          this.#sink,
          { rate: dropout, seed, step, pass },
        );
        losses.forEach((one, m) => (loss += rows.weights[m]! > 0 ? one * rows.weights[m]! : 0));
      }
      return loss;
    } catch (error) {
      this.#sink.dispose();
      throw error;
    }
  }

  async #explain(step: number, gradients: Banks): Promise<Error> {
    const found = await readBanks(gradients);
    const { parameters } = await this.read();
    return explainNonFinite(this.layout, step, parameters, found);
  }

  /** Copies of parameters and moments. */
  async read(): Promise<HostState> {
    const { parameters, means, squares } = this.#state;
    const [p, m, s] = await Promise.all([parameters, means, squares].map(readBanks));
    return { parameters: p!, means: m!, squares: s! };
  }

  dispose(): void {
    Object.values<Banks>({ ...this.#state }).forEach(disposeBanks);
    this.#sink.dispose();
  }
}
