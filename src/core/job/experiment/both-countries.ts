/** The two simulated countries of AD-27, in one vocabulary. */
import { trajectoriesOf } from "../../data/columnar/tables";
import type { Split } from "../../data/splits";
import { FootfallError } from "../../errors";
import { cellBase, CellTableBuilder, type CellTable } from "../../geo/cells";
import { COUNTRY_NAMES, type CountryName } from "../../task/experiments/series";
import type { TaskName } from "../../task/tasks/types";
import type { Tokeniser } from "../../token/tokeniser";
import { SHAPE_NOUNS, type CountryShape } from "../../world/shapes";
import type { DatasetSpec } from "../dataset";
import { makeTokeniser } from "../make-tokeniser";
import { writeStretches, type Stretch, type TrainingData } from "../open-corpus";
import { openDataset, placesOf, type Dataset } from "../open-dataset";
import type { Report, Session } from "../session";
import { openTasks, type TaskStand } from "./downstream";
import type { ExperimentChoice } from "./work";

const TASKS: readonly TaskName[] = [
  "location",
  "population",
  "built-up",
  "prefecture",
  "trip-length",
];
const SHAPES: Readonly<Record<CountryName, CountryShape>> = { A: "japan", B: "archipelago" };

/** A country in the vocabulary that both share. */
export interface Country {
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

/** Both, with the tokeniser that writes the cells of both. */
export interface BothCountries {
  readonly countries: readonly Country[];
  readonly tokeniser: Tokeniser;
}

const counted = (count: number): string => count.toLocaleString("en-GB");

/** The two countries and what they have in common, counted. */
export function factOfBoth({ countries, tokeniser }: BothCountries): string {
  const [own, others] = countries.map(({ dataset }) => new Set(dataset.cells.hi.map(cellBase)));
  const shared = [...own!].filter((base) => others!.has(base)).length;
  const said = countries.map(({ name, dataset: { cells, geography } }) => {
    const { prefectures, regions } = geography!.names;
    return `${name}, the simulated ${SHAPE_NOUNS[SHAPES[name]]}, has ${counted(cells.hi.length)} cells, ${prefectures.length} prefectures and ${regions.length} regions`;
  });
  return `${said.join("; ")}. They have ${shared} of H3's base cells in common. The vocabulary has ${counted(tokeniser.vocabularySize)} tokens, of which both read the 343 of the last digits.`;
}

function specsOf({ dataset }: Pick<ExperimentChoice, "dataset">): DatasetSpec[] {
  if (dataset.source === "simulated") {
    return COUNTRY_NAMES.map((name) => ({ ...dataset, shape: SHAPES[name] }));
  }
  throw new FootfallError(
    "bad-input",
    "the transfer between countries needs simulated people: choose the simulated country as data",
  );
}

/** Opens both, of the size and seed of the data that were chosen. Throws "bad-input" for real data, "stopped". */
export async function* openBothCountries(
  choice: Pick<ExperimentChoice, "dataset">,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, BothCountries, void> {
  const datasets: Dataset[] = [];
  for (const spec of specsOf(choice)) datasets.push(yield* openDataset(spec, session, signal));
  const cells = joinCells(datasets);
  const tokeniser = yield* makeTokeniser("5|3", { cells, allCells: () => cells }, signal);
  const countries: Country[] = [];
  for (const [i, dataset] of datasets.entries()) {
    countries.push(yield* openCountry(COUNTRY_NAMES[i]!, dataset, tokeniser, session, signal));
  }
  return { countries, tokeniser };
}
