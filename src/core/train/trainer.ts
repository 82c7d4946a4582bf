import * as tf from "@tensorflow/tfjs-core";
import { GradientSink } from "../gpu/gradient-sink";
import { installTrainingKernels } from "../gpu/kernels/training/install";
import { installGpuTrainingKernels } from "../gpu/kernels/webgpu/install";
import { sumOfSquares } from "../gpu/training-ops";
import type { Pace } from "../pace";
import type { AdamwState } from "./adamw";
import { stepAdamw } from "./adamw";
import type { PretrainConfig } from "./config";
import { explainNonFinite } from "./guard";
import type { Layout } from "./layout";
import type { MaskedRows } from "./pass";
import { runMaskedLoss } from "./pass";

/** Everything that AdamW goes on from, on the CPU: each [P]. */
export interface HostState {
  readonly parameters: Float32Array;
  readonly means: Float32Array;
  readonly squares: Float32Array;
}

/** What one step came to. */
export interface StepOutcome {
  /** Mean over the masked places of the step, before it was taken. */
  readonly loss: number;
  /** Norm of all gradients together, before clipping. */
  readonly norm: number;
}

/** Our kernels for the engine that is open; plain JavaScript, and wasm without SIMD, compose tfjs' operations. */
function installKernels(): void {
  const backend = tf.getBackend();
  if (backend === "webgpu") installGpuTrainingKernels();
  if (backend === "wasm" && tf.env().getBool("WASM_HAS_SIMD_SUPPORT")) installTrainingKernels();
}

/** Parameters and moments on the current engine, and the steps that change them. */
export class Trainer {
  readonly layout: Layout;
  readonly #config: PretrainConfig;
  readonly #state: AdamwState;
  readonly #sink: GradientSink;

  /** The engine must be open; `dispose` frees what is held. */
  constructor(layout: Layout, config: PretrainConfig, { parameters, means, squares }: HostState) {
    installKernels();
    this.layout = layout;
    this.#config = config;
    this.#state = {
      parameters: tf.tensor1d(parameters),
      means: tf.tensor1d(means),
      squares: tf.tensor1d(squares),
    };
    this.#sink = new GradientSink(layout.size);
  }

  /** The parameters as they are now, [P]; they belong to the trainer and end with its next step. */
  get parameters(): tf.Tensor1D {
    return this.#state.parameters;
  }

  /**
   * One step over the passes given; weights of their places sum to 1. Throws "not-finite" and "stopped", and
   * then has changed nothing.
   */
  async step(
    passes: readonly MaskedRows[],
    { learningRate, step }: { learningRate: number; step: number },
    pace: Pace,
  ): Promise<StepOutcome> {
    const loss = await this.#runPasses(passes, pace);
    const gradients = this.#sink.take();
    try {
      const total = sumOfSquares(gradients);
      const norm = Math.sqrt((await total.data())[0]!);
      total.dispose();
      if (!Number.isFinite(loss) || !Number.isFinite(norm))
        throw await this.#explain(step, gradients);
      const { clip } = this.#config;
      const scale = clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1; // as torch's clip_grad_norm_
      const { decayed } = this.layout;
      stepAdamw(this.#state, gradients, this.#config, { learningRate, step, scale, decayed });
      return { loss, norm };
    } finally {
      gradients.dispose();
    }
  }

  async #runPasses(passes: readonly MaskedRows[], pace: Pace): Promise<number> {
    let loss = 0;
    try {
      for (const rows of passes) {
        const losses = await runMaskedLoss(this.layout, this.parameters, rows, pace, this.#sink);
        losses.forEach((one, m) => (loss += rows.weights[m]! > 0 ? one * rows.weights[m]! : 0));
      }
      return loss;
    } catch (error) {
      this.#sink.dispose();
      throw error;
    }
  }

  async #explain(step: number, gradients: tf.Tensor1D): Promise<Error> {
    const found = await gradients.data<"float32">();
    const { parameters } = await this.read();
    return explainNonFinite(this.layout, step, parameters, found);
  }

  /** Copies of parameters and moments. */
  async read(): Promise<HostState> {
    const { parameters, means, squares } = this.#state;
    const [p, m, s] = await Promise.all(
      [parameters, means, squares].map((tensor) => tensor.data<"float32">()),
    );
    return { parameters: p!.slice(), means: m!.slice(), squares: s!.slice() };
  }

  dispose(): void {
    tf.dispose([this.#state.parameters, this.#state.means, this.#state.squares]);
    this.#sink.dispose();
  }
}
