import type { EmbeddingsJob } from "../../core/job/embeddings";
import type { EmbeddingSpec } from "../../core/job/probe-source";
import { stepKind, type StepContext } from "../step-kind";
import { toDataset } from "./data";
import { filesOf, toPaths } from "./layer";

/** Embeddings that another program made: a file, and one of keys where it has none. */
export interface EmbeddingsSpec {
  paths: string[];
  /** Name under which the page keeps the files. */
  files: string;
}

/** The embeddings of a job, from the spec of the embeddings step. */
export function toEmbeddings(spec: unknown, context: StepContext): EmbeddingSpec {
  const own = spec as EmbeddingsSpec;
  return { source: "embeddings", name: own.paths[0] ?? "", files: filesOf(own, context) };
}

export const embeddingsKind = stepKind<EmbeddingsSpec, EmbeddingsJob>({
  kind: "embeddings",
  inputs: { data: "data" },
  cost: "dear",
  toSpec: ({ paths = [], files = "" }) => ({
    paths: toPaths(paths, "embeddings"),
    files: String(files),
  }),
  toJob: (spec, inputs, context) => ({
    kind: "embeddings",
    dataset: toDataset(inputs["data"], context),
    embeddings: toEmbeddings(spec, context),
  }),
});
