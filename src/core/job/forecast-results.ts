import type { GptConfig } from "../model/gpt/config";
import { toRecord } from "../model/config-fields";
import { STAYING } from "../papers/judge-rows";
import type { OurScore, ResultsFile } from "../papers/results";
import type { ForecastScores } from "../task/forecast";
import type { Guesser } from "../task/guessers";

/** The claim about RAW that a forecast speaks to, and how far ahead it looks (paper 3, summary, line 44). */
const CLAIM = { id: "horizon", minutes: 150, words: "2.5 hours" } as const;

/** The rows of the results, by who guesses. */
const ROWS: Readonly<Partial<Record<Guesser, string>>> = {
  model: "pre-trained",
  persistence: STAYING,
};

/** A GPT that was asked, and on what. */
export interface Forecasted {
  readonly config: GptConfig;
  /** Data in words. */
  readonly data: string;
  /** Points that it gave itself. */
  readonly steps: number;
}

/** Why its errors say nothing of the claim; undefined where they do. */
function whyApart({ config, steps }: Forecasted): string | undefined {
  const { intervalMin, isCausal } = config;
  if (!isCausal) return "its mask was off while it learnt, so it copies what it should guess";
  const points = CLAIM.minutes / intervalMin;
  const apart = `its points are ${intervalMin} minutes apart`;
  if (!Number.isInteger(points)) return `${apart}, so none is ${CLAIM.words} ahead`;
  if (points <= steps) return undefined;
  return `${apart} and it went on for ${steps}; ${CLAIM.words} are ${points} of them`;
}

/** What may be pooled with it, and what tells it from that: its training's length, seed and data. */
function originOf({ config, data }: Forecasted): NonNullable<OurScore["origin"]> {
  const { layerCount, width, notes } = config;
  const { seed } = toRecord(notes["recipe"]);
  const { steps } = notes;
  const length = typeof steps === "number" ? `, ${steps} steps` : "";
  const run = typeof seed === "number" ? `seed ${seed}` : "no seed noted";
  return { setup: `GPT ${layerCount} × ${width}${length}, ${data}`, run };
}

/** Results that say why a forecast cannot be held against the claim: a clause. */
export function incomparableForecast(why: string, of: Forecasted): ResultsFile {
  return { ...emptyResults(of), incomparable: [{ claim: CLAIM.id, why }] };
}

/** The same data and model, and no number. */
function emptyResults(of: Forecasted): ResultsFile {
  const { setup, run } = originOf(of);
  const about = `forecast of a ${setup}, ${run}`;
  return { footfallResults: 1, about, scores: [], gains: [], perplexities: {}, sweeps: [] };
}

/**
 * Errors of a forecast on test windows as the verdict on the papers' claims reads them (`readResults`): one model's,
 * which files of other seeds make an interval of. Where they cannot be compared, why.
 */
export function forecastResults(scores: ForecastScores, of: Forecasted): ResultsFile {
  const why = whyApart(of);
  if (why !== undefined) return incomparableForecast(why, of);
  const origin = originOf(of);
  const place = CLAIM.minutes / of.config.intervalMin - 1;
  const common = { task: "next-points", split: "random", metric: "km", seeds: 1 } as const;
  const found = scores.rows.flatMap(({ guesser, ahead }): OurScore[] => {
    const row = ROWS[guesser];
    if (row === undefined) return [];
    const { meanKm: mean } = ahead[place]!;
    return [{ ...common, row, mean, low: mean, high: mean, test: scores.windows, origin }];
  });
  return { ...emptyResults(of), scores: found };
}
