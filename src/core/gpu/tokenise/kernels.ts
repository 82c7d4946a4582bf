import {
  MOST_POINTS,
  PATCH_WGSL,
  RUNS_WGSL,
  SCAN_BLOCKS_WGSL,
  SCAN_SUMS_WGSL,
} from "./check-ins.wgsl";
import type { DeviceMemory } from "./device-memory";
import { ENCODE_WGSL } from "./encode.wgsl";
import { TOKENS_WGSL } from "./tokens.wgsl";

const SOURCES = {
  encode: ENCODE_WGSL,
  patch: PATCH_WGSL,
  runs: RUNS_WGSL,
  scanBlocks: SCAN_BLOCKS_WGSL,
  scanSums: SCAN_SUMS_WGSL,
  tokens: TOKENS_WGSL,
};

export type Kernels = Record<keyof typeof SOURCES, GPUComputePipeline>;

/** Compiled once a device, whatever is tokenised on it. */
const COMPILED = new WeakMap<GPUDevice, Promise<Kernels>>();

/** The kernels of tokenising on a device. */
export function findKernels(memory: DeviceMemory): Promise<Kernels> {
  const known = COMPILED.get(memory.device);
  if (known !== undefined) return known;
  const made = createKernels(memory);
  COMPILED.set(memory.device, made);
  return made;
}

async function createKernels(memory: DeviceMemory): Promise<Kernels> {
  const made = Object.entries(SOURCES).map(async ([name, code]) => [
    name,
    await memory.createKernel(name, code),
  ]);
  return Object.fromEntries(await Promise.all(made)) as Kernels;
}

/** Half a million points take about 40 MB on the device. */
const POINTS_PER_BATCH = 2 ** 19;

/** Points of one batch within the device's limits, `pieces` tokens a check-in at most. */
export function batchSize(limits: GPUSupportedLimits, pieces: number, asked?: number): number {
  const bytes = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const fits = Math.floor(bytes / (4 * Math.max(2, pieces))) - 1;
  const groups = limits.maxComputeWorkgroupsPerDimension * 256;
  // all columns of a batch are read back through one buffer: 12 bytes a check-in and 8 a piece
  const staged = Math.floor(limits.maxBufferSize / (12 + 8 * pieces));
  return Math.min(asked ?? POINTS_PER_BATCH, MOST_POINTS, fits, groups, staged);
}
