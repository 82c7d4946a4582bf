import type { ExperimentName } from "../../task/experiments/names";
import { compare, findPoint, type Point } from "../../task/experiments/readings";
import {
  FAR_TASK,
  NEAR_MEAN,
  PRETRAINING,
  WITH_HOURS,
  WITHOUT_HOURS,
} from "../../task/experiments/series";
import { WEEK_SLICES } from "../../task/experiments/slices";
import { findTransfer } from "./transfer-finding";
import { pointText, sideOf, spreadText } from "./words";

/** What a setting without noise is called. */
const NO_NOISE = "as they are";

type Finding = (points: readonly Point[]) => string | undefined;

function findOrder(points: readonly Point[]): string | undefined {
  const of = (series: string, at: string): Point | undefined =>
    findPoint(points, { series, at, measure: "perplexity" });
  const [inOrder, shuffled] = [of("pre-trained", "0 %"), of("pre-trained", "100 %")];
  const times = compare(shuffled, inOrder);
  if (!inOrder || !shuffled || !times) return undefined;
  const words = `With all check-ins in another order the perplexity is ${spreadText(times)} times as high (${pointText("perplexity", shuffled.spread)} against ${pointText("perplexity", inOrder.spread)} per check-in)`;
  const said = {
    1: "the model reads the order.",
    0: "from so few seeds it cannot be told from chance.",
    [-1]: "it falls, against the claim.",
  }[sideOf(times, 1)];
  const twin = compare(of("random twin", "100 %"), of("random twin", "0 %"));
  return `${words}: ${said}${twin ? ` That of the random twin is ${spreadText(twin)} times as high.` : ""}`;
}

/** How many times as high the worst level of a kind of noise makes a model's perplexity, and from which one on. */
function riseOf(points: readonly Point[], series: string, group: string) {
  const own = points.filter((one) => one.series === series && one.measure === "perplexity");
  const clean = own.find(({ at }) => at === NO_NOISE);
  const noisy = own.filter((one) => one.group === group);
  const worst = noisy.at(-1);
  const times = compare(worst, clean);
  const first = noisy.find((one) => {
    const ratio = compare(one, clean);
    return ratio !== undefined && sideOf(ratio, 1) > 0;
  });
  return worst && times && { worst, times, first };
}

/** Of each kind of noise, what it does to both models, and the level that is told from none first. */
function findNoise(points: readonly Point[]): string | undefined {
  const groups = new Set(points.map(({ group }) => group ?? "").filter((group) => group !== ""));
  const said = [...groups].flatMap((group) => {
    const rise = riseOf(points, "pre-trained", group);
    if (!rise) return [];
    const { worst, times, first } = rise;
    const from = first ? `first told from chance: ${first.at}` : "not told from chance";
    const twin = riseOf(points, "random twin", group);
    const beside = twin ? `; the random twin’s ${spreadText(twin.times)} times` : "";
    return [`${spreadText(times)} times as high with check-ins ${worst.at} (${from}${beside})`];
  });
  if (said.length === 0) return undefined;
  const homes = ["pre-trained", "random twin"].flatMap((series) => {
    const [without, ...noisy] = points.filter(
      (one) => one.series === series && one.measure === "probeKm",
    );
    const most = noisy.toSorted((a, b) => b.spread.mean - a.spread.mean)[0];
    return without && most
      ? [
          `${pointText("probeKm", without.spread)} km without noise and ${pointText("probeKm", most.spread)} km with check-ins ${most.at} (${series})`,
        ]
      : [];
  });
  return `The perplexity is ${said.join(", ")}. A probe for the home misses it by a median of ${homes.join(", of ")}.`;
}

const seenText = (at: string): string => (at === "never" ? at : `${at} times`);

