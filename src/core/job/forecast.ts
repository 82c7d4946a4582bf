import { FootfallError } from "../errors";
import { createPace } from "../pace";
import type { ResultsFile } from "../papers/results";
import { goOn, kmOfOnward, measureForecast, type ForecastScores } from "../task/forecast";
import { chooseScored, findUsable } from "../task/forecast-windows";
import { GUESSERS, type Guesser } from "../task/guessers";
import { readFirst } from "../train/gpt/batches";
import type { DatasetSpec } from "./dataset";
import { forecastResults } from "./forecast-results";
import type { ModelSpec } from "./model";
import { checkTest, openDataset } from "./open-dataset";
import { openGpt, openPointsFor, type OpenGpt } from "./open-gpt";
import { chooseWindow, toPlaces, type Place } from "./point-guess";
import { keep, toMade, type Made, type Report, type Session } from "./session";

/** Lets a GPT on points go on from where somebody was (RAW; PT-09, PT-12). */
export interface ForecastJob {
  kind: "forecast";
  dataset: DatasetSpec;
  model: ModelSpec;
  /** Number among the test windows that are long enough; default one in which somebody moves. */
  window?: number | undefined;
  /** Points that are guessed one after the other, each seeing the guesses before. */
  steps: number;
  seed: number;
}

/** A way on, point by point. */
export interface ForecastPath {
  readonly places: readonly Place[];
  /** To the truth. */
  readonly km: readonly number[];
}

export interface ForecastResult {
  readonly model: {
    readonly name: string;
    readonly layers: number;
    readonly width: number;
    readonly parameters: number;
    readonly isCausal: boolean;
    readonly box: OpenGpt["config"]["box"];
    readonly intervalMin: number;
  };
  readonly window: number;
  readonly windowCount: number;
  /** Of the test part, from 0: whose window it is. */
  readonly trajectory: number;
  readonly known: readonly Place[];
  readonly truth: readonly Place[];
  readonly guesses: Readonly<Record<Guesser, ForecastPath>>;
  readonly scores: ForecastScores;
  /** For the verdict on the papers' claims. */
  readonly results: ResultsFile;
  /** What the reader should know of the model's box. */
  readonly warning?: string;
  readonly made: Made;
}

/** The same of every guesser. */
const ofAll = <T>(by: (guesser: Guesser) => T): Record<Guesser, T> =>
  Object.fromEntries(GUESSERS.map((guesser) => [guesser, by(guesser)])) as Record<Guesser, T>;

/**
 * Where a model says that somebody goes next, beside truth and rules, and how far all of them are off on the test
 * windows. Throws "no-data", "bad-input", "weights-mismatch", "stopped" and what reading the model throws.
 */
export async function* runForecast(
  job: ForecastJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ForecastResult, void> {
  const startedAt = performance.now();
  const { steps, seed } = job;
  const dataset = yield* openDataset(job.dataset, session, signal);
  checkTest(dataset);
  const model = yield* openGpt(job.model, session, signal);
  const { data, warning } = yield* openPointsFor(model, dataset, session, signal);
  const { test } = data;
  const { box, maxPositions: length, intervalMin, isCausal, layerCount, width } = model.config;
  const usable = findUsable(test, model.config, steps);
  const moving = chooseWindow(test, { length, box }, steps); // of the first ones
  const window = job.window ?? Math.max(0, usable.indexOf(moving ?? -1));
  const row = usable[window];
  if (row === undefined) {
    throw new FootfallError(
      "bad-input",
      `test window ${window} does not exist: there are ${usable.length}, counted from 0`,
    );
  }
  const pace = createPace(signal);
  const read = (one: number) => readFirst(test, one, { length, box });
  const key = `forecast of ${model.key} ahead ${steps} of ${dataset.key}`;
  const scored = chooseScored(usable, model.config, model.parameters, steps);
  const scores = yield* keep(session, key, () =>
    measureForecast(model, scored.map(read), steps, pace),
  );
  const [onward] = await goOn(model, [read(row)], steps, pace);
  const { known, truth, guesses } = onward!;
  const km = kmOfOnward(box, onward!);
  return {
    model: {
      name: model.name,
      layers: layerCount,
      width,
      parameters: model.parameters,
      isCausal,
      box,
      intervalMin,
    },
    window,
    windowCount: usable.length,
    trajectory: dataset.test.indexOf(test.user[row]!),
    known: toPlaces(known, box),
    truth: toPlaces(truth, box),
    guesses: ofAll((one) => ({ places: toPlaces(guesses[one], box), km: km[one] })),
    scores,
    results: forecastResults(scores, { config: model.config, data: dataset.name, steps }),
    ...(warning !== undefined && { warning }),
    made: toMade(startedAt, { seed, data: dataset.key, model }),
  };
}
