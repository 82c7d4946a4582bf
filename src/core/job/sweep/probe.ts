import { FootfallError } from "../../errors";
import type { Engine } from "../../gpu/engine";
import { countParameters, initialiseBert } from "../../model/parameters";
import { inPhase } from "../../pace";
import type { PretrainConfig } from "../../train/config";
import { resolveConfig, toBertConfig, type PretrainSettings } from "../../train/config";
import { checkFits, estimateRun, limitsOf } from "../../train/estimate";
import type { DatasetSpec } from "../dataset";
import { openDataset, type Dataset } from "../open-dataset";
import type { TruthSpecs } from "../open-task-data";
import { timeStep } from "../pretrain-probe";
import type { Report, Session } from "../session";
import { openSweepData, type SweepData } from "./data";
import { LEAST_STEPS, planSettings, queueSeconds, stepsWithin, type SweepSetting } from "./plan";
import type { PlannedSetting, SweepBudget } from "./record";
import { configOf, VALIDATION_ROWS, VALIDATIONS } from "./run";
import { forecastFor, isLadder, rungsOf, type Forecast } from "./rungs";
import { measureScores, openScores, SCORE_SAMPLES, type ScoreStand } from "./scores";
import type { SweepOver } from "./words";

/** What a sweep is asked for. */
export interface SweepChoice {
  dataset: DatasetSpec;
  over: SweepOver;
  /** Its values with commas between; empty or not given for the usual ones. */
  values?: string | undefined;
  /** What all runs share. */
  settings: PretrainSettings;
  budget: SweepBudget;
  /** Runs of each setting, whose seeds count on from `seed`. */
  seeds: number;
  seed: number;
  /** Whether each run ends with scores on tasks, which take time; default true. */
  withScores?: boolean | undefined;
  /** Truths for the scores, where the data have none of their own. */
  truths?: TruthSpecs | undefined;
}

/** How long a sweep would take here, before anything is trained. */
export interface SweepProbeJob extends SweepChoice {
  kind: "sweep-probe";
}

/** The queue as it would run. */
export interface SweepPlan {
  readonly engine: string;
  readonly config: PretrainConfig;
  readonly settings: readonly PlannedSetting[];
  /** Of every run. */
  readonly steps: number;
  /** Of all runs together. */
  readonly seconds: number;
}

/** Check-ins of a row: as many as the shared length holds at two tokens each, as the papers write them. */
export const stretchOf = ({ maxLength }: PretrainConfig): number =>
  Math.max(2, Math.floor((maxLength - 2) / 2));

/** A forward pass, of the three that a step is worth. */
const FORWARD_SHARE = 1 / 3;

function validationSeconds(
  secondsPerStep: number,
  { batch, accumulation }: PretrainConfig,
  { facts, validation }: SweepData,
): number {
  const rows = Math.min(VALIDATION_ROWS, validation.offsets.length - 1);
  const passes = Math.max(1, facts.tokensPerCheckIn); // piece by piece
  const forward = FORWARD_SHARE * secondsPerStep * (rows / (batch * accumulation));
  return (VALIDATIONS + 1) * passes * forward;
}

interface Planning {
  readonly data: SweepData;
  /** Undefined where no scores are asked for. */
  readonly stand: ScoreStand | undefined;
  readonly forecast: Forecast;
}

/** Places on which the time of scores is taken. */
const TIMED_SAMPLES = 200;

/** Seconds of a run's scores, from those of untrained weights on fewer places. */
async function* timeScores(
  config: PretrainConfig,
  { tokeniser }: SweepData,
  stand: ScoreStand,
  signal: AbortSignal,
): AsyncGenerator<Report, number, void> {
  const bert = toBertConfig(config, tokeniser.vocabularySize);
  const model = { config: bert, tensors: initialiseBert(bert, config.seed) };
  const scored = { model, tokeniser, seed: config.seed, samples: TIMED_SAMPLES };
  const { seconds } = yield* inPhase("time the scores", measureScores(stand, scored, signal));
  return (seconds * SCORE_SAMPLES) / TIMED_SAMPLES;
}

