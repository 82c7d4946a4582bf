import type { HostTensors } from "../../model/safetensors";
import { toBertConfig } from "../../train/config";
import { validateModel } from "../../train/validate-model";
import { overLosses } from "../over-losses";
import type { Report, Session } from "../session";
import type { SweepData } from "./data";
import type { RunScores, SweepRun } from "./record";
import {
  configOf,
  isOwnProblem,
  VALIDATION_ROWS,
  type CurrentRun,
  type QueuedRun,
  type Trained,
} from "./run";
import { measureScores, type ScoreStand } from "./scores";
import type { SweepOver } from "./words";

/** Perplexity per check-in with as much hidden as the run's own training hides. */
async function measureOwn(
  run: QueuedRun,
  data: SweepData,
  tensors: HostTensors,
  signal: AbortSignal,
): Promise<number> {
  const config = { ...configOf(run, data), seed: run.base.seed };
  const { vocabularySize } = data.tokeniser;
  const model = { config, vocabularySize, tensors, corpus: data.validation, rows: VALIDATION_ROWS };
  return (await validateModel(model, signal)).cellPerplexity;
}

interface Scoring {
  readonly stand: ScoreStand;
  readonly over: SweepOver;
  readonly session: Session;
  readonly signal: AbortSignal;
}

async function* score(
  run: QueuedRun,
  data: SweepData,
  tensors: HostTensors,
  { stand, over, signal }: Scoring,
): AsyncGenerator<Report, RunScores, void> {
  const config = toBertConfig(configOf(run, data), data.tokeniser.vocabularySize);
  const scored = { model: { config, tensors }, tokeniser: data.tokeniser, seed: run.seed };
  const scores = yield* measureScores(stand, scored, signal);
  if (over !== "mask-ratio") return scores;
  const startedAt = performance.now();
  const ownPerplexity = await measureOwn(run, data, tensors, signal);
  const seconds = scores.seconds + (performance.now() - startedAt) / 1000;
  return { ...scores, ownPerplexity, seconds };
}

/**
 * The run with its scores, taken anew where the device was lost; where something breaks them alone, the run stands with
 * what it was. Reports carry a `CurrentRun`. Throws "stopped".
 */
export async function* scoreRun(
  queued: QueuedRun,
  { run, tensors }: Trained & { tensors: HostTensors },
  data: SweepData,
  scoring: Scoring,
): AsyncGenerator<Report, SweepRun, void> {
  const { setting, seed, steps: step, curve } = run;
  const partial: CurrentRun = { setting, seed, step, curve, isScored: true };
  const attempt = () => score(queued, data, tensors, scoring);
  const work = overLosses(scoring.session, attempt, () => Promise.resolve());
  try {
    for (;;) {
      const { done, value } = await work.next();
      if (done) return { ...run, scores: value };
      yield { ...value, partial };
    }
  } catch (thrown) {
    if (!isOwnProblem(thrown)) throw thrown;
    return { ...run, scores: { probes: [], notes: [thrown.message], seconds: 0 } };
  }
}
