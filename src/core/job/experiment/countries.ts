import { CellTableBuilder, type CellTable } from "../../geo/cells";
import { FootfallError } from "../../errors";
import type { Reading } from "../../task/experiments/readings";
import {
  COUNTRY_NAMES,
  PRETRAINING,
  transferText,
  type CountryName,
} from "../../task/experiments/series";
import { regressionScores } from "../../task/metrics";
import type { TaskName } from "../../task/tasks/types";
import type { Tokeniser } from "../../token/tokeniser";
import type { Geography } from "../../world/geography";
import { makeTokeniser } from "../make-tokeniser";
import { writeStretches, type Stretch, type TrainingData } from "../open-corpus";
import { openDataset, placesOf, type Dataset } from "../open-dataset";
import type { Report, Session } from "../session";
import { perplexityOn } from "./cross";
import { measureDownstream, openTasks, type DownstreamOptions, type TaskStand } from "./downstream";
import { SHORT, timeShort, trainShort } from "./train";
import {
  describeEngine,
  seedsFrom,
  type ExperimentChoice,
  type ExperimentWork,
  type Unit,
} from "./work";

const TASKS: readonly TaskName[] = ["location", "population", "prefecture", "trip-length"];
const [TRAIN, VALIDATION] = [0, 1];
/** Steps of training that asking both countries is worth. */
const TASK_STEPS = 120;

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
  const write = (part: number) => {
    const rows = [...dataset.parts.keys()].filter((k) => dataset.parts[k] === part);
    const stretches = rows.map((k): Stretch => [offsets[k]!, offsets[k + 1]!]);
    return writeStretches({ cell }, stretches, { tokeniser, pieces }, signal);
  };
  const data = {
    tokeniser,
    pieces,
    train: yield* write(TRAIN),
    validation: yield* write(VALIDATION),
  };
  const tasks = yield* openTasks(dataset, TASKS, session, signal);
  return { name, dataset, data, tasks };
}

/** How far two countries are the same: people by cell, and borders. */
function likeness(a: Geography, b: Geography): string {
  const N = Math.min(a.population.length, b.population.length);
  const logs = ({ population }: Geography): Float64Array =>
    Float64Array.from({ length: N }, (_, n) => Math.log1p(population[n]!));
  const { pearson } = regressionScores(logs(a), logs(b));
  let same = 0;
  for (let n = 0; n < N; n++) {
    const [own, other] = [a, b].map(({ names, prefecture }) => names.prefectures[prefecture[n]!]);
    if (own === other) same++;
  }
  return `Another seed moves towns, hills, land cover and every person, but neither the coast nor the large cities: the correlation of people per cell (logarithms) between the two is ${pearson.toFixed(2)}, and ${Math.round((100 * same) / N)} % of the cells have the same prefecture. What transfers may be the shared coast and cities.`;
}

interface CountryRun {
  readonly seed: number;
  readonly phase: string;
  readonly shared: Pick<DownstreamOptions, "twins" | "notes">;
}

async function* measureCountry(
  learnt: Country,
  all: readonly Country[],
  { settings: { count, steps }, seed: firstSeed }: ExperimentChoice,
  { seed, phase, shared }: CountryRun,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, Reading[], void> {
  const masks = { maskRate: SHORT.maskRate, seed: firstSeed };
  const options = { config: { ...SHORT, seed }, steps, data: learnt.data, masks, phase };
  const model = yield* trainShort(options, session, signal);
  const readings: Reading[] = [];
  for (const { name, dataset, data, tasks } of all) {
    const at = transferText(learnt.name, name);
    const { pieces } = data;
    const asked = { ...tasks, ...shared, pieces, model, samples: count, seed, twin: name, signal };
    const gains = yield* measureDownstream(asked);
    const questions = { sequences: placesOf(dataset), trajectories: dataset.test, pieces, count };
    const value = yield* perplexityOn(model, { ...questions, seed: firstSeed }, signal);
    readings.push({ series: PRETRAINING, at, measure: "perplexity", seed, value });
    readings.push(...gains.map((one) => ({ ...one, at, seed })));
  }
  return readings;
}

/** AD-27: pre-trained in one country, fine-tuned and tested in the other. */
export async function* openCountries(
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentWork, void> {
  const { dataset: spec, settings } = choice;
  if (spec.source !== "simulated") {
    throw new FootfallError(
      "bad-input",
      "the transfer between countries needs simulated people: choose the simulated country as data",
    );
  }
  const datasets: Dataset[] = [];
  for (const seed of [spec.seed, spec.seed + 1]) {
    datasets.push(yield* openDataset({ ...spec, seed }, session, signal));
  }
  const cells = joinCells(datasets);
  const tokeniser = yield* makeTokeniser("5|3", { cells, allCells: () => cells }, signal);
  const countries: Country[] = [];
  for (const [i, dataset] of datasets.entries()) {
    countries.push(yield* openCountry(COUNTRY_NAMES[i]!, dataset, tokeniser, session, signal));
  }
  const shared = { twins: new Map<string, number>(), notes: new Set<string>() };
  const units = seedsFrom(choice.seed, settings.seeds).flatMap((seed) =>
    countries.map((country): Unit => {
      const phase = `pre-train in ${country.name}, seed ${seed}`;
      return {
        key: `${country.name} ${seed}`,
        words: phase,
        weight: settings.steps + TASK_STEPS,
        run: (own) =>
          measureCountry(country, countries, choice, { seed, phase, shared }, session, own),
      };
    }),
  );
  const [a, b] = datasets;
  return {
    units,
    notes: shared.notes,
    facts: [likeness(a!.geography!, b!.geography!)],
    data: {
      key: `${a!.key} and ${b!.key}`,
      name: `${a!.name}, seeds ${spec.seed} and ${spec.seed + 1}`,
    },
    model: undefined,
    engine: await describeEngine(session),
    time: (own) => timeShort(countries[0]!.data, SHORT, own),
  };
}