/** The rarest band against the one most often seen. */
function findRare(points: readonly Point[]): string | undefined {
  const of = (measure: Point["measure"], series: string) =>
    points
      .filter((one) => one.measure === measure && one.series === series)
      .toSorted((a, b) => a.x! - b.x!);
  const own = of("perplexity", "pre-trained");
  const [rarest, most] = [own[0], own.at(-1)];
  const times = compare(rarest, most);
  if (!rarest || !most || !times || rarest === most) return undefined;
  const counting = of("perplexity", "counting visits").find(({ at }) => at === rarest.at);
  const places = of("probeKm", "pre-trained");
  const further = compare(places[0], places.at(-1));
  const side =
    further && { 1: "farther", 0: "no farther for certain", [-1]: "nearer" }[sideOf(further, 0)];
  const probe = further
    ? ` The probe puts cells seen ${seenText(places[0]!.at)} ${pointText("probeKm", places[0]!.spread)} km off, those seen ${seenText(places.at(-1)!.at)} ${pointText("probeKm", places.at(-1)!.spread)} km: ${side}.`
    : "";
  return `A check-in in a cell seen ${seenText(rarest.at)} has a perplexity of ${pointText("perplexity", rarest.spread)}, one in a cell seen ${seenText(most.at)} of ${pointText("perplexity", most.spread)}: ${spreadText(times)} times${sideOf(times, 1) === 0 ? ", not told from chance" : ""}${counting ? ` (counting visits: ${pointText("perplexity", counting.spread)} for the rarest)` : ""}.${probe}`;
}

/** What the longest pre-training gains, near and far, and whether more of it gained more. */
function findTokens(points: readonly Point[]): string | undefined {
  const gainsOf = (series: string): Point[] =>
    points.filter((one) => one.series === series && one.measure === "gain");
  const near = gainsOf(NEAR_MEAN);
  const [least, most] = [near[0], near.at(-1)];
  const more = compare(most, least);
  if (!least || !most || !more || least === most) return undefined;
  const said = {
    1: "more pre-training gains more",
    0: "that more pre-training gains more cannot be told from chance",
    [-1]: "more pre-training gains less",
  }[sideOf(more, 0)];
  const far = gainsOf(FAR_TASK).at(-1);
  const water = far
    ? ` Water, the far task, gains ${pointText("gain", far.spread)}${sideOf(far.spread, 0) > 0 ? "" : ", which cannot be told from nothing"}.`
    : "";
  return `From ${least.at} to ${most.at} of pre-training the mean gain over the random twin on near tasks goes from ${pointText("gain", least.spread)} to ${pointText("gain", most.spread)}: ${said}.${water}`;
}

/** Each part of the week: how much more surprised the models of the others are than its own. */
function findSlices(points: readonly Point[]): string | undefined {
  const said = WEEK_SLICES.flatMap((slice) => {
    const asked = points.filter(({ at }) => at === slice);
    const own = asked.find(({ series }) => series === `learnt ${slice}`);
    const others = asked.filter((one) => one !== own);
    const ratios = others.flatMap((other) => compare(other, own) ?? []);
    if (!own || ratios.length === 0) return [];
    const count = (side: number): number => ratios.filter((one) => sideOf(one, 1) === side).length;
    return [
      `${slice}: of ${ratios.length} models of other parts ${count(1)} are more surprised than its own, ${count(-1)} less, ${count(0)} not told from it`,
    ];
  });
  return said.length === 0 ? undefined : `${said.join(". ")}.`;
}

function findTimes(points: readonly Point[]): string | undefined {
  const of = (series: string, at: string, measure: Point["measure"]) =>
    findPoint(points, { series, at, measure });
  const times = compare(
    of(PRETRAINING, WITH_HOURS, "perplexity"),
    of(PRETRAINING, WITHOUT_HOURS, "perplexity"),
  );
  if (!times) return undefined;
  const told = {
    1: "higher: hours do harm",
    0: "not told from the same",
    [-1]: "lower: hours help",
  };
  const tasks = new Set(
    points.filter(({ measure }) => measure === "score").map((one) => one.series),
  );
  const deltas = [...tasks].flatMap((series) => {
    const delta = compare(of(series, WITH_HOURS, "gain"), of(series, WITHOUT_HOURS, "gain"));
    return delta ? [`${series} ${spreadText(delta)}`] : [];
  });
  return `With hours the perplexity per check-in is ${spreadText(times)} times that without (${told[sideOf(times, 1)]}). Change of the gain over the random twin: ${deltas.join(", ")}.`;
}

const FINDINGS: Readonly<Record<ExperimentName, Finding>> = {
  order: findOrder,
  noise: findNoise,
  rare: findRare,
  tokens: findTokens,
  countries: findTransfer,
  "time-slices": findSlices,
  times: findTimes,
};

/** What came out, in a sentence made of the numbers; undefined before they can be compared. */
export const findingOf = (
  experiment: ExperimentName,
  points: readonly Point[],
): string | undefined => FINDINGS[experiment](points);
