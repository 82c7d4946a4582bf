import { FootfallError } from "../errors";
import type { Progress } from "../pace";
import { numberTruth } from "../truth/layer-numbers";
import type { LayerPreview, LayerTruth, TruthChoice } from "../truth/layer-types";
import { COUNTRY_FIELDS, type CountryField } from "./country-fields";
import { findLayer, layerKey, layerTools, type LayerSpec } from "./layers";
import type { Dataset } from "./open-dataset";
import { keep, type Session } from "./session";

/** What is asked for: a field of the simulated country, or any layer. */
export type TargetSpec = { kind: "country"; field: CountryField } | LayerSpec;

/** The truth of every cell of a data set. Throws "bad-input", "missing-file", "bad-file", "no-data", "stopped". */
export async function* openTruth(
  target: TargetSpec,
  dataset: Dataset,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, LayerTruth, void> {
  if (target.kind === "country") return countryTruth(target.field, dataset);
  const key = `truth ${layerKey(target)} of ${dataset.key}`;
  return yield* keep(session, key, () => layerTruth(target, dataset, session, signal));
}

function countryTruth(field: CountryField, { geography, name }: Dataset): LayerTruth {
  if (geography === undefined) {
    throw new FootfallError(
      "bad-input",
      `"${name}" is no simulated country, so it has no ${field}`,
    );
  }
  const { title, scale, unit } = COUNTRY_FIELDS[field];
  return numberTruth(geography[field], {
    title,
    unit,
    isShare: scale === "share",
    deciles: scale === "decile",
    columns: [],
    report: { facts: [], method: "the simulated country's own value", warnings: [] },
  });
}

async function* layerTruth(
  target: LayerSpec,
  dataset: Dataset,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, LayerTruth, void> {
  const { inspectLayer, makeTruth } = await import("../truth/layer"); // no reader is in the first load
  const files = await findLayer(target, dataset, session);
  const tools = layerTools(session, signal);
  const { hints } = target;
  const choice = target.choice ?? toChoice(yield* inspectLayer(files, tools, hints));
  return yield* makeTruth(files, { ...choice, ...hints }, dataset.cells, tools);
}

/** What a look at a layer suggests. Throws "bad-input" with the columns where one must be chosen. */
function toChoice({ choice, path, columns }: LayerPreview): TruthChoice {
  if (choice) return choice;
  const names = columns.map(({ name }) => name).slice(0, 30);
  throw new FootfallError(
    "bad-input",
    `${path} has several columns: choose one of ${names.join(", ")}`,
  );
}
