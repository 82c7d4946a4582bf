import type { ExperimentName } from "../../task/experiments/names";
import { compare, findPoint, type Point } from "../../task/experiments/readings";
import { pointText, sideOf, spreadText } from "./words";

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
    0: "from so few runs it cannot be told from chance.",
    [-1]: "it falls, against the claim.",
  }[sideOf(times, 1)];
  const twin = compare(of("random twin", "100 %"), of("random twin", "0 %"));
  return `${words}: ${said}${twin ? ` That of the random twin is ${spreadText(twin)} times as high.` : ""}`;
}

const FINDINGS: Readonly<Record<ExperimentName, Finding>> = {
  order: findOrder,
};

/** What came out, in a sentence made of the numbers; undefined before they can be compared. */
export const findingOf = (
  experiment: ExperimentName,
  points: readonly Point[],
): string | undefined => FINDINGS[experiment](points);
