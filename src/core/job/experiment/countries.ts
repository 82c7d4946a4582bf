/** AD-27: pre-trained in one geography, adapted and tested in another; rows of the matrix are models, columns countries. */
import { initialiseBert } from "../../model/parameters";
import type { Reading } from "../../task/experiments/readings";
import {
  COUNTRY_NAMES,
  PRETRAINING,
  transferText,
  type Learnt,
} from "../../task/experiments/series";
import type { PretrainedModel } from "../../task/table/run-model";
import type { Tokeniser } from "../../token/tokeniser";
import { toBertConfig } from "../../train/config";
import { placesOf } from "../open-dataset";
import type { Report, Session } from "../session";
import { factOfBoth, openBothCountries, type Country } from "./both-countries";
import { perplexitiesOn } from "./cross";
import { measureDownstream, type DownstreamOptions } from "./downstream";
import { SHORT, timeShort, trainShort } from "./train";
import {
  describeEngine,
  seedsFrom,
  type ExperimentChoice,
  type ExperimentWork,
  type Unit,
} from "./work";

/** Adapting to a country takes this share of the steps of pre-training. */
const ADAPTING = 1 / 8;
const LEAST_STEPS = 5;
/** Steps of training that an example of each task in both countries is worth, and a hidden check-in. */
const STEPS_PER_EXAMPLE = 0.7;
const STEPS_PER_QUESTION = 0.05;

/** What the parts have in common. */
interface Stand {
  readonly countries: readonly Country[];
  readonly tokeniser: Tokeniser;
  readonly choice: ExperimentChoice;
  readonly session: Session;
  readonly shared: Pick<DownstreamOptions, "twins" | "notes">;
}

interface Run {
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Trains in a country, from nothing or from a model that is there. */
async function* trainIn(
  { name, data }: Country,
  { choice, session }: Stand,
  { seed, signal, steps, start }: Run & { steps: number; start?: PretrainedModel },
): AsyncGenerator<Report, PretrainedModel, void> {
  const masks = { maskRate: SHORT.maskRate, seed: choice.seed };
  const phase = `${start ? "adapt to" : "pre-train in"} ${name}, seed ${seed}`;
  const config = { ...SHORT, seed };
  const options = { config, steps, data, masks, phase, ...(start && { start: start.tensors }) };
  return yield* trainShort(options, session, signal);
}

async function* openLearnt(
  learnt: Learnt,
  stand: Stand,
  run: Run,
): AsyncGenerator<Report, PretrainedModel, void> {
  const country = stand.countries.find(({ name }) => name === learnt);
  if (country) return yield* trainIn(country, stand, { ...run, ...stand.choice.settings });
  const config = toBertConfig(SHORT, stand.tokeniser.vocabularySize);
  return { config, tensors: initialiseBert(config, run.seed) };
}

const adaptingSteps = (steps: number): number =>
  Math.max(LEAST_STEPS, Math.round(ADAPTING * steps));

type Measured = Pick<Reading, "series" | "measure" | "value">;

/** Perplexity of a model as it is, and adapted: the same questions for every model and seed, only the training differs. */
async function* measureSurprise(
  model: PretrainedModel,
  country: Country,
  stand: Stand,
  run: Run,
): AsyncGenerator<Report, Measured[], void> {
  const { settings, seed } = stand.choice;
  const { dataset, data } = country;
  const of = { sequences: placesOf(dataset), trajectories: dataset.test, pieces: data.pieces };
  const asked = { ...of, count: settings.count, seed };
  const ask = async function* (one: PretrainedModel, measure: Measured["measure"]) {
    const { perExistingCell: value } = yield* perplexitiesOn(one, asked, run.signal);
    return { series: PRETRAINING, measure, value };
  };
  const before = yield* ask(model, "perplexity");
  const steps = adaptingSteps(settings.steps);
  const adapted = yield* trainIn(country, stand, { ...run, steps, start: model });
  return [before, yield* ask(adapted, "adaptedPerplexity")];
}

/** What the tasks of a country gain by a model. */
function measureGains(
  model: PretrainedModel,
  { name, data: { pieces }, tasks }: Country,
  { choice, shared }: Stand,
  run: Run,
): AsyncGenerator<Report, Measured[], void> {
  const samples = choice.settings.count;
  return measureDownstream({ ...tasks, ...shared, ...run, pieces, model, samples, twin: name });
}

/** One row of the matrix: a model in both countries. */
async function* measureRow(
  learnt: Learnt,
  stand: Stand,
  run: Run,
): AsyncGenerator<Report, Reading[], void> {
  const model = yield* openLearnt(learnt, stand, run);
  const readings: Reading[] = [];
  for (const country of stand.countries) {
    const at = transferText(learnt, country.name);
    const field = yield* measureSurprise(model, country, stand, run);
    // of nothing there are no gains: it is the twin that tasks are compared with
    if (learnt !== "nothing") field.push(...(yield* measureGains(model, country, stand, run)));
    readings.push(...field.map((one) => ({ ...one, at, seed: run.seed })));
  }
  return readings;
}

/** What the others are held against comes first. */
const ORDER: readonly Learnt[] = ["nothing", ...COUNTRY_NAMES];

function planUnits(stand: Stand): Unit[] {
  const { seeds, steps, count } = stand.choice.settings;
  const asking = 2 * (adaptingSteps(steps) + 2 * STEPS_PER_QUESTION * count);
  const learning = steps + STEPS_PER_EXAMPLE * count;
  return seedsFrom(stand.choice.seed, seeds).flatMap((seed) =>
    ORDER.map((learnt): Unit => ({
      key: `${learnt} ${seed}`,
      words:
        learnt === "nothing"
          ? `no pre-training, seed ${seed}`
          : `pre-train in ${learnt}, seed ${seed}`,
      weight: asking + (learnt === "nothing" ? 0 : learning),
      run: (signal) => measureRow(learnt, stand, { seed, signal }),
    })),
  );
}

/** Two simulated countries of one size and seed: that in Japan's shape and the archipelago, whichever is chosen as data. */
export async function* openCountries(
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentWork, void> {
  const { countries, tokeniser } = yield* openBothCountries(choice, session, signal);
  const datasets = countries.map(({ dataset }) => dataset);
  const shared = { twins: new Map<string, number>(), notes: new Set<string>() };
  return {
    units: planUnits({ countries, tokeniser, choice, session, shared }),
    notes: shared.notes,
    facts: [factOfBoth({ countries, tokeniser })],
    data: {
      key: datasets.map(({ key }) => key).join(" and "),
      name: datasets.map(({ name }) => name).join(" and "),
    },
    model: undefined,
    engine: await describeEngine(session),
    time: (own) => timeShort(countries[0]!.data, SHORT, own),
  };
}
