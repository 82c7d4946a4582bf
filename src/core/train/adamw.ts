import * as tf from "@tensorflow/tfjs-core";
import type { Banks } from "../gpu/banks";
import { runFused } from "../gpu/ops";
import { TRAINING } from "../gpu/training-names";

/** Constants of AdamW that stay during a run. */
export interface AdamwConstants {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled weight decay of matrices; biases and layer norms do not decay. */
  readonly weightDecay: number;
}

/** Parameters and the moments of their gradients, all [P] and laid out alike. */
export interface AdamwState {
  readonly parameters: Banks;
  /** Running mean of the gradients. */
  readonly means: Banks;
  /** Running mean of their squares. */
  readonly squares: Banks;
}

/** What is special to one step. */
export interface AdamwStep {
  readonly learningRate: number;
  /** Counts from 1. */
  readonly step: number;
  /** Factor of the gradients, which clips their norm. */
  readonly scale: number;
  /** The first so many values decay. */
  readonly decayed: number;
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019) over all parameters, as `torch.optim.AdamW` takes it. The state
 * is changed in place by a fused kernel, else its tensors are replaced; the gradients stay the caller's.
 */
export function stepAdamw(
  state: AdamwState,
  gradients: Banks,
  constants: AdamwConstants,
  { learningRate, step, scale, decayed }: AdamwStep,
): void {
  const { beta1, beta2, epsilon, weightDecay } = constants;
  const factors = {
    scale,
    beta1,
    beta2,
    keep: 1 - learningRate * weightDecay,
    rate: learningRate / (1 - beta1 ** step),
    root: 1 / Math.sqrt(1 - beta2 ** step),
    epsilon,
  };
  gradients.tensors.forEach((bank, n) => {
    const here = Math.max(0, Math.min(bank.size, decayed - gradients.starts[n]!));
    stepBank(state, n, bank, { ...factors, decayed: here });
  });
}

function stepBank(state: AdamwState, n: number, gradients: tf.Tensor1D, factors: Factors): void {
  const columns = [state.parameters.tensors, state.means.tensors, state.squares.tensors];
  const [parameters, means, squares] = columns.map((tensors) => tensors[n]!);
  const bank = { parameters: parameters!, means: means!, squares: squares! };
  if (runFused<tf.Tensor[]>(TRAINING.adamw, { ...bank, gradients }, factors) !== undefined) return;
  const stepped = tf.tidy(() => composeAdamw(bank, gradients, factors));
  tf.dispose(Object.values(bank));
  columns.forEach((tensors, k) => (tensors[n] = stepped[k]!));
}

type Factors = Readonly<
  Record<"scale" | "beta1" | "beta2" | "keep" | "rate" | "root" | "epsilon" | "decayed", number>
>;

function composeAdamw(
  state: Readonly<Record<keyof AdamwState, tf.Tensor1D>>,
  gradients: tf.Tensor1D,
  f: Factors,
): tf.Tensor1D[] {
  const clipped = tf.mul(gradients, f.scale); // [P]
  const means = tf.add<tf.Tensor1D>(tf.mul(state.means, f.beta1), tf.mul(clipped, 1 - f.beta1));
  const power = tf.mul(tf.square(clipped), 1 - f.beta2); // [P]
  const squares = tf.add<tf.Tensor1D>(tf.mul(state.squares, f.beta2), power); // [P]
  const root = tf.add(tf.mul(tf.sqrt(squares), f.root), f.epsilon); // [P]
  const stepped = tf.div(tf.mul(means, f.rate), root); // [P]
  const rest = state.parameters.size - f.decayed;
  const [matrices, vectors] = tf.split(state.parameters, [f.decayed, rest]);
  const kept = tf.concat([tf.mul<tf.Tensor1D>(matrices!, f.keep), vectors!]); // [P]
  return [tf.sub<tf.Tensor1D>(kept, stepped), means, squares];
}
