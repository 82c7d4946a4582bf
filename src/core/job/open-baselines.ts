import { trajectoriesOf } from "../data/tables";
import type { Progress } from "../pace";
import type { MaskedData } from "../task/masked-evaluation";
import { countVisits, createBaselines, type BaselineName, type Guesser } from "../task/baselines";
import { placesOf, type Dataset } from "./open-dataset";
import { keep, type Session } from "./session";

/** The guesses that need no model, and the data set as evaluations read it. */
export interface Baselines {
  readonly guessers: Readonly<Record<BaselineName, Guesser>>;
  readonly data: MaskedData;
}

/** The baselines of a data set, kept between jobs: the search for the nearest cell indexes all of them. */
export function openBaselines(
  dataset: Dataset,
  session: Session,
): AsyncGenerator<Progress, Baselines, void> {
  return keep(session, `baselines of ${dataset.key}`, async function* () {
    yield { phase: "count visits", done: 0, total: 1, unit: "data sets" };
    const { cells, centres, parts, test } = dataset;
    const sequences = placesOf(dataset);
    const visits = countVisits(sequences, trajectoriesOf(parts, "train"), cells.hi.length);
    const guessers = createBaselines({ table: cells, sequences, visits, centres });
    return { guessers, data: { cells, centres, sequences, visits, test } };
  });
}
