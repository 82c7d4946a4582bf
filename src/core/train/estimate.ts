import { FootfallError } from "../errors";
import type { Engine, EngineKind } from "../gpu/engine";
import { countParameters } from "../model/parameters";
import type { PretrainConfig } from "./config";
import { PRESETS, toBertConfig } from "./config";
import { createLayout, spanBytes } from "./layout";

/** What a run will need, known before it starts. */
export interface RunEstimate {
  readonly parameters: number;
  /** Parameters, gradients and both moments. */
  readonly stateBytes: number;
  /** What one pass keeps for the way back. */
  readonly activationBytes: number;
  /** The longest stretch of parameters that one buffer must hold; tables of tokens are split by rows. */
  readonly spanBytes: number;
  /** The largest single tensor of one pass: the inner layer of all places. */
  readonly widestBytes: number;
  /** Multiplications and additions of one step, forward and back. */
  readonly operationsPerStep: number;
}

export const FLOAT_BYTES = 4;
/** Parameters, gradients, running means and running squares. */
export const STATE_COPIES = 4;

/** Counts what a step of a configuration needs, all rows as long as they can be. */
export function estimateRun(config: PretrainConfig, vocabularySize: number): RunEstimate {
  const {
    layers: L,
    width: C,
    innerWidth: F,
    maxLength: T,
    batch,
    accumulation,
    maskRate,
    dropout,
    heads,
  } = config;
  const N = batch * T;
  const M = Math.ceil(maskRate * N);
  const bert = toBertConfig(config, vocabularySize);
  const parameters = countParameters(bert);
  const dropped = dropout > 0 ? L * 2 * C + C + 4 * heads * T : 0; // and one layer's shares
  const perToken = L * (10 * C + 2 * F) + 3 * C + 4 * F + dropped; // what src/core/train/tape.ts owns
  const dense = 2 * N * L * (4 * C * C + 2 * C * F);
  const attention = 4 * N * T * C * L;
  const head = 2 * M * C * vocabularySize;
  return {
    parameters,
    stateBytes: STATE_COPIES * FLOAT_BYTES * parameters,
    activationBytes: FLOAT_BYTES * N * perToken,
    spanBytes: spanBytes(createLayout(bert)),
    widestBytes: FLOAT_BYTES * N * Math.max(F, 3 * C),
    operationsPerStep: 3 * accumulation * (dense + attention + head), // the way back costs twice as much
  };
}

/** What an engine can hold. */
export interface EngineLimits {
  readonly kind: EngineKind;
  /** Bytes of one buffer at most. */
  readonly bufferBytes: number;
}

/** What an open engine can hold. */
export function limitsOf({ kind, bufferBytes }: Engine): EngineLimits {
  return { kind, bufferBytes };
}

/** The memory of WebAssembly ends here in tfjs' builds; what else lies there is left some room. */
const WASM_BYTES = 1.8e9;

function findObstacle(
  estimate: RunEstimate,
  { kind, bufferBytes }: EngineLimits,
): string | undefined {
  const { stateBytes, activationBytes, spanBytes, widestBytes } = estimate;
  const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
  const buffer = `and one buffer of this graphics card holds ${gb(bufferBytes)}`;
  if (spanBytes > bufferBytes) return `one matrix of a layer takes ${gb(spanBytes)} ${buffer}`;
  if (widestBytes > bufferBytes) {
    return `the inner layer of one pass takes ${gb(widestBytes)} ${buffer}`;
  }
  const total = stateBytes + activationBytes;
  if (kind === "wasm" && total > WASM_BYTES) {
    return `it needs ${gb(stateBytes)} for parameters and moments and ${gb(activationBytes)} for one pass, and WebAssembly holds ${gb(WASM_BYTES)}`;
  }
  return undefined;
}

/** What of a configuration a change of its batches concerns. */
interface Sized {
  readonly preset: string;
  readonly batch: number;
  readonly accumulation: number;
}

/** A change that would make the run fit, in words. */
function findRemedy<C extends Sized>(
  config: C,
  presets: readonly C[],
  fits: (config: C) => boolean,
): string {
  for (let batch = config.batch; batch >= 1; batch = Math.floor(batch / 2)) {
    if (fits({ ...config, batch })) {
      return `a batch of ${batch} fits, with ${config.accumulation * Math.ceil(config.batch / batch)} passes a step`;
    }
  }
  const preset = presets.findLast(fits);
  return preset === undefined ? "choose a smaller model" : `the preset ${preset.preset} fits`;
}

/** Throws "out-of-memory" for a run of any kind that cannot fit on the engine, and says what would. */
export function refuseMisfit<C extends Sized>(
  config: C,
  presets: readonly C[],
  estimate: (config: C) => RunEstimate,
  limits: EngineLimits,
): void {
  const obstacleOf = (one: C): string | undefined => findObstacle(estimate(one), limits);
  const obstacle = obstacleOf(config);
  if (obstacle === undefined) return;
  const remedy = findRemedy(config, presets, (one) => obstacleOf(one) === undefined);
  throw new FootfallError(
    "out-of-memory",
    `this model cannot be trained here: ${obstacle}; ${remedy}`,
  );
}

/** Throws "out-of-memory" for a run that cannot fit on the engine, and says what would. */
export function checkFits(
  config: PretrainConfig,
  vocabularySize: number,
  limits: EngineLimits,
): void {
  const estimate = (one: PretrainConfig): RunEstimate => estimateRun(one, vocabularySize);
  refuseMisfit(config, Object.values(PRESETS), estimate, limits);
}
