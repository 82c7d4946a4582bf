import { FootfallError } from "../../errors";
import { inPhase } from "../../pace";
import { EXPERIMENT_WORDS, SETTING_BOUNDS } from "../../task/experiments/names";
import { fingerprint } from "../../world/fingerprint";
import { beginTraining } from "../pretrain";
import { unlessFull } from "../run-keeper";
import type { RunStore } from "../run-store";
import { toMade, type Made, type Report, type Session } from "../session";
import { openExperiment } from "./open";
import {
  experimentFile,
  readExperiment,
  writeExperiment,
  type ExperimentRecord,
  type UnitOutcome,
} from "./record";
import type { ExperimentChoice, ExperimentWork, Unit } from "./work";

/** Runs one of the papers' open questions; what an earlier one left is taken over. */
export interface ExperimentJob extends ExperimentChoice {
  kind: "experiment";
}

/** How long an experiment would take here, before it begins. */
export interface ExperimentProbeJob extends ExperimentChoice {
  kind: "experiment-probe";
}

/** An experiment as it would run. */
export interface ExperimentPlan {
  readonly engine: string;
  readonly units: number;
  /** Of these, those that an earlier try left. */
  readonly known: number;
  /** Of what is left. */
  readonly seconds: number;
  readonly facts: readonly string[];
}

/** Where an experiment stands: whole in every report. */
export interface ExperimentStatus extends ExperimentRecord {
  /** Undefined before the first unit. */
  readonly secondsLeft?: number;
  /** What the reader should know, such as a store that is full. */
  readonly notice?: string | undefined;
}

export interface ExperimentResult extends ExperimentStatus {
  readonly made: Made;
}

function checkSettings({ experiment, settings }: ExperimentChoice): void {
  const { trains } = EXPERIMENT_WORDS[experiment];
  for (const [name, [from, to]] of Object.entries(SETTING_BOUNDS)) {
    const value = settings[name as keyof typeof SETTING_BOUNDS];
    const isUsed = name !== "steps" || trains;
    if (!isUsed || (Number.isInteger(value) && value >= from && value <= to)) continue;
    throw new FootfallError(
      "bad-input",
      `${name} is ${value}; expected a whole number from ${from} to ${to}`,
    );
  }
}

/** Says the same for the same experiment on the same data, model, settings and seed. */
function experimentId(
  { experiment, settings, seed }: ExperimentChoice,
  { data, model }: Pick<ExperimentWork, "data" | "model">,
): string {
  const parts = JSON.stringify([experiment, data.key, model, settings, seed]);
  return `experiment-${fingerprint([new TextEncoder().encode(parts)])}`;
}

/** What an earlier try of the same experiment left. */
async function readEarlier(
  store: RunStore | undefined,
  id: string,
  { experiment }: ExperimentChoice,
): Promise<ExperimentRecord | undefined> {
  const bytes = await store?.read(id, experimentFile(experiment));
  const earlier = bytes && readExperiment(bytes);
  return earlier?.id === id ? earlier : undefined;
}

