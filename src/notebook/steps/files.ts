import { FootfallError } from "../../core/errors";
import type { InspectJob } from "../../core/job/inspect";
import type { ReadOptions } from "../../core/data/read/source";
import { stepKind } from "../step-kind";

/** Which files are read, and how. */
export interface FilesSpec {
  /** Name under which the page keeps them. */
  files: string;
  /** What the reader corrected; everything else is guessed. */
  read: ReadOptions;
}

function toSpec(authored: Record<string, unknown>): FilesSpec {
  const { files = "", read = {} } = authored;
  if (typeof files !== "string" || typeof read !== "object" || read === null) {
    throw new FootfallError(
      "bad-input",
      `files step: expected the name of some files and how to read them, got ${JSON.stringify(authored)}`,
    );
  }
  return { files, read };
}

export const filesKind = stepKind<FilesSpec, InspectJob>({
  kind: "files",
  inputs: {},
  cost: "cheap",
  toSpec,
  toJob: ({ files, read }, _inputs, context) => ({
    kind: "inspect",
    files: context.filesOf(files),
    read,
  }),
});
