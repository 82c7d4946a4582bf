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
import { pointText, sideOf, spreadText } from "./words";

/** What one matrix shows. */
export interface TransferChoice {
  readonly series: string;
  readonly measure: MeasureName;
  readonly title: string;
}

/** A model in a country: the number with its interval, and whether it is better than nothing. */
export interface TransferField {
  readonly text: string;
  /** 1 better than without pre-training, -1 worse, 0 not told from it; undefined for what the others are held against. */
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

const pointAt = (
  points: readonly Point[],
  learnt: Learnt,
  asked: CountryName,
  of: Omit<TransferChoice, "title">,
) => findPoint(points, { ...of, at: transferText(learnt, asked) });

const isPerplexity = (measure: MeasureName): boolean => measureFacts(measure).kind === "perplexity";

/** On which side of nothing a model is, above 0 where it is better. */
function sideOfNothing(points: readonly Point[], own: Point, asked: CountryName): -1 | 0 | 1 {
  if (!isPerplexity(own.measure)) return sideOf(own.spread, 0);
  const times = compare(own, pointAt(points, "nothing", asked, own));
  return times === undefined ? 0 : ({ 1: -1, 0: 0, [-1]: 1 } as const)[sideOf(times, 1)];
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
  if (own === undefined) return { text: "–", side: 0 };
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

/** How many times as surprised a model is as another one in the same country, with a word for it. */
function timesText(
  points: readonly Point[],
  [learnt, than]: readonly [Learnt, Learnt],
  asked: CountryName,
  measure: MeasureName,
): string | undefined {
  const [own, other] = [learnt, than].map((one) =>
    pointAt(points, one, asked, { series: PRETRAINING, measure }),
  );
  const times = compare(own, other);
  if (times === undefined) return undefined;
  const told = { 1: "more", 0: "not told apart", [-1]: "less" }[sideOf(times, 1)];
  const whom = than === "nothing" ? "one without pre-training" : `one from ${than}`;
  return `${spreadText(times)} times that of ${whom} (${told})`;
}

/** What tasks gain by a model from elsewhere, beside one from home. */
function gainText(
  points: readonly Point[],
  [moved, home]: readonly [CountryName, CountryName],
  measure: "probeGain" | "gain",
): string | undefined {
  const of = { series: NEAR_MEAN, measure };
  const [own, other] = [pointAt(points, moved, home, of), pointAt(points, home, home, of)];
  const more = compare(own, other);
  if (!own || !other || !more) return undefined;
  const told = {
    1: "more than at home",
    0: "not told from that at home",
    [-1]: "less than at home",
  }[sideOf(more, 0)];
  const way = measure === "gain" ? "fine-tuned" : "by a linear probe";
  return `${way} ${pointText(measure, own.spread)} (${SIDE_WORDS[sideOf(own.spread, 0)]}, ${told}: ${pointText(measure, other.spread)})`;
}

/** For each country what a model from the other one is worth there; undefined before there is anything to compare. */
export function findTransfer(points: readonly Point[]): string | undefined {
  const [a, b] = COUNTRY_NAMES;
  const said = (
    [
      [a, b],
      [b, a],
    ] as const
  ).flatMap(([moved, home]) => {
    const as = timesText(points, [moved, "nothing"], home, "perplexity");
    const adapted = [
      timesText(points, [moved, "nothing"], home, "adaptedPerplexity"),
      timesText(points, [moved, home], home, "adaptedPerplexity"),
    ].flatMap((text) => text ?? []);
    const gains = (["probeGain", "gain"] as const).flatMap(
      (measure) => gainText(points, [moved, home], measure) ?? [],
    );
    const parts = [
      ...(as ? [`its perplexity is ${as}`] : []),
      ...(adapted.length > 0 ? [`after a short adaptation ${adapted.join(" and ")}`] : []),
      ...(gains.length > 0 ? [`near tasks gain ${gains.join(" and ")}`] : []),
    ];
    return parts.length === 0
      ? []
      : [`A model from ${moved}, asked in ${home}: ${parts.join("; ")}.`];
  });
  return said.length === 0 ? undefined : said.join(" ");
}
