import { createRandom } from "../../random";
import { shuffleOrder } from "../../task/experiments/questions";
import { compare, findPoint, summarise, type Reading } from "../../task/experiments/readings";
import type { Report, Session } from "../session";
import {
  ASKED,
  askModel,
  bertOf,
  openStand,
  perplexitiesOf,
  questionsOf,
  standFacts,
  timeQuestion,
  type AskedName,
  type Stand,
} from "./ask";
import { shareText, sideOf } from "./words";
import { seedsFrom, type ExperimentChoice, type ExperimentWork, type Unit } from "./work";

/** Shares of the check-ins that change places; the twin is asked at both ends. */
const SHARES: Readonly<Record<AskedName, readonly number[]>> = {
  "pre-trained": [0, 0.25, 0.5, 1],
  "random twin": [0, 1],
};
const LIKELIHOOD = { beam: 0, top: 0 };

async function* measureOrder(
  stand: Stand,
  { series, share, seed, count }: { series: AskedName; share: number; seed: number; count: number },
  phase: string,
  signal: AbortSignal,
): AsyncGenerator<Report, Reading[], void> {
  const questions = questionsOf(stand, { count, seed }).map((question, n) =>
    shuffleOrder(question, share, createRandom(seed, "order", n)),
  );
  const options = { ...LIKELIHOOD, phase, signal };
  const decoded = yield* askModel(bertOf(stand, series), stand.model.pieces, questions, options);
  const [perplexity, tokenPerplexity] = perplexitiesOf(decoded);
  const common = { series, at: shareText(share), x: share, seed };
  return [
    { ...common, measure: "perplexity", value: perplexity },
    { ...common, measure: "tokenPerplexity", value: tokenPerplexity },
  ];
}

function planUnits(stand: Stand, { settings: { seeds, count }, seed }: ExperimentChoice): Unit[] {
  return seedsFrom(seed, seeds).flatMap((own) =>
    ASKED.flatMap((series) =>
      SHARES[series].map((share) => {
        const words = `${series}, ${shareText(share)} out of order`;
        const asked = { series, share, seed: own, count };
        const run = (signal: AbortSignal) => measureOrder(stand, asked, words, signal);
        return { key: `${series} ${share} ${own}`, words, weight: count, run };
      }),
    ),
  );
}

/** What the verdict on claims about pre-training is told, per token as the papers count. */
function toPerplexities(
  readings: readonly Reading[],
  { model }: Stand,
): ReturnType<NonNullable<ExperimentWork["perplexities"]>> {
  const points = summarise(readings);
  const of = (series: AskedName, share: number) =>
    findPoint(points, { series, at: shareText(share), measure: "tokenPerplexity" });
  const [trained, shuffled] = [of("pre-trained", 0), of("pre-trained", 1)];
  const untrained = of("random twin", 0);
  const times = compare(shuffled, trained);
  const isTold = times !== undefined && sideOf(times, 1) !== 0; // else it may be chance
  return {
    vocabulary: model.folder.config.vocabularySize,
    ...(untrained && { untrained: untrained.spread.mean }),
    ...(trained && { trained: trained.spread.mean }),
    ...(shuffled && isTold && { shuffled: shuffled.spread.mean }),
  };
}

/** SD-01: perplexity of hidden check-ins by how many of the check-ins around them are out of order. */
export async function* openOrder(
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentWork, void> {
  const stand = yield* openStand(choice, session, signal);
  return {
    units: planUnits(stand, choice),
    facts: [],
    ...standFacts(stand),
    time: (signal) => timeQuestion(stand, { ...LIKELIHOOD, seed: choice.seed }, signal),
    perplexities: (readings) => toPerplexities(readings, stand),
  };
}
