import { trajectoriesOf } from "../data/columnar/tables";
import type { Progress } from "../pace";
import type { MaskedData } from "../task/masked-evaluation";
import { countVisits, createBaselines } from "../task/baselines";
import { openHours } from "./open-calendar";
import { checkTest, placesOf, type Dataset } from "./open-dataset";
import { keep, type Session } from "./session";

/**
 * A data set as evaluations read it, with the guesses that need no model; kept between jobs: the search for
 * the nearest cell indexes all of them.
 */
export function openMaskedData(
  dataset: Dataset,
  session: Session,
): AsyncGenerator<Progress, MaskedData, void> {
  return keep(session, `baselines of ${dataset.key}`, async function* () {
    yield { phase: "count visits", done: 0, total: 1, unit: "data sets" };
    checkTest(dataset);
    const { cells, centres, parts, test } = dataset;
    const hours = await openHours(dataset);
    const sequences = { ...placesOf(dataset), hours };
    const visits = countVisits(sequences, trajectoriesOf(parts, "train"), cells.hi.length);
    const guessers = createBaselines({ table: cells, sequences, visits, centres });
    return { centres, sequences, visits, guessers, test };
  });
}
