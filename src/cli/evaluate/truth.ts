import { FootfallError } from "../../core/errors";
import type { CellTable } from "../../core/geo/cells";
import { readEmbeddings, type Embeddings } from "../../core/model/embeddings";
import { inspectLayer, makeTruth } from "../../core/truth/layer";
import type { TruthChoice } from "../../core/truth/layer-types";
import type { Geography } from "../../core/world/geography";
import { readCellFile } from "../cell-file";
import type { CommandInput } from "../command";
import { layerHints, layerTools, openLayer, readChoice } from "../layer";
import { showing } from "../run";
import { textOf } from "../values";
import type { CellValues, ProbePlan } from "./probes";

export const FIELDS = ["population", "builtUp", "trees", "water"] as const;

type As = ProbePlan["as"];

/** A field of the simulated country. Throws "bad-input" for real people. */
function fieldTruth(field: (typeof FIELDS)[number], geography: Geography | undefined): CellValues {
  if (geography) return { name: field, cells: geography.cells, values: geography[field] };
  throw new FootfallError(
    "bad-input",
    `--truth ${field} is a field of the simulated country, the tokens are of real people; expected a file`,
  );
}

/** A table keyed by cell brings its own cells, where they are of the tokens' resolution. */
async function findCells(path: string, choice: TruthChoice, cells: CellTable): Promise<CellTable> {
  if (choice.kind !== "table" || choice.key?.kind !== "cell") return cells;
  const own = await readCellFile(path, choice.key.column).catch(() => undefined);
  return own?.resolution === cells.resolution ? own : cells;
}

/** The numbers of a table as classes, where the user says so. */
const asClasses = (choice: TruthChoice, as: As | undefined): TruthChoice =>
  as === "classes" && choice.kind === "table" ? { ...choice, aggregation: "majority" } : choice;

async function layerTruth(
  path: string,
  { as, cells }: { as: As | undefined; cells: CellTable },
  { values, progress, signal }: CommandInput,
): Promise<CellValues & { as: As }> {
  const files = await openLayer([path]);
  const tools = layerTools(signal);
  const preview = await showing(inspectLayer(files, tools, layerHints(values)), progress);
  const choice = asClasses(await readChoice(values, preview), as);
  const where = await findCells(path, choice, cells);
  const truth = await showing(makeTruth(files, choice, where, tools), progress);
  const own = truth.scale === "class" ? "classes" : truth.scale === "decile" ? "deciles" : "values";
  const { classes, values: found } = truth;
  return {
    name: path,
    cells: where,
    values: found,
    ...(classes && { classes }),
    as: classes ? own : (as ?? own),
  };
}

/** The truth of --truth and how it is asked: a field of the country, or any layer measured on the cells. */
export async function readTruth(
  { truth, as }: { truth: string; as: As | undefined },
  { geography, cells }: { geography: Geography | undefined; cells: CellTable },
  input: CommandInput,
): Promise<CellValues & { as: As }> {
  const field = FIELDS.find((name) => name === truth);
  if (field === undefined) return layerTruth(truth, { as, cells }, input);
  return {
    ...fieldTruth(field, geography),
    as: as ?? (field === "population" ? "deciles" : "values"),
  };
}

/** Pre-computed embeddings of --embeddings, keyed by cell; --keys names the file of keys. */
export async function openEmbeddings({
  values,
  progress,
  signal,
}: CommandInput): Promise<Embeddings | undefined> {
  const path = textOf(values, "embeddings");
  if (path === undefined) return undefined;
  const keys = textOf(values, "keys");
  const paths = keys === undefined ? [path] : [path, keys];
  const files = (await openLayer(paths)).filter((file) => "blob" in file);
  const embeddings = await showing(readEmbeddings(files, signal), progress);
  if (embeddings.key === "cell") return embeddings;
  throw new FootfallError(
    "bad-input",
    `${path}: its keys are no cells ("${embeddings.keys[0]}"); a probe of cells needs embeddings of cells`,
  );
}
