import { FootfallError } from "../../core/errors";
import type { ForecastJob } from "../../core/job/forecast";
import { stepKind } from "../step-kind";
import { toDataset } from "./data";
import { modelKind, toModel, type ModelStepSpec } from "./model";

/** How a GPT on points goes on. */
export interface ForecastSpec {
  /** Its weights. */
  model: ModelStepSpec;
  /** Number among the test windows; default one in which somebody moves. */
  window?: number;
  /** Points ahead. */
  steps: number;
}

/** A day, one point an hour: beyond that nobody expects a guess to hold. */
export const MOST_STEPS = 24;
/** RAW's. */
const STEPS = 10;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function toSpec(authored: Record<string, unknown>): ForecastSpec {
  const { model, window, steps = STEPS } = authored;
  const isNumber = Number.isInteger(steps) && Number(steps) >= 1 && Number(steps) <= MOST_STEPS;
  const isWindow = window === undefined || (Number.isInteger(window) && Number(window) >= 0);
  if (isRecord(model) && isNumber && isWindow) {
    return {
      model: modelKind.toSpec(model),
      steps: Number(steps),
      ...(window !== undefined && { window: Number(window) }),
    };
  }
  throw new FootfallError(
    "bad-input",
    `forecast step: expected a model (the source of a GPT on points), a window from 0 and 1 to ${MOST_STEPS} points ahead, got ${JSON.stringify(authored)}`,
  );
}

export const forecastKind = stepKind<ForecastSpec, ForecastJob>({
  kind: "forecast",
  inputs: { data: "data" },
  cost: "cheap",
  toSpec,
  toJob: ({ model, window, steps }, inputs, context) => ({
    kind: "forecast",
    dataset: toDataset(inputs["data"], context),
    model: toModel(model, context),
    window,
    steps,
    seed: context.seed,
  }),
});
