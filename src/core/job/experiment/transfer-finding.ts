/** What the transfer matrix says, in sentences that depend on its intervals. */
import { compare, type MeasureName, type Point } from "../../task/experiments/readings";
import {
  COUNTRY_NAMES,
  NEAR_MEAN,
  PRETRAINING,
  type CountryName,
  type Learnt,
} from "../../task/experiments/series";
import { pointAt, SIDE_WORDS, sideOfNothing } from "./transfer";
import { pointText, sideOf, spreadText } from "./words";

/** From the country of learning to the other one. */
interface Way {
  readonly from: CountryName;
  readonly to: CountryName;
}
const [A, B] = COUNTRY_NAMES;
const WAYS: readonly Way[] = [
  { from: A, to: B },
  { from: B, to: A },
];
const GAINS = ["probeGain", "gain"] as const;
/** One number beside another, by the side on which the interval of their difference lies. */
const TOLD = { 1: "more", 0: "not told apart", [-1]: "less" } as const;

/** How many times as surprised a model is as another one in the same country, adapted both. */
function timesText(points: readonly Point[], { from, to }: Way, than: Learnt): string | undefined {
  const of = { series: PRETRAINING, measure: "adaptedPerplexity" } as const;
  const times = compare(pointAt(points, from, to, of), pointAt(points, than, to, of));
  if (times === undefined) return undefined;
  const told = TOLD[sideOf(times, 1)];
  const whom = than === "nothing" ? "one without pre-training" : `one from ${than}`;
  return `${spreadText(times)} times that of ${whom} (${told})`;
}

/** What the near tasks gain by a model from elsewhere, beside one from home. */
function gainText(points: readonly Point[], way: Way, measure: MeasureName): string | undefined {
  const of = { series: NEAR_MEAN, measure };
  const [own, home] = [way.from, way.to].map((learnt) => pointAt(points, learnt, way.to, of));
  const less = compare(home, own);
  if (!own || !home || !less) return undefined;
  const side = SIDE_WORDS[sideOf(own.spread, 0)];
  const told = TOLD[sideOf(less, 0)];
  const how = measure === "gain" ? "fine-tuned" : "by a linear probe";
  return `${pointText(measure, own.spread)} ${how} (${side}; at home ${pointText(measure, home.spread)}, ${told})`;
}

function wayText(points: readonly Point[], way: Way): string | undefined {
  const times = (["nothing", way.to] as const).flatMap(
    (than) => timesText(points, way, than) ?? [],
  );
  const gains = GAINS.flatMap((measure) => gainText(points, way, measure) ?? []);
  const parts = [
    ...(times.length > 0
      ? [`the perplexity of a model that was adapted is ${times.join(" and ")}`]
      : []),
    ...(gains.length > 0 ? [`near tasks gain ${gains.join(" and ")}`] : []),
  ];
  return parts.length > 0 ? `From ${way.from} to ${way.to}: ${parts.join("; ")}.` : undefined;
}

/** Both ways, one of them, or neither for certain. */
const COMES_ALONG = [
  "cannot be told to come along",
  "comes along one way only",
  "comes along both ways",
] as const;

/** How far something comes along: undefined before both ways were measured, of several measures any. */
function comesAlong(
  points: readonly Point[],
  series: string,
  measures: readonly MeasureName[],
): string | undefined {
  const ways = WAYS.map((way) =>
    measures.flatMap((measure) => {
      const own = pointAt(points, way.from, way.to, { series, measure });
      return (own && sideOfNothing(points, own, way.to)) ?? [];
    }),
  );
  if (ways.some((sides) => sides.length === 0)) return undefined;
  return COMES_ALONG[ways.filter((sides) => Math.max(...sides) > 0).length];
}

/** What comes along to another geography: how people move, as perplexity after adapting has it, and what tasks gain. */
function headline(points: readonly Point[]): string | undefined {
  const movement = comesAlong(points, PRETRAINING, ["adaptedPerplexity"]);
  const tasks = comesAlong(points, NEAR_MEAN, GAINS);
  const said = [
    ...(movement === undefined ? [] : [`what was learnt of movement ${movement}`]),
    ...(tasks === undefined ? [] : [`what near tasks gain ${tasks}`]),
  ];
  return said.length === 0 ? undefined : `To another geography ${said.join(", ")}.`;
}

/** What a model of one country is worth in the other; undefined before there is anything to compare. */
export function findTransfer(points: readonly Point[]): string | undefined {
  const said = [headline(points), ...WAYS.map((way) => wayText(points, way))];
  const sentences = said.flatMap((text) => text ?? []);
  return sentences.length === 0 ? undefined : sentences.join(" ");
}