function begin(choice: ExperimentChoice, id: string, work: ExperimentWork): ExperimentRecord {
  const { experiment, settings, seed } = choice;
  const { data, model, engine, facts, units } = work;
  const now = Date.now();
  return {
    id,
    experiment,
    data,
    ...(model !== undefined && { model }),
    settings,
    seed,
    engine,
    facts,
    unitCount: units.length,
    outcomes: [],
    startedMs: now,
    savedMs: now,
    isFinished: false,
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

/** Seconds that the units without an outcome take, by what those with one took. */
export function secondsLeft(
  units: readonly Pick<Unit, "key" | "weight">[],
  outcomes: readonly Pick<UnitOutcome, "key" | "seconds">[],
): number | undefined {
  const took = new Map(outcomes.map(({ key, seconds }) => [key, seconds]));
  const done = units.filter(({ key }) => took.has(key));
  if (done.length === 0) return undefined;
  const weightOf = (some: readonly Pick<Unit, "weight">[]): number =>
    sum(some.map(({ weight }) => weight));
  const each = sum(done.map(({ key }) => took.get(key)!)) / weightOf(done);
  return each * (weightOf(units) - weightOf(done));
}

/** What breaks one unit and not the others. */
const isOwnProblem = (thrown: unknown): thrown is FootfallError =>
  thrown instanceof FootfallError && ["not-finite", "no-data"].includes(thrown.code);

async function* runUnit(
  unit: Unit,
  signal: AbortSignal,
): AsyncGenerator<Report, UnitOutcome, void> {
  const startedAt = performance.now();
  const took = () => (performance.now() - startedAt) / 1000;
  try {
    const readings = yield* unit.run(signal);
    return { key: unit.key, seconds: took(), readings };
  } catch (thrown) {
    if (!isOwnProblem(thrown)) throw thrown;
    return { key: unit.key, seconds: took(), readings: [], problem: thrown.message };
  }
}

async function keepRecord(
  store: RunStore | undefined,
  status: ExperimentStatus,
): Promise<string | undefined> {
  if (store === undefined) return undefined;
  const { secondsLeft: _, notice: __, ...record } = status;
  const full = await unlessFull(() =>
    store.write(record.id, experimentFile(record.experiment), writeExperiment(record)),
  );
  return full && `${full}; the experiment goes on, but what it finds is not kept`;
}

/** The record with one more outcome. */
function withOutcome(
  status: ExperimentStatus,
  outcome: UnitOutcome,
  work: ExperimentWork,
): ExperimentStatus {
  const outcomes = [...status.outcomes, outcome];
  const left = secondsLeft(work.units, outcomes);
  const perplexities = work.perplexities?.(outcomes.flatMap(({ readings }) => readings));
  return {
    ...status,
    notice: undefined,
    outcomes,
    facts: [...new Set([...status.facts, ...(work.notes ?? [])])],
    savedMs: Date.now(),
    isFinished: outcomes.length === work.units.length,
    ...(left !== undefined && { secondsLeft: left }),
    ...(perplexities && { perplexities }),
  };
}

async function* runUnits(
  work: ExperimentWork,
  record: ExperimentRecord,
  store: RunStore | undefined,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentStatus, void> {
  const known = new Set(record.outcomes.map(({ key }) => key));
  let status: ExperimentStatus = record;
  const place = () => ({ done: status.outcomes.length, total: work.units.length, unit: "parts" });
  for (const unit of work.units.filter(({ key }) => !known.has(key))) {
    yield { phase: unit.words, ...place(), partial: status };
    const running = runUnit(unit, signal);
    let next = await running.next();
    for (; !next.done; next = await running.next()) yield { ...next.value, partial: status };
    status = withOutcome(status, next.value, work);
    const notice = await keepRecord(store, status);
    if (notice !== undefined) status = { ...status, notice };
    yield { phase: unit.words, ...place(), partial: status };
  }
  return status;
}

/**
 * Runs an experiment part by part; each part is kept at once where there is a store, and an experiment that was stopped
 * goes on where it stood. Every report has the whole status as `partial`. Throws "bad-input", "no-data", "busy" (another
 * tab trains) and what data and model throw.
 */
export async function* runExperiment(
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentResult, void> {
  const startedAt = performance.now();
  checkSettings(choice);
  const store = await session.runs?.();
  const trains = EXPERIMENT_WORDS[choice.experiment].trains;
  const letGo = trains && store !== undefined ? await beginTraining(store) : undefined;
  try {
    const work = yield* openExperiment(choice, session, signal);
    const id = experimentId(choice, work);
    const earlier = await readEarlier(store, id, choice);
    const fresh = begin(choice, id, work);
    const record = earlier ? { ...earlier, unitCount: fresh.unitCount } : fresh; // it may have had fewer
    const status = yield* runUnits(work, record, store, signal);
    const { seed } = choice;
    const { data, engine, model = "models of its own" } = work;
    const made = toMade(startedAt, { seed, data: data.key, model: { name: model, engine } });
    return { ...status, secondsLeft: 0, made };
  } finally {
    letGo?.();
  }
}

/** How long an experiment takes here, from a small part of it. Throws as `runExperiment`. */
export async function* planExperiment(
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentPlan, void> {
  checkSettings(choice);
  const work = yield* openExperiment(choice, session, signal);
  const { units, engine, facts } = work;
  const earlier = await readEarlier(await session.runs?.(), experimentId(choice, work), choice);
  const known = new Set(earlier?.outcomes.map(({ key }) => key));
  const left = units.filter(({ key }) => !known.has(key));
  const each = yield* inPhase("time a small part", work.time(signal));
  const seconds = each * sum(left.map(({ weight }) => weight));
  return { engine, units: units.length, known: units.length - left.length, seconds, facts };
}
