import * as tf from "@tensorflow/tfjs-core";
import type { Part } from "../../../core/gpu/banks";
import { oneBank } from "../../../core/gpu/banks";
import { GradientSink } from "../../../core/gpu/gradient-sink";
import { installGpuTrainingKernels } from "../../../core/gpu/kernels/webgpu/install";
import { attention, gelu } from "../../../core/gpu/ops";
import { attentionGradient } from "../../../core/gpu/training/attention";
import { dense, denseGradient } from "../../../core/gpu/training/dense";
import { vocabularyLoss } from "../../../core/gpu/training/loss";
import { keepNorm, normGradient } from "../../../core/gpu/training/norm";
import { stepAdamw } from "../../../core/train/adamw";
import { PRESETS } from "../../../core/train/config";
import type { KernelNumbers, KernelTime } from "../model/ask";
import { V } from "../model/ask";
import { openOwnEngine } from "./footfall";
import { measureByteRate, measureOperationRate } from "./peaks";

const FLOAT_BYTES = 4;
const RUNS = 5;
const SHORTEST_S = 0.05;

/** One kernel, what it does, and a call of it. */
interface Trial extends Omit<KernelTime, "seconds"> {
  run(): unknown;
}

interface GpuBackend {
  readonly device: GPUDevice;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** Seconds of one call: the shortest of some runs, each of as many calls as take a while. */
async function timeTrial({ run }: Trial): Promise<number> {
  const { device } = gpu();
  const timeCalls = async (calls: number): Promise<number> => {
    const start = performance.now();
    for (let n = 0; n < calls; n++) tf.tidy(() => void run());
    gpu().endComputePassEncoder();
    gpu().submitQueue();
    await device.queue.onSubmittedWorkDone();
    return (performance.now() - start) / 1000;
  };
  await timeCalls(1);
  let calls = 1;
  while ((await timeCalls(calls)) < SHORTEST_S) calls *= 2;
  let best = Infinity;
  for (let n = 0; n < RUNS; n++) best = Math.min(best, (await timeCalls(calls)) / calls);
  return best;
}

const gpu = (): GpuBackend => tf.backend() as unknown as GpuBackend;

const values = (...shape: number[]): tf.Tensor => tf.randomNormal(shape, 0, 1, "float32", 1);

/** Parts of a flat tensor, one after the other. */
function lay(...shapes: readonly (readonly number[])[]): { parts: Part[]; size: number } {
  let size = 0;
  const parts = shapes.map((shape) => {
    const part = { start: size, shape };
    size += shape.reduce((product, n) => product * n, 1);
    return part;
  });
  return { parts, size: Math.ceil(size / 4) * 4 };
}

/** Products of a layer: x [N, I] times a weight [O, I]. */
function denseTrials(N: number, I: number, O: number): Trial[] {
  const { parts, size } = lay([O, I], [O]);
  const layer = { weight: parts[0]!, bias: parts[1]! };
  const [x, d] = [values(N, I) as tf.Tensor2D, values(N, O) as tf.Tensor2D];
  const flat = oneBank(values(size) as tf.Tensor1D);
  const sink = new GradientSink(flat);
  const [operations, bytes] = [2 * N * I * O, FLOAT_BYTES * (N * I + N * O + I * O)];
  const name = `${N} x ${I} to ${O}`;
  return [
    { name: `layer ${name}`, operations, bytes, run: () => dense(x, flat, layer) },
    {
      name: `its gradients ${name}`,
      operations: 2 * operations,
      bytes: 2 * bytes,
      run: () => denseGradient(d, x, flat, layer, sink),
    },
  ];
}

function attentionTrials(B: number, T: number, H: number, D: number): Trial[] {
  const projected = values(B, T, 3 * H * D) as tf.Tensor3D;
  const d = values(B, T, H * D) as tf.Tensor3D;
  const input = { projected, bias: undefined, headCount: H };
  const name = `${B} x ${T}, ${H} heads of ${D}`;
  const product = 2 * B * H * T * T * D;
  const bytes = FLOAT_BYTES * B * T * H * D;
  return [
    {
      name: `attention ${name}`,
      operations: 2 * product,
      bytes: 4 * bytes,
      run: () => attention(projected, undefined, H),
    },
    {
      name: `its gradient ${name}`,
      operations: 5 * product, // what a gradient needs; ours computes 9, and keeps no T x T matrix
      bytes: 8 * bytes,
      run: () => attentionGradient(d, input),
    },
  ];
}

/** Kernels that move values. */
function movingTrials(N: number, C: number): Trial[] {
  const { parts, size } = lay([C], [C]);
  const norm = { weight: parts[0]!, bias: parts[1]!, epsilon: 1e-12 };
  const flat = oneBank(values(size) as tf.Tensor1D);
  const sink = new GradientSink(flat);
  const [x, y] = [values(N, C) as tf.Tensor2D, values(N, C) as tf.Tensor2D];
  const kept = keepNorm(x, y, flat, norm);
  const bytes = FLOAT_BYTES * N * C;
  const name = `${N} x ${C}`;
  return [
    {
      name: `residual and norm ${name}`,
      operations: 0,
      bytes: 4 * bytes,
      run: () => keepNorm(x, y, flat, norm),
    },
    {
      name: `its gradient ${name}`,
      operations: 0,
      bytes: 3 * bytes,
      run: () => normGradient(x, kept, flat, norm, sink),
    },
    { name: `GELU ${name}`, operations: 0, bytes: 2 * bytes, run: () => gelu(x) },
  ];
}

function vocabularyTrial(M: number, C: number): Trial {
  const { parts, size } = lay([V, C], [V]);
  const decoder = { weight: parts[0]!, bias: parts[1]! };
  const flat = oneBank(values(size) as tf.Tensor1D);
  const sink = new GradientSink(flat);
  const x = values(M, C) as tf.Tensor2D;
  const targets = {
    labels: tf.zeros<tf.Rank.R1>([M], "int32"),
    weights: tf.ones<tf.Rank.R1>([M]),
  };
  return {
    name: `vocabulary ${M} x ${C} to ${V}, loss and gradients`,
    operations: 6 * M * C * V,
    bytes: FLOAT_BYTES * (3 * V * C + 3 * M * V),
    run: () => vocabularyLoss(x, targets, flat, decoder, sink),
  };
}

function adamwTrial(count: number): Trial {
  const zeros = () => oneBank(tf.zeros([count]));
  const state = { parameters: zeros(), means: zeros(), squares: zeros() };
  const gradients = oneBank(values(count) as tf.Tensor1D);
  const step = { learningRate: 1e-3, step: 1, scale: 1, decayed: count };
  return {
    name: `AdamW of ${(count / 1e6).toFixed(1)} million`,
    operations: 0,
    bytes: 7 * FLOAT_BYTES * count,
    run: () => stepAdamw(state, gradients, PRESETS.small, step),
  };
}

/** Times the kernels of training, each alone, and what the device reaches. */
export async function measureKernels(): Promise<KernelNumbers> {
  const engine = await openOwnEngine("webgpu");
  installGpuTrainingKernels();
  const { device } = gpu();
  const trials = [
    ...denseTrials(1024, 128, 512),
    ...denseTrials(512, 768, 3072),
    ...attentionTrials(16, 64, 4, 32),
    ...attentionTrials(2, 512, 4, 32),
    ...movingTrials(1024, 128),
    ...movingTrials(512, 768),
    vocabularyTrial(208, 128),
    adamwTrial(2_000_000),
  ];
  const kernels: KernelTime[] = [];
  device.pushErrorScope("validation");
  for (const trial of trials) {
    const { name, operations, bytes } = trial;
    kernels.push({ name, operations, bytes, seconds: await timeTrial(trial) });
  }
  const refused = await device.popErrorScope();
  if (refused !== null) throw new Error(refused.message);
  const [operationRate, byteRate] = [
    await measureOperationRate(device),
    await measureByteRate(device),
  ];
  return { adapter: engine.description, operationRate, byteRate, kernels };
}
