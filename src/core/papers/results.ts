import { FootfallError } from "../errors";
import { fromEvaluation, isEvaluation } from "./evaluation-file";
import { METRICS, type MetricName } from "../task/tasks/metric-names";

/** One number of an adaptation table of ours, over its seeds. */
export interface OurScore {
  readonly task: string;
  readonly split: "random" | "block";
  readonly row: string;
  readonly metric: string;
  readonly mean: number;
  /** Ends of the 95 % interval of the mean. */
  readonly low: number;
  readonly high: number;
  readonly seeds: number;
  /** Test examples of the smallest run; absent where a file does not say. */
  readonly test?: number;
  /** Of one model alone: what it was. Several of one set-up are seeds of one score. */
  readonly origin?: Origin;
}

/** Which of several alike models a score is of. */
export interface Origin {
  /** Architecture, length of training and data: the same for all that may be pooled. */
  readonly setup: string;
  /** What tells it from the others of its set-up. */
  readonly run: string;
}

/** Something that was run and cannot be held against a claim. */
export interface Incomparable {
  /** Its id. */
  readonly claim: string;
  /** A clause. */
  readonly why: string;
}

/** How much better a row is than another, seed by seed on the same examples; above 0 is better. */
export interface OurGain extends OurScore {
  readonly against: string;
}

/** Perplexities per token of the model's pre-training; what was not measured is absent. */
export interface OurPerplexities {
  /** Before the first step, and the number of tokens of the vocabulary. */
  readonly untrained?: number;
  readonly vocabulary?: number;
  /** At the end, over the validation part. */
  readonly trained?: number;
  /** Of the same model on the same check-ins in another order. */
  readonly shuffled?: number;
  /** At the end of pre-training with a small share of the data. */
  readonly smallData?: number;
}

/** One setting of a sweep and what came of it. */
export interface SweepPoint {
  readonly over: "resolution" | "mask-rate" | "share";
  /** The setting: a resolution, or a share from 0 to 1. */
  readonly at: number;
  /** What was measured: "perplexity", "vocabulary", "gain" (fine-tuned over random twin, headline of the tasks). */
  readonly measure: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly seeds: number;
}

/** Everything of ours that the papers' claims are held against, as plain data. */
export interface OurResults {
  /** Which data and which model, in words. */
  readonly about: string;
  readonly scores: readonly OurScore[];
  readonly gains: readonly OurGain[];
  readonly perplexities: OurPerplexities;
  readonly sweeps: readonly SweepPoint[];
  readonly incomparable?: readonly Incomparable[];
}

/** A file of results as programs write it, and `readResults` reads it. */
export type ResultsFile = OurResults & { readonly footfallResults: 1 };

/** Nothing of ours has been run. */
export const NO_RESULTS: OurResults = {
  about: "",
  scores: [],
  gains: [],
  perplexities: {},
  sweeps: [],
};

/** True where more of a measure is better. Errors are the only measures of which less is. */
export function isHighBetter(metric: string): boolean {
  return !(metric in METRICS) || METRICS[metric as MetricName].better === "more";
}

