import { FootfallError } from "../../core/errors";
import type { DatasetJob, DatasetSpec } from "../../core/job/dataset";
import type { ImportJob } from "../../core/job/import";
import { COUNTRY_SIZES, type CountrySize } from "../../core/world/residents";
import { COUNTRY_SHAPES, type CountryShape } from "../../core/world/shapes";
import { stepKind, type StepContext } from "../step-kind";
import type { FilesSpec } from "./files";
import type { RulesSpec } from "./rules";

/** Where the people come from; a folder is named here and its files are kept by the page. */
export type DataSpec =
  /** `shape` is Japan's where nothing is said. */
  | { source: "simulated"; size: CountrySize; shape?: CountryShape }
  | { source: "folder"; folder: string }
  /** The files and rules of the steps above, imported as the data set `id`. */
  | { source: "import"; id: string; name: string }
  /** A data set that was imported before. */
  | { source: "stored"; id: string; name: string };

const isSize = (value: unknown): value is CountrySize => String(value) in COUNTRY_SIZES;

const isShape = (value: unknown): value is CountryShape =>
  COUNTRY_SHAPES.some((shape) => shape === value);

function toSpec(authored: Record<string, unknown>): DataSpec {
  const { source = "simulated", size = "small", shape = "japan", folder, id, name } = authored;
  if (source === "simulated" && isSize(size) && isShape(shape)) {
    return { source, size, ...(shape !== "japan" && { shape }) };
  }
  if (source === "folder" && typeof folder === "string") return { source, folder };
  if (source === "import" || source === "stored") {
    if (typeof id === "string" && typeof name === "string") return { source, id, name };
  }
  throw new FootfallError(
    "bad-input",
    `data step: expected source "simulated" with a size (${Object.keys(COUNTRY_SIZES).join(", ")}) ` +
      `and a shape (${COUNTRY_SHAPES.join(", ")}), "folder" with its name, or "import" or "stored" with id and name, got ${JSON.stringify(authored)}`,
  );
}

/** The data set of a job, from the spec of the data step. */
export function toDataset(spec: unknown, context: StepContext): DatasetSpec {
  const data = spec as DataSpec;
  switch (data.source) {
    case "simulated":
      return { ...data, seed: context.seed };
    case "folder":
      return { source: "folder", name: data.folder, files: context.filesOf(data.folder) };
    case "import":
    case "stored":
      return { source: "stored", id: data.id, name: data.name };
    default:
      throw data satisfies never;
  }
}

function toImport(
  { id, name }: DataSpec & { source: "import" },
  inputs: Record<string, unknown>,
  context: StepContext,
): ImportJob {
  const { files, read } = inputs["files"] as FilesSpec;
  const rules = inputs["rules"] as RulesSpec;
  return {
    kind: "import",
    id,
    name,
    files: context.filesOf(files),
    read,
    rules,
    seed: context.seed,
  };
}

export const dataKind = stepKind<DataSpec, DatasetJob | ImportJob>({
  kind: "data",
  inputs: {},
  cost: "dear",
  toSpec,
  toJob: (spec, inputs, context) =>
    spec.source === "import"
      ? toImport(spec, inputs, context)
      : { kind: "dataset", dataset: toDataset(spec, context) },
});
