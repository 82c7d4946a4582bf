import { disposeBanks } from "../gpu/banks";
import { countOutside } from "../data/box";
import { RAW_WINDOWS } from "../data/point-windows";
import { FILLS } from "../data/resample";
import { FootfallError, throwIfStopped } from "../errors";
import type { GptConfig } from "../model/gpt/config";
import { openGptFolder } from "../model/gpt/folder";
import { countGptParameters } from "../model/gpt/parameters";
import { toRecord } from "../model/config-fields";
import type { Progress } from "../pace";
import { createGptLayout } from "../train/gpt/layout";
import { uploadTensors } from "../train/layout";
import type { Forecaster } from "../task/forecast";
import type { ModelSpec } from "./model";
import type { Dataset } from "./open-dataset";
import { modelKey, nameOf, readerOf } from "./open-model";
import { openWindows, type PointData } from "./open-windows";
import { keep, type Session } from "./session";

/** A GPT on points on the engine; the session disposes it. */
export interface OpenGpt extends Forecaster {
  /** Says the same for the same weights. */
  readonly key: string;
  readonly name: string;
  readonly config: GptConfig;
  readonly parameters: number;
  /** The engine in a few words. */
  readonly engine: string;
  dispose(): void;
}

/** The weights of a spec on the session's engine, kept between jobs. Throws "missing-file", "bad-file", "weights-mismatch". */
export async function* openGpt(
  spec: ModelSpec,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, OpenGpt, void> {
  throwIfStopped(signal);
  const engine = await session.engine();
  const key = modelKey(spec);
  return yield* keep(session, `points model ${key}`, async function* () {
    yield { phase: "read the weights", done: 0, total: 1, unit: "models" };
    const { config, tensors } = await openGptFolder(readerOf(spec, session));
    const layout = createGptLayout(config);
    const flat = uploadTensors(layout, tensors);
    return {
      key,
      name: nameOf(spec),
      config,
      layout,
      flat,
      parameters: countGptParameters(config),
      engine: `${engine.kind}: ${engine.description}`,
      dispose: () => disposeBanks(flat),
    };
  });
}

/** How the points that a model learnt from were made, as its trainer noted it; RAW's way where nobody did. */
function rulesOf({ intervalMin, maxPositions: length, notes }: GptConfig) {
  const recipe = toRecord(notes["recipe"]);
  const fill = FILLS.find((known) => known === recipe["fill"]) ?? RAW_WINDOWS.fill;
  const gap = recipe["maxGapMin"];
  const maxGapMin = typeof gap === "number" && gap >= 0 ? gap : RAW_WINDOWS.maxGapMin;
  return { intervalMin, fill, maxGapMin, length };
}

/** Weights made for another box know nothing here; beyond this share of points outside it they are refused. */
const MAX_OUTSIDE_SHARE = 0.5;

/** The words for points outside the model's box; undefined without any. Throws "weights-mismatch" for too many. */
function checkBoxOf({ config, name }: OpenGpt, { test }: PointData, data: string) {
  const { count, outside } = countOutside(test.places, config.box);
  if (outside === 0) return undefined;
  const [south, west, north, east] = config.box;
  const box = `${south}, ${west} to ${north}, ${east}`;
  const some = `${outside.toLocaleString("en")} of the ${count.toLocaleString("en")} test points of ${data}`;
  if (outside <= MAX_OUTSIDE_SHARE * count) return `${some} lie outside the model’s box ${box}`;
  throw new FootfallError(
    "weights-mismatch",
    `the weights of ${name} know the box ${box}, ${some} lie outside it: they were made for other places; open them in a notebook of the data that they learnt from`,
  );
}

/**
 * The windows of a data set as a model reads them, and what the reader should know of its box. Throws "no-data", and
 * "weights-mismatch" where the model was made for other places.
 */
export async function* openPointsFor(
  model: OpenGpt,
  dataset: Dataset,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, { data: PointData; warning: string | undefined }, void> {
  const data = yield* openWindows(dataset, rulesOf(model.config), session, signal);
  return { data, warning: checkBoxOf(model, data, dataset.name) };
}
