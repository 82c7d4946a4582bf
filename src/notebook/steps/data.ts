import { FootfallError } from "../../core/errors";
import type { DatasetJob, DatasetSpec } from "../../core/job/dataset";
import { COUNTRY_SIZES, type CountrySize } from "../../core/world/residents";
import { stepKind, type StepContext } from "../step-kind";

/** Where the people come from; a folder is named here and its files are kept by the page. */
export type DataSpec =
  { source: "simulated"; size: CountrySize } | { source: "folder"; folder: string };

const isSize = (value: unknown): value is CountrySize => String(value) in COUNTRY_SIZES;

function toSpec(authored: Record<string, unknown>): DataSpec {
  const { source = "simulated", size = "small", folder } = authored;
  if (source === "simulated" && isSize(size)) return { source, size };
  if (source === "folder" && typeof folder === "string") return { source, folder };
  throw new FootfallError(
    "bad-input",
    `data step: expected source "simulated" with a size (${Object.keys(COUNTRY_SIZES).join(", ")}) or ` +
      `"folder" with its name, got ${JSON.stringify(authored)}`,
  );
}

/** The data set of a job, from the spec of the data step. */
export function toDataset(spec: unknown, context: StepContext): DatasetSpec {
  const data = spec as DataSpec;
  return data.source === "simulated"
    ? { source: "simulated", size: data.size, seed: context.seed }
    : { source: "folder", name: data.folder, files: context.filesOf(data.folder) };
}

export const dataKind = stepKind<DataSpec, DatasetJob>({
  kind: "data",
  inputs: {},
  cost: "dear",
  toSpec,
  toJob: (spec, _inputs, context) => ({ kind: "dataset", dataset: toDataset(spec, context) }),
});
