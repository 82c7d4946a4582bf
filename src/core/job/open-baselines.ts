import { trajectoriesOf } from "../data/tables";
import type { Progress } from "../pace";
import { countVisits, createBaselines, type BaselineName, type Guesser } from "../task/baselines";
import { placesOf, type Dataset } from "./open-dataset";
import { keep, type Session } from "./session";

/** The guesses that need no model, with the visits of the training part that they know. */
export interface Baselines {
  readonly guessers: Readonly<Record<BaselineName, Guesser>>;
  readonly visits: Uint32Array; // [N]
}

/** The baselines of a data set, kept between jobs: the search for the nearest cell indexes all of them. */
export function openBaselines(
  dataset: Dataset,
  session: Session,
): AsyncGenerator<Progress, Baselines, void> {
  return keep(session, `baselines of ${dataset.key}`, async function* () {
    yield { phase: "count visits", done: 0, total: 1, unit: "data sets" };
    const { cells: table, centres, parts } = dataset;
    const sequences = placesOf(dataset);
    const visits = countVisits(sequences, trajectoriesOf(parts, "train"), table.hi.length);
    return { guessers: createBaselines({ table, sequences, visits, centres }), visits };
  });
}
