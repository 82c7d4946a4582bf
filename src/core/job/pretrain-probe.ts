import { FootfallError } from "../errors";
import { initialiseBert } from "../model/parameters";
import { createPace } from "../pace";
import { countMasked, countRows, maskTrainingRow, planEpoch, toMaskedRows } from "../train/batches";
import type { PretrainConfig, PretrainSettings } from "../train/config";
import { extrasOf, PAPER, PRESETS, resolveConfig, toBertConfig } from "../train/config";
import { checkFits, estimateRun, limitsOf } from "../train/estimate";
import { createLayout } from "../train/layout";
import { maskedObjective } from "../train/objectives/masked";
import { PAPER_SCALE } from "../train/paper-scale";
import { Trainer, startState } from "../train/trainer";
import type { DatasetSpec } from "./dataset";
import { openCorpus, type TrainingData } from "./open-corpus";
import { openDataset } from "./open-dataset";
import { probePoints } from "./point-probe";
import { measurePointRate } from "./point-rate";
import type { FamilySettings } from "./pretrain";
import { probeModels, timeGrowing, type ProbedModel } from "./probe-models";
import type { Report, Session } from "./session";

/** What a run would need here: counted, and timed on a few rows. */
export interface PretrainProbeJob {
  kind: "pretrain-probe";
  dataset: DatasetSpec;
  settings: PretrainSettings | FamilySettings;
  seed: number;
}

export interface PretrainProbeResult {
  readonly engine: string;
  readonly unit: "tokens" | "points";
  /** Of tokens. */
  readonly vocabularySize?: number;
  /** Of the training part, or windows of points. */
  readonly trajectories: number;
  readonly tokens: number;
  /** Of points: the share of moments that no check-in stands behind. */
  readonly filledShare?: number;
  /** 0 where all trajectories together do not fill a step. */
  readonly stepsPerEpoch: number;
  /** Why the data fill no step, in a sentence; undefined where they do. */
  readonly tooFew?: string | undefined;
  /** Mean over the first steps, padding not counted. */
  readonly tokensPerStep: number;
  /** The asked configuration under its preset's name, then the other presets. */
  readonly models: readonly ProbedModel[];
  /** How long the paper's training would take on this device by the number of operations, if only it fitted. */
  readonly paperSeconds: number | undefined;
  /** Seconds of one operation of a step here; undefined where nothing could be timed. */
  readonly perOperation: number | undefined;
  /** Points that become check-ins here in a second, on one thread; not for points as they are. */
  readonly pointsPerSecond?: number;
}

/** Steps whose tokens are counted. */
const COUNTED_STEPS = 8;

/** Seconds of one step, from passes of growing size; the state is thrown away. */
export async function timeStep(
  config: PretrainConfig,
  { train, tokeniser }: TrainingData,
  signal: AbortSignal,
): Promise<number> {
  const V = tokeniser.vocabularySize;
  const layout = createLayout(toBertConfig(config, V));
  const start = startState(layout, initialiseBert(layout.config, config.seed));
  const trainer = new Trainer(layout, maskedObjective, config, start);
  const pace = createPace(signal);
  const [rows] = planEpoch(train, { ...config, accumulation: 1 }, 0); // of one pass
  try {
    return await timeGrowing(config, async (count, step) => {
      const masked = Array.from(rows!.subarray(0, count), (row) =>
        maskTrainingRow(train, row, 0, config, V),
      );
      const weight = 1 / Math.max(1, countMasked(masked));
      const pass = toMaskedRows(masked, weight, config.maxLength);
      await trainer.step([pass], { learningRate: 0, step }, pace);
    });
  } finally {
    trainer.dispose();
  }
}

/** The steps of an epoch; none where all rows do not fill one, and why. */
function planSteps(train: TrainingData["train"], config: PretrainConfig) {
  try {
    return { steps: planEpoch(train, config, 0) };
  } catch (error) {
    if (!(error instanceof FootfallError) || error.code !== "no-data") throw error;
    return { steps: [], tooFew: error.message };
  }
}

/** Mean tokens of a step, and steps of an epoch; of all rows there are where they do not fill one. */
function countSteps({ train }: TrainingData, config: PretrainConfig) {
  const { steps, tooFew } = planSteps(train, config);
  const all = Uint32Array.from({ length: countRows(train) }, (_, row) => row);
  const some = steps.length > 0 ? steps.slice(0, COUNTED_STEPS) : [all];
  const lengthOf = (row: number): number =>
    Math.min(train.offsets[row + 1]! - train.offsets[row]! + 2, config.maxLength);
  const sum = some.reduce(
    (total, rows) => total + rows.reduce((tokens, row) => tokens + lengthOf(row), 0),
    0,
  );
  return { stepsPerEpoch: steps.length, tokensPerStep: sum / some.length, tooFew };
}

/** Seconds for all tokens of the paper with its model, in rows that are as full as those that were timed. */
function paperSeconds(
  perOperation: number,
  { batch, accumulation, maxLength }: PretrainConfig,
  {
    tokensPerStep,
    stepsPerEpoch,
    rows,
  }: { tokensPerStep: number; stepsPerEpoch: number; rows: number },
  V: number,
): number {
  const fill = tokensPerStep / ((stepsPerEpoch > 0 ? batch * accumulation : rows) * maxLength);
  const tokens = fill * PAPER.batch * PAPER.accumulation * PAPER.maxLength;
  const seconds = perOperation * estimateRun(PAPER, V).operationsPerStep;
  return (PAPER_SCALE.tokens / tokens) * seconds;
}

/** Says what the models need here and how long a step takes, in about two seconds (PT-04, PT-28). */
export async function* runPretrainProbe(
  { dataset: spec, settings, seed }: PretrainProbeJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, PretrainProbeResult, void> {
  const dataset = yield* openDataset(spec, session, signal);
  const engine = await session.engine();
  if ("family" in settings) {
    return yield* probePoints(dataset, { settings, seed }, engine, session, signal);
  }
  const config = resolveConfig(settings, seed);
  const data = yield* openCorpus(dataset, session, signal, extrasOf(config));
  const V = data.tokeniser.vocabularySize;
  const counted = countSteps(data, config);
  const rows = countRows(data.train);
  yield { phase: "time a step", done: 0, total: 1, unit: "steps" };
  const presets: readonly PretrainConfig[] = Object.values(PRESETS);
  const { models, perOperation } = await probeModels(config, presets, {
    estimate: (one) => estimateRun(one, V),
    check: (one) => checkFits(one, V, limitsOf(engine)),
    time: (one) => timeStep(one, data, signal),
    rows,
  });
  return {
    engine: `${engine.kind}: ${engine.description}`,
    unit: "tokens",
    vocabularySize: V,
    trajectories: rows,
    tokens: data.train.tokens.length,
    ...counted,
    paperSeconds: perOperation && paperSeconds(perOperation, config, { ...counted, rows }, V),
    perOperation,
    pointsPerSecond: measurePointRate(dataset),
    models,
  };
}
