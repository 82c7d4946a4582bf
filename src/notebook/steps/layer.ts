import { FootfallError } from "../../core/errors";
import type { LayerJob } from "../../core/job/truth";
import { toTableKey } from "../../core/truth/choice";
import type { LayerHints } from "../../core/truth/layer-types";
import { stepKind, type StepContext } from "../step-kind";

/** A layer that somebody brought: its files, and what a first look got wrong. */
export interface LayerSpec {
  /** Files of one layer, the main one first, or one address of the page's own server. */
  paths: string[];
  /** Name under which the page keeps the files; empty for an address. */
  files: string;
  hints: LayerHints;
}

const HINTS = ["layer", "encoding", "crs"] as const;

function toHints(value: unknown): LayerHints {
  const said = (value ?? {}) as Record<string, unknown>;
  const known = HINTS.filter((name) => typeof said[name] === "string" && said[name] !== "");
  const key = toTableKey(said);
  return { ...Object.fromEntries(known.map((name) => [name, said[name]])), ...(key && { key }) };
}

/** Paths of a step's files. Throws "bad-input" where they are no list of texts. */
export function toPaths(value: unknown, step: string): string[] {
  if (Array.isArray(value) && value.every((path) => typeof path === "string")) return value;
  throw new FootfallError(
    "bad-input",
    `${step} step: expected the paths of its files, got ${JSON.stringify(value)}`,
  );
}

function toSpec(authored: Record<string, unknown>): LayerSpec {
  const { paths = [], files = "", hints } = authored;
  return { paths: toPaths(paths, "layer"), files: String(files), hints: toHints(hints) };
}

/** The files of a brought layer; none for an address. Throws "missing-file". */
export const filesOf = (
  { paths, files }: Pick<LayerSpec, "paths" | "files">,
  context: Pick<StepContext, "filesOf">,
) => (files === "" ? [] : context.filesOf(files).filter(({ path }) => paths.includes(path)));

/** What a layer is, before anything is measured. */
export const layerKind = stepKind<LayerSpec, LayerJob>({
  kind: "layer",
  inputs: {},
  cost: "cheap",
  toSpec,
  toJob: (spec, _inputs, context) => ({
    kind: "layer",
    paths: spec.paths,
    files: filesOf(spec, context),
    hints: spec.hints,
  }),
});
