/** The transfer matrix of AD-27: where models were pre-trained by where they are asked. */
import {
  compare,
  findPoint,
  measureFacts,
  type MeasureName,
  type Point,
} from "../../task/experiments/readings";
import {
  COUNTRY_NAMES,
  LEARNT,
  NEAR_MEAN,
  PRETRAINING,
  transferText,
  type CountryName,
  type Learnt,
} from "../../task/experiments/series";
import { pointText, sideOf } from "./words";

/** What one matrix shows. */
export interface TransferChoice {
  readonly series: string;
  readonly measure: MeasureName;
  readonly title: string;
}

/** A model in a country: the number with its interval, and whether it is better than nothing. */
export interface TransferField {
  readonly text: string;
  /** 1 better than without pre-training, -1 worse, 0 not told from it; undefined where nothing is compared (yet). */
  readonly side: -1 | 0 | 1 | undefined;
}

const MEASURES = ["perplexity", "adaptedPerplexity", "probeGain", "gain"] as const;

/** Everything that has a matrix: perplexities, means over the near tasks, then each task. */
export function transferChoices(points: readonly Point[]): TransferChoice[] {
  const all = points.filter(({ measure }) => MEASURES.some((one) => one === measure));
  const found = new Map(all.map((one) => [`${one.series} ${one.measure}`, one]));
  const place = ({ series, measure }: Point): number =>
    (series === PRETRAINING ? 0 : series === NEAR_MEAN ? 10 : 20) +
    MEASURES.findIndex((one) => one === measure);
  return [...found.values()]
    .toSorted((a, b) => place(a) - place(b))
    .map(({ series, measure }) => {
      const { title } = measureFacts(measure);
      return { series, measure, title: series === PRETRAINING ? title : `${series}: ${title}` };
    });
}

/** One point of the matrix. */
export const pointAt = (
  points: readonly Point[],
  learnt: Learnt,
  asked: CountryName,
  of: Omit<TransferChoice, "title">,
) => findPoint(points, { ...of, at: transferText(learnt, asked) });

const isPerplexity = (measure: MeasureName): boolean => measureFacts(measure).kind === "perplexity";

/** On which side of nothing a model is, above 0 where it is better; undefined where the twin was not asked yet. */
export function sideOfNothing(
  points: readonly Point[],
  own: Point,
  asked: CountryName,
): TransferField["side"] {
  if (!isPerplexity(own.measure)) return sideOf(own.spread, 0);
  const times = compare(own, pointAt(points, "nothing", asked, own));
  return times && ({ 1: -1, 0: 0, [-1]: 1 } as const)[sideOf(times, 1)];
}

function fieldOf(
  points: readonly Point[],
  learnt: Learnt,
  asked: CountryName,
  of: TransferChoice,
): TransferField {
  const own = pointAt(points, learnt, asked, of);
  if (learnt === "nothing") {
    const none = isPerplexity(of.measure) ? "–" : "0";
    return { text: own ? pointText(of.measure, own.spread) : none, side: undefined };
  }
  if (own === undefined) return { text: "–", side: undefined };
  return { text: pointText(of.measure, own.spread), side: sideOfNothing(points, own, asked) };
}

/** One matrix: a row for each place of learning, a field for each country. */
export function transferMatrix(
  points: readonly Point[],
  of: TransferChoice,
): { learnt: Learnt; fields: TransferField[] }[] {
  return LEARNT.map((learnt) => {
    return { learnt, fields: COUNTRY_NAMES.map((asked) => fieldOf(points, learnt, asked, of)) };
  });
}

/** What a side of nothing is called. */
export const SIDE_WORDS = {
  1: "better than nothing",
  0: "not told from nothing",
  [-1]: "worse than nothing",
} as const;
