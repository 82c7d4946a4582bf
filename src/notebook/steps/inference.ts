import { FootfallError } from "../../core/errors";
import type { CountryField } from "../../core/job/country-fields";
import type { InferenceJob, TargetSpec } from "../../core/job/inference";
import type { NamedFile } from "../../core/job/session";
import { toTruthChoice } from "../../core/truth/choice";
import type { TruthChoice } from "../../core/truth/layer-types";
import { stepKind, type StepContext } from "../step-kind";
import { toDataset } from "./data";
import { toEmbeddings } from "./embeddings";
import { toModel } from "./model";
import { toTarget } from "./truth";

/** What is inferred, as a document keeps it: files are named and their bytes stay with the page. */
export type InferenceTarget =
  | { kind: "country"; field: CountryField }
  | {
      kind: "layer";
      /** Files of one layer, or one address of the page's own server. */
      paths: string[];
      /** The opened folder that the files lie in; default the data's own. */
      folder?: string;
      /** Default: what a look at the layer suggests. */
      choice?: TruthChoice;
    }
  /** The truth of the steps in the roles "layer" and "truth". */
  | { kind: "step"; name: string };

export interface InferenceSpec {
  target: InferenceTarget;
  /** A part of the study area (fast) or the whole of it. */
  extent: "part" | "whole";
  /** Cells with a known truth that the probe is fitted on. */
  trainCells: number;
  /** Embeddings that another program made, in the place of the model: a file, and one of keys where it has none. */
  embeddings?: { paths: string[]; folder: string };
}

const FIELDS = ["population", "builtUp", "trees", "water"] as const;

const isPaths = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((path) => typeof path === "string");

function toAuthoredTarget(value: unknown): InferenceTarget | undefined {
  const { field, paths, folder, choice, step } = (value ?? {}) as Record<string, unknown>;
  if (typeof step === "string") return { kind: "step", name: step };
  const known = FIELDS.find((name) => name === field);
  if (known !== undefined) return { kind: "country", field: known };
  if (!isPaths(paths)) return undefined;
  const from = typeof folder === "string" ? { folder } : {};
  const asked = choice === undefined ? {} : { choice: toTruthChoice(choice) };
  return { kind: "layer", paths, ...from, ...asked };
}

function toOwnEmbeddings(value: unknown): InferenceSpec["embeddings"] {
  const { paths, folder } = (value ?? {}) as Record<string, unknown>;
  return isPaths(paths) && typeof folder === "string" ? { paths, folder } : undefined;
}

/** The named files of an opened folder. */
const filesOf = (
  { paths, folder }: { paths: string[]; folder: string },
  context: StepContext,
): NamedFile[] => context.filesOf(folder).filter(({ path }) => paths.includes(path));

function toJobTarget(
  target: InferenceTarget,
  inputs: Record<string, unknown>,
  context: StepContext,
): TargetSpec {
  if (target.kind === "step") return toTarget(inputs["layer"], inputs["truth"], context);
  if (target.kind === "country" || target.folder === undefined) return target;
  const { folder, ...named } = target;
  return { ...named, files: filesOf({ paths: target.paths, folder }, context) };
}

function toJobModel(
  { embeddings }: InferenceSpec,
  inputs: Record<string, unknown>,
  context: StepContext,
): InferenceJob["model"] {
  if (inputs["embeddings"] !== undefined) return toEmbeddings(inputs["embeddings"], context);
  if (embeddings === undefined && inputs["model"] === undefined) return { source: "coordinates" };
  if (embeddings === undefined) return toModel(inputs["model"], context);
  const name = embeddings.paths[0]!;
  return { source: "embeddings", name, files: filesOf(embeddings, context) };
}

function toSpec(authored: Record<string, unknown>): InferenceSpec {
  const { target, extent = "part", trainCells = 2000 } = authored;
  const resolved = toAuthoredTarget(target);
  const embeddings = toOwnEmbeddings(authored["embeddings"]);
  const knownExtent = extent === "part" || extent === "whole";
  if (
    resolved === undefined ||
    !knownExtent ||
    !Number.isInteger(trainCells) ||
    Number(trainCells) < 50
  ) {
    throw new FootfallError(
      "bad-input",
      `inference step: expected a target ({"field": ${FIELDS.join("|")}} or {"paths": files of a layer, "choice": what is asked of it or nothing} or {"step": its name}), ` +
        `an extent (part, whole) and at least 50 training cells, got ${JSON.stringify(authored)}`,
    );
  }
  return {
    target: resolved,
    extent,
    trainCells: Number(trainCells),
    ...(embeddings && { embeddings }),
  };
}

export const inferenceKind = stepKind<InferenceSpec, InferenceJob>({
  kind: "inference",
  inputs: {
    data: "data",
    model: "model",
    embeddings: "embeddings",
    layer: "layer",
    truth: "truth",
  },
  cost: "dear",
  toSpec,
  toJob: (spec, inputs, context) => ({
    kind: "inference",
    dataset: toDataset(inputs["data"], context),
    model: toJobModel(spec, inputs, context),
    target: toJobTarget(spec.target, inputs, context),
    extent: spec.extent,
    trainCells: spec.trainCells,
    seed: context.seed,
  }),
});