async function* planOne(
  setting: SweepSetting,
  base: PretrainConfig,
  { data, stand, forecast }: Planning,
  engine: Engine,
  signal: AbortSignal,
): AsyncGenerator<Report, PlannedSetting, void> {
  const { vocabularySize } = data.facts;
  const config = configOf({ setting, seed: base.seed, base }, data);
  const parameters = countParameters(toBertConfig(config, vocabularySize));
  const { operationsPerStep } = estimateRun(config, vocabularySize);
  const planned = { setting, ...data.facts, parameters, operationsPerStep };
  const leftOut = forecast(operationsPerStep);
  if (leftOut !== undefined) {
    return { ...planned, obstacle: leftOut, secondsPerStep: 0, validationSeconds: 0 };
  }
  try {
    checkFits(config, vocabularySize, limitsOf(engine));
    const secondsPerStep = await timeStep(config, data, signal);
    const seconds = validationSeconds(secondsPerStep, config, data);
    const scoreSeconds = stand && (yield* timeScores(config, data, stand, signal));
    const times = { secondsPerStep, validationSeconds: seconds, scoreSeconds };
    return { ...planned, obstacle: undefined, ...times };
  } catch (thrown) {
    const isOwn =
      thrown instanceof FootfallError &&
      (thrown.code === "out-of-memory" || thrown.code === "no-data");
    if (!isOwn) throw thrown;
    return { ...planned, obstacle: thrown.message, secondsPerStep: 0, validationSeconds: 0 };
  }
}

function chooseSteps(
  settings: readonly PlannedSetting[],
  { budget, seeds }: Pick<SweepChoice, "budget" | "seeds">,
): number {
  if (budget.kind === "steps") return budget.steps;
  const steps = stepsWithin(settings, { seconds: 60 * budget.minutes, seeds });
  if (steps >= LEAST_STEPS) return steps;
  const least = queueSeconds(settings, { steps: LEAST_STEPS, seeds }) / 60;
  throw new FootfallError(
    "bad-input",
    `${budget.minutes} minutes hold ${steps} steps for each of ${seeds * settings.length} runs, and fewer than ${LEAST_STEPS} teach nothing; give ${Math.ceil(10 * least) / 10} minutes, fewer seeds or a smaller model`,
  );
}

/** Throws "no-data" where nothing could be compared. */
function checkParts({ parts, name }: Dataset): void {
  if (parts.includes(0) && parts.includes(1)) return;
  throw new FootfallError(
    "no-data",
    `${name} has too few trajectories to keep some for validation, without which runs cannot be compared; import more people or a longer time`,
  );
}

/**
 * Opens the data of every setting and times a step of each; chooses how many steps a run takes. Throws
 * "bad-input" for a budget that is too small, "no-data", "stopped".
 */
export async function* planSweep(
  sweep: SweepChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, SweepPlan, void> {
  const { dataset: spec, over, budget, seeds, seed, withScores, truths } = sweep;
  const config = resolveConfig(sweep.settings, seed);
  const dataset = yield* openDataset(spec, session, signal);
  checkParts(dataset);
  const engine = await session.engine();
  const wanted = rungsOf(sweep, planSettings(over, dataset, config, sweep.values));
  const stand =
    withScores === false ? undefined : yield* openScores(dataset, truths, session, signal);
  const settings: PlannedSetting[] = [];
  for (const [done, setting] of wanted.entries()) {
    const rows = { checkIns: stretchOf(config), seed };
    const data = yield* openSweepData({ dataset, spec }, setting, rows, session, signal);
    yield { phase: "time a step of each", done, total: wanted.length, unit: "settings" };
    const planning = { data, stand, forecast: forecastFor(sweep, settings) };
    const planned = yield* planOne(setting, config, planning, engine, signal);
    settings.push(planned);
    if (isLadder(sweep) && planned.obstacle !== undefined) break; // larger ones fit still less
  }
  const fitting = settings.filter(({ obstacle }) => obstacle === undefined);
  if (fitting.length === 0) throw new FootfallError("out-of-memory", settings[0]!.obstacle!);
  const steps = chooseSteps(fitting, { budget, seeds });
  const seconds = queueSeconds(fitting, { steps, seeds });
  return { engine: `${engine.kind}: ${engine.description}`, config, settings, steps, seconds };
}