/** What a measure is called on the page. */
export function metricWords(metric: string): string {
  return metric in METRICS ? METRICS[metric as MetricName].title : metric;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const NAMES = ["task", "row", "metric", "over", "measure", "split", "against"];
const TEXTS = [...NAMES, "setup", "run", "claim", "why"];
const NUMBERS = ["mean", "low", "high", "seeds", "at"];
const SCORE_FIELDS = ["task", "split", "row", "metric", "mean", "low", "high", "seeds"];
const GAIN_FIELDS = [...SCORE_FIELDS, "against"];
const ORIGIN_FIELDS = ["setup", "run"];
const INCOMPARABLE_FIELDS = ["claim", "why"];
const SWEEP_FIELDS = ["over", "at", "measure", "mean", "low", "high", "seeds"];

function fail(where: string, expected: string, came: unknown): never {
  const got = JSON.stringify(came) ?? "nothing";
  throw new FootfallError("bad-file", `${where}: expected ${expected}, got ${got.slice(0, 80)}`);
}

function checkEntry<T>(value: unknown, fields: readonly string[], where: string): T {
  if (!isRecord(value)) return fail(where, `an object with ${fields.join(", ")}`, value);
  for (const field of fields) {
    const came = value[field];
    if (TEXTS.includes(field) && typeof came !== "string") fail(`${where}.${field}`, "text", came);
    if (NUMBERS.includes(field) && !Number.isFinite(came)) {
      fail(`${where}.${field}`, "a number", came);
    }
  }
  const { test, origin } = value;
  if (test !== undefined && !Number.isFinite(test)) fail(`${where}.test`, "a number", test);
  const known = Object.fromEntries(fields.map((field) => [field, value[field]]));
  return {
    ...known,
    ...(test !== undefined && { test }),
    ...(origin !== undefined && { origin: checkEntry(origin, ORIGIN_FIELDS, `${where}.origin`) }),
  } as T;
}

function checkList<T>(value: unknown, fields: readonly string[], name: string): T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return fail(name, "a list", value);
  return value.map((entry, i) => checkEntry<T>(entry, fields, `${name}[${i}]`));
}

function checkPerplexities(value: unknown): OurPerplexities {
  if (value === undefined) return {};
  if (!isRecord(value)) return fail("perplexities", "an object", value);
  for (const [name, perplexity] of Object.entries(value)) {
    if (!Number.isFinite(perplexity) || Number(perplexity) < 1) {
      fail(`perplexities.${name}`, "a number from 1", perplexity);
    }
  }
  return value;
}

/**
 * Results as a file has them: results.json of `footfall evaluate --all`, or `{"footfallResults": 1, "about": "...", "scores": [...], "perplexities": {...},
 * "sweeps": [...]}`. Throws "bad-file" with the place of what does not fit.
 */
export function readResults(text: string, name: string): OurResults {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FootfallError("bad-file", `${name} is no JSON; expected a file of results`, {
      cause,
    });
  }
  if (isRecord(value) && isEvaluation(value)) return fromEvaluation(value, name);
  if (!isRecord(value) || value["footfallResults"] !== 1) {
    return fail(name, `results.json of evaluate --all, or {"footfallResults": 1, ...}`, value);
  }
  const { about = name, scores, gains, perplexities, sweeps, incomparable } = value;
  if (typeof about !== "string") return fail(`${name}: about`, "text", about);
  return {
    about,
    scores: checkList(scores, SCORE_FIELDS, "scores"),
    gains: checkList(gains, GAIN_FIELDS, "gains"),
    perplexities: checkPerplexities(perplexities),
    sweeps: checkList(sweeps, SWEEP_FIELDS, "sweeps"),
    ...(incomparable !== undefined && {
      incomparable: checkList(incomparable, INCOMPARABLE_FIELDS, "incomparable"),
    }),
  };
}

/** Several files' results as one; of scores of the same kind the last one counts. */
export function joinResults(all: readonly OurResults[]): OurResults {
  return {
    about: all.map(({ about }) => about).join("; "),
    scores: all.flatMap(({ scores }) => scores),
    gains: all.flatMap(({ gains }) => gains),
    perplexities: Object.assign(
      {},
      ...all.map(({ perplexities }) => perplexities),
    ) as OurPerplexities,
    sweeps: all.flatMap(({ sweeps }) => sweeps),
    incomparable: all.flatMap(({ incomparable = [] }) => incomparable),
  };
}

/** True where a score is a number with an interval; anything else counts as not there. */
export const isMeasured = ({ mean, low, high }: Pick<OurScore, "mean" | "low" | "high">): boolean =>
  [mean, low, high].every(Number.isFinite);

/** The score of a task, row and measure; the last where there are several. */
export function findScore(
  scores: readonly OurScore[],
  wanted: Pick<OurScore, "task" | "split" | "row" | "metric">,
): OurScore | undefined {
  return scores.findLast(
    (score) =>
      score.task === wanted.task &&
      score.split === wanted.split &&
      score.row === wanted.row &&
      score.metric === wanted.metric &&
      isMeasured(score),
  );
}
