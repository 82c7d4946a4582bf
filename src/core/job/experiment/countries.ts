/** AD-27: pre-trained in one geography, adapted and tested in another; rows of the matrix are models, columns countries. */
import { trajectoriesOf } from "../../data/columnar/tables";
import type { Split } from "../../data/splits";
import { cellBase, CellTableBuilder, type CellTable } from "../../geo/cells";
import { FootfallError } from "../../errors";
import { initialiseBert } from "../../model/parameters";
import type { Reading } from "../../task/experiments/readings";
import {
  COUNTRY_NAMES,
  PRETRAINING,
  transferText,
  type CountryName,
  type Learnt,
} from "../../task/experiments/series";
import type { PretrainedModel } from "../../task/table/run-model";
import type { TaskName } from "../../task/tasks/types";
import type { Tokeniser } from "../../token/tokeniser";
import { toBertConfig } from "../../train/config";
import { SHAPE_NOUNS, type CountryShape } from "../../world/shapes";
import type { DatasetSpec } from "../dataset";
import { makeTokeniser } from "../make-tokeniser";
import { writeStretches, type Stretch, type TrainingData } from "../open-corpus";
import { openDataset, placesOf, type Dataset } from "../open-dataset";
import type { Report, Session } from "../session";
import { perplexitiesOn } from "./cross";
import { measureDownstream, openTasks, type DownstreamOptions, type TaskStand } from "./downstream";
import { SHORT, timeShort, trainShort } from "./train";
import {
  describeEngine,
  seedsFrom,
  type ExperimentChoice,
  type ExperimentWork,
  type Unit,
} from "./work";

const TASKS: readonly TaskName[] = [
  "location",
  "population",
  "built-up",
  "prefecture",
  "trip-length",
];
const SHAPES: Readonly<Record<CountryName, CountryShape>> = { A: "japan", B: "archipelago" };

/** Adapting to a country takes this share of the steps of pre-training. */
const ADAPTING = 1 / 8;
const LEAST_STEPS = 5;
/** Steps of training that an example of each task in both countries is worth, and a hidden check-in. */
const STEPS_PER_EXAMPLE = 0.7;
const STEPS_PER_QUESTION = 0.05;

/** A country in the vocabulary that both share. */
interface Country {
  readonly name: CountryName;
  readonly dataset: Dataset;
  readonly data: TrainingData;
  readonly tasks: TaskStand;
}

/** The cells of both. */
function joinCells(all: readonly Dataset[]): CellTable {
  const builder = new CellTableBuilder();
  for (const { cells } of all) {
    cells.hi.forEach((hi, n) => builder.addHalves(hi, cells.lo[n]!));
  }
  return builder.build();
}

async function* openCountry(
  name: CountryName,
  dataset: Dataset,
  tokeniser: Tokeniser,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, Country, void> {
  const { offsets, cell } = placesOf(dataset);
  const pieces = tokeniser.encodeCells(dataset.cells);
  const write = (split: Split) => {
    const rows = trajectoriesOf(dataset.parts, split);
    const stretches = Array.from(rows, (k): Stretch => [offsets[k]!, offsets[k + 1]!]);
    return writeStretches({ cell }, stretches, { tokeniser, pieces }, signal);
  };
  const data = {
    tokeniser,
    pieces,
    train: yield* write("train"),
    validation: yield* write("validation"),
  };
  const tasks = yield* openTasks(dataset, TASKS, session, signal);
  return { name, dataset, data, tasks };
}

const counted = (count: number): string => count.toLocaleString("en-GB");

/** The two countries and what they have in common, counted. */
function factOf(countries: readonly Country[], { vocabularySize }: Tokeniser): string {
  const [own, others] = countries.map(({ dataset }) => new Set(dataset.cells.hi.map(cellBase)));
  const shared = [...own!].filter((base) => others!.has(base)).length;
  const said = countries.map(({ name, dataset: { cells, geography } }) => {
    const { prefectures, regions } = geography!.names;
    return `${name}, the simulated ${SHAPE_NOUNS[SHAPES[name]]}, has ${counted(cells.hi.length)} cells, ${prefectures.length} prefectures and ${regions.length} regions`;
  });
  return `${said.join("; ")}. They have ${shared} of H3's base cells in common. The vocabulary has ${counted(vocabularySize)} tokens, of which both read the 343 of the last digits.`;
}

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

/** One field of the matrix: perplexity as it is and adapted, and of a pre-trained model what tasks gain. */
async function* measureField(
  model: PretrainedModel,
  learnt: Learnt,
  country: Country,
  stand: Stand,
  run: Run,
): AsyncGenerator<Report, Measured[], void> {
  const { seed, signal } = run;
  const { settings, seed: firstSeed } = stand.choice;
  const { dataset, data, tasks } = country;
  const { pieces } = data;
  const { count } = settings;
  const sequences = placesOf(dataset);
  // the same questions for every model and seed: only the training differs
  const asked = { sequences, trajectories: dataset.test, pieces, count, seed: firstSeed };
  const surprise = async function* (of: PretrainedModel) {
    return (yield* perplexitiesOn(of, asked, signal)).perExistingCell;
  };
  const series = PRETRAINING;
  const found: Measured[] = [{ series, measure: "perplexity", value: yield* surprise(model) }];
  const steps = adaptingSteps(settings.steps);
  const adapted = yield* trainIn(country, stand, { ...run, steps, start: model });
  found.push({ series, measure: "adaptedPerplexity", value: yield* surprise(adapted) });
  if (learnt === "nothing") return found; // it is the twin that tasks are compared with
  const twin = country.name;
  const options = { ...tasks, ...stand.shared, pieces, model, samples: count, seed, twin, signal };
  return [...found, ...(yield* measureDownstream(options))];
}

async function* measureRow(
  learnt: Learnt,
  stand: Stand,
  run: Run,
): AsyncGenerator<Report, Reading[], void> {
  const model = yield* openLearnt(learnt, stand, run);
  const readings: Reading[] = [];
  for (const country of stand.countries) {
    const at = transferText(learnt, country.name);
    const field = yield* measureField(model, learnt, country, stand, run);
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

function specsOf({ dataset }: ExperimentChoice): DatasetSpec[] {
  if (dataset.source === "simulated") {
    return COUNTRY_NAMES.map((name) => ({ ...dataset, shape: SHAPES[name] }));
  }
  throw new FootfallError(
    "bad-input",
    "the transfer between countries needs simulated people: choose the simulated country as data",
  );
}

/** Two simulated countries of one size and seed: that in Japan's shape and the archipelago, whichever is chosen as data. */
export async function* openCountries(
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentWork, void> {
  const datasets: Dataset[] = [];
  for (const spec of specsOf(choice)) datasets.push(yield* openDataset(spec, session, signal));
  const cells = joinCells(datasets);
  const tokeniser = yield* makeTokeniser("5|3", { cells, allCells: () => cells }, signal);
  const countries: Country[] = [];
  for (const [i, dataset] of datasets.entries()) {
    countries.push(yield* openCountry(COUNTRY_NAMES[i]!, dataset, tokeniser, session, signal));
  }
  const shared = { twins: new Map<string, number>(), notes: new Set<string>() };
  return {
    units: planUnits({ countries, tokeniser, choice, session, shared }),
    notes: shared.notes,
    facts: [factOf(countries, tokeniser)],
    data: {
      key: datasets.map(({ key }) => key).join(" and "),
      name: datasets.map(({ name }) => name).join(" and "),
    },
    model: undefined,
    engine: await describeEngine(session),
    time: (own) => timeShort(countries[0]!.data, SHORT, own),
  };
}
