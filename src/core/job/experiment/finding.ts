import type { ExperimentName } from "../../task/experiments/names";
import { compare, findPoint, type Point } from "../../task/experiments/readings";
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

/** Of each kind of noise, the level at which the perplexity is told from that without noise first. */
function findNoise(points: readonly Point[]): string | undefined {
  const of = (series: string, at: string, measure: Point["measure"]): Point | undefined =>
    findPoint(points, { series, at, measure });
  const clean = of("pre-trained", NO_NOISE, "perplexity");
  const groups = new Set(points.map(({ group }) => group ?? "").filter((group) => group !== ""));
  const said = [...groups].flatMap((group) => {
    const own = points.filter((one) => one.group === group && one.measure === "perplexity");
    const worst = own.at(-1);
    const times = compare(worst, clean);
    if (!worst || !times) return [];
    const first = own.find((one) => {
      const ratio = compare(one, clean);
      return ratio !== undefined && sideOf(ratio, 1) > 0;
    });
    const from = first ? `told from chance from ${first.at}` : "not told from chance";
    return [`${spreadText(times)} times as high with check-ins ${worst.at} (${from})`];
  });
  if (said.length === 0) return undefined;
  const homes = ["pre-trained", "random twin"].flatMap((series) => {
    const [without, ...noisy] = points.filter(
      (one) => one.series === series && one.measure === "probeKm",
    );
    const most = noisy.toSorted((a, b) => b.spread.mean - a.spread.mean)[0];
    return without && most
      ? [
          `of the ${series} model ${pointText("probeKm", without.spread)} km without noise and ${pointText("probeKm", most.spread)} km with check-ins ${most.at}`,
        ]
      : [];
  });
  return `The perplexity is ${said.join(", ")}. A probe for the home misses it by a median ${homes.join(", ")}.`;
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

const FINDINGS: Readonly<Record<ExperimentName, Finding>> = {
  order: findOrder,
  noise: findNoise,
  rare: findRare,
};

/** What came out, in a sentence made of the numbers; undefined before they can be compared. */
export const findingOf = (
  experiment: ExperimentName,
  points: readonly Point[],
): string | undefined => FINDINGS[experiment](points);
