/** Asks a model and its random twin the same questions; what experiments without training stand on. */
import type { Bert } from "../../model/bert";
import { decodeMasked, type Decoded } from "../../model/decode";
import { measurePerplexities } from "../../model/scores";
import { inPhase } from "../../pace";
import type { MaskedData } from "../../task/masked-evaluation";
import {
  drawQuestions,
  mostCheckIns,
  toTarget,
  type Question,
} from "../../task/experiments/questions";
import type { CellPieces } from "../../token/tokeniser";
import { FootfallError } from "../../errors";
import { openDataset, type Dataset } from "../open-dataset";
import { openMaskedData } from "../open-masked-data";
import { openModel, type OpenModel } from "../open-model";
import type { Report, Session } from "../session";
import type { ExperimentChoice } from "./work";

/** Who is asked, and what the charts call them. */
export const ASKED = ["pre-trained", "random twin"] as const;
export type AskedName = (typeof ASKED)[number];

/** Share of check-ins that pre-training hides at once (paper 1, A.3.1). */
export const TRAINING_SHARE = 0.2;

/** A model, its twin and the data on which they are asked. */
export interface Stand {
  readonly dataset: Dataset;
  readonly model: OpenModel;
  readonly data: MaskedData;
}

/** Opens the data and the model of an experiment. Throws "bad-input" without a model, and as `openModel`. */
export async function* openStand(
  { dataset: spec, model: modelSpec, experiment }: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, Stand, void> {
  if (modelSpec === undefined) {
    throw new FootfallError("bad-input", `the experiment "${experiment}" needs a model to ask`);
  }
  const dataset = yield* openDataset(spec, session, signal);
  const model = yield* openModel(modelSpec, dataset, session, signal);
  return { dataset, model, data: yield* openMaskedData(dataset, session) };
}

/** What both have in common for the record. */
export const standFacts = ({ dataset, model }: Stand) => ({
  data: { key: dataset.key, name: dataset.name },
  model: model.name,
  engine: model.engine,
});

export const bertOf = ({ model }: Stand, name: AskedName): Bert =>
  name === "pre-trained" ? model.bert : model.twin;

/** Hidden check-ins of the test part, so many as fit into the model's rows around each. */
export function questionsOf(
  { model, data }: Pick<Stand, "model" | "data">,
  { count, seed, share = TRAINING_SHARE }: { count: number; seed: number; share?: number },
): Question[] {
  const most = mostCheckIns(model.pieces, model.bert.config.maxPositions);
  return drawQuestions(data.sequences, data.test, { count, seed, share, most });
}

interface AskOptions {
  /** 0 asks for likelihoods alone. */
  readonly beam: number;
  readonly top: number;
  readonly phase: string;
  readonly signal: AbortSignal;
  /** Pieces of the cells that are shown, where there are more of them than may be guessed. */
  readonly written?: CellPieces;
}

/** What one model makes of some questions. */
export async function* askModel(
  bert: Bert,
  pieces: CellPieces,
  questions: readonly Question[],
  { beam, top, phase, signal, written = pieces }: AskOptions,
): AsyncGenerator<Report, Decoded[], void> {
  const { maxPositions } = bert.config;
  const targets = questions.map((question) => toTarget(question, written, maxPositions));
  return yield* inPhase(phase, decodeMasked(bert, pieces, targets, { beam, top, signal }));
}

/** The perplexities of some answers, per check-in and per token. */
export function perplexitiesOf(decoded: readonly Decoded[]): [number, number] {
  const { perCell, perToken } = measurePerplexities(decoded);
  return [perCell, perToken];
}

/** Questions on which the time is taken. */
const TIMED = 16;

/** Seconds that one question takes one model here; the first few warm the engine up. */
export async function* timeQuestion(
  stand: Stand,
  { beam, top, seed }: { beam: number; top: number; seed: number },
  signal: AbortSignal,
): AsyncGenerator<Report, number, void> {
  const questions = questionsOf(stand, { count: 2 * TIMED, seed });
  const half = Math.max(1, Math.floor(questions.length / 2));
  const ask = (some: readonly Question[]) =>
    askModel(stand.model.bert, stand.model.pieces, some, {
      beam,
      top,
      phase: "time a few questions",
      signal,
    });
  yield* ask(questions.slice(0, half));
  const startedAt = performance.now();
  yield* ask(questions.slice(0, half));
  return (performance.now() - startedAt) / 1000 / half;
}
