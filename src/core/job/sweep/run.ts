import { FootfallError } from "../../errors";
import { isOutOfMemory } from "../../memory-errors";
import type { HostTensors } from "../../model/safetensors";
import type { Checkpoint } from "../../train/checkpoint";
import { readCheckpoint, writeCheckpoint } from "../../train/checkpoint";
import type { BaselineScores } from "../../train/baselines";
import type { PretrainConfig } from "../../train/config";
import { pretrain } from "../../train/pretrain";
import type { PretrainResult } from "../../train/reports";
import type { LogRow, RunState } from "../../train/state";
import { overLosses } from "../over-losses";
import { unlessFull } from "../run-keeper";
import type { RunStore } from "../run-store";
import type { Report, Session } from "../session";
import { checkOf } from "../training";
import type { SweepData } from "./data";
import type { SweepSetting } from "./plan";
import { removeRunFiles, runFile, type CurveRow, type SweepRun } from "./record";
import { atSize } from "./sizes";

/** Validations of a run besides the one before it and the one at its end. */
export const VALIDATIONS = 5;
/** Stretches that every run is validated on: those of the validation part from its beginning. */
export const VALIDATION_ROWS = 150;
const CHECKPOINT_SECONDS = 10;

/** One run of the queue. */
export interface QueuedRun {
  /** Its place in the queue, from 0. */
  readonly n: number;
  readonly setting: SweepSetting;
  readonly seed: number;
  readonly steps: number;
  /** What all runs of the sweep share. */
  readonly base: PretrainConfig;
}

/** The configuration of a run: the shared one in the run's own data. */
export function configOf(
  { setting, seed, base }: Pick<QueuedRun, "setting" | "seed" | "base">,
  { facts }: Pick<SweepData, "facts">,
): PretrainConfig {
  const maxLength = Math.max(8, facts.longest);
  const size = setting.size && atSize(setting.size, base);
  return { ...base, ...size, seed, maskRate: setting.maskRate, maxLength };
}

const isCurveRow = (row: LogRow): row is LogRow & CurveRow =>
  row.split === "validation" && row.cellPerplexity !== undefined;

/** The validations of a log. */
export function curveOf(log: readonly LogRow[]): CurveRow[] {
  return log.filter(isCurveRow).map((row) => {
    const { step, tokens, perplexity, cellPerplexity, sequentialCellPerplexity, maskedCells } = row;
    return { step, tokens, perplexity, cellPerplexity, sequentialCellPerplexity, maskedCells };
  });
}

/** What ends one run and not the queue. */
export const isOwnProblem = (thrown: unknown): thrown is Error =>
  isOutOfMemory(thrown) ||
  (thrown instanceof FootfallError && ["not-finite", "no-data"].includes(thrown.code));

function toSweepRun(
  { setting, seed }: QueuedRun,
  { step, tokens, seconds, log }: Pick<RunState, "step" | "tokens" | "seconds" | "log">,
  rest: Pick<SweepRun, "baselines" | "problem">,
): SweepRun {
  const reached = { steps: step, tokens, seconds, curve: curveOf(log) };
  return { setting: setting.name, seed, ...reached, ...rest };
}

/** Keeps a checkpoint of the run in the place of the one before; gives the sentence of a store that is full. */
function keepCheckpoint(
  store: RunStore,
  sweep: string,
  n: number,
  checkpoint: Checkpoint,
): Promise<string | undefined> {
  return unlessFull(async () => {
    const files = writeCheckpoint(checkpoint).map(({ path, bytes }) => {
      return { path: runFile(n, path), bytes };
    });
    for (const { path, bytes } of files) await store.write(sweep, path, bytes);
    const isNew = (path: string): boolean => files.some((file) => file.path === path);
    await removeRunFiles(store, sweep, isNew);
  });
}

/** Where a run stands, for the page. */
export interface CurrentRun {
  readonly setting: string;
  readonly seed: number;
  /** It is trained, and its scores are taken. */
  readonly isScored?: boolean | undefined;
  readonly step: number;
  readonly curve: readonly CurveRow[];
  readonly notice?: string | undefined;
}

/** A run that has come to its end, with its parameters; without them where something broke it. */
export interface Trained {
  readonly run: SweepRun;
  readonly tensors: HostTensors | undefined;
}

interface Place {
  readonly session: Session;
  readonly store: RunStore;
  readonly sweep: string;
  readonly signal: AbortSignal;
}

/**
 * Trains one run of a queue to its end, from its checkpoint where there is one, also over the loss of the device.
 * Reports carry a `CurrentRun`. What breaks this run alone (no number, no room for it) is told in its result;
 * throws "stopped" with the checkpoint kept.
 */
export async function* runQueued(
  run: QueuedRun,
  data: SweepData,
  { session, store, sweep, signal }: Place,
): AsyncGenerator<Report, Trained, void> {
  const readOwn = (path: string) => store.read(sweep, runFile(run.n, path));
  const config = configOf(run, data);
  let checkpoint = await readCheckpoint(readOwn);
  let state: Pick<RunState, "step" | "tokens" | "seconds" | "log"> = checkpoint?.state ?? {
    step: 0,
    tokens: 0,
    seconds: 0,
    log: [],
  };
  let baselines: BaselineScores | undefined;
  let notice: string | undefined;
  async function* attempt(): AsyncGenerator<Report, PretrainResult, void> {
    const engine = await session.engine();
    engine.takeFault(); // of what ran before
    const log: LogRow[] = [...(checkpoint?.state.log ?? [])];
    const work = pretrain({
      config,
      budget: { kind: "steps", steps: run.steps },
      data,
      vocabularySize: data.tokeniser.vocabularySize,
      checkpoint,
      validations: VALIDATIONS,
      validationRows: VALIDATION_ROWS,
      validationMasks: { maskRate: run.base.maskRate, seed: run.base.seed },
      checkpointSeconds: CHECKPOINT_SECONDS,
      checkEngine: checkOf(engine),
      signal,
    });
    for (;;) {
      const { done, value } = await work.next();
      if (done) return value;
      if (value.kind === "baselines") baselines = value.scores;
      if (value.kind === "checkpoint") {
        notice = await keepCheckpoint(store, sweep, run.n, value.checkpoint);
      }
      if (value.kind === "step" || value.kind === "validation") {
        log.push(value.row);
        const { step, tokens, seconds } = value.row;
        state = { step, tokens, seconds, log };
      }
      const { phase, done: steps, total, unit } = value;
      const partial: CurrentRun = {
        setting: run.setting.name,
        seed: run.seed,
        step: state.step,
        curve: curveOf(log),
        notice,
      };
      yield { phase, done: steps, total, unit, partial };
    }
  }
  try {
    const end = yield* overLosses(session, attempt, async () => {
      checkpoint = await readCheckpoint(readOwn);
    });
    const { checkpoint: reached, tensors } = end;
    return { run: toSweepRun(run, reached.state, { baselines }), tensors };
  } catch (thrown) {
    if (!isOwnProblem(thrown)) throw thrown;
    const broken = toSweepRun(run, state, { baselines, problem: thrown.message });
    return { run: broken, tensors: undefined };
  }
}
