import { FootfallError } from "../../core/errors";
import type { LookupJob } from "../../core/job/lookup";
import { TOKENISER_CHOICES, type TokeniserChoice } from "../../core/job/make-tokeniser";
import type { RarityJob } from "../../core/job/rarity";
import type { ResolutionsJob } from "../../core/job/resolutions";
import type { StagesJob } from "../../core/job/stages";
import type { TokenBenchJob } from "../../core/job/token-bench";
import type { TokenWindowsJob } from "../../core/job/token-windows";
import type { VocabularyJob } from "../../core/job/vocabulary";
import type { ExtraChoice } from "../../core/token/extras";
import type { ModelSpec } from "../../core/job/model";
import type { Asking } from "../asking";
import { stepKind } from "../step-kind";
import { toDataset, type DataSpec } from "./data";
import { filesKind, type FilesSpec } from "./files";
import { modelKind, toModel } from "./model";
import { rulesKind, type RulesSpec } from "./rules";

export interface TokensSpec {
  tokeniser: TokeniserChoice;
  /** Which trajectory of the test part. */
  trajectory: number;
  /** H3 resolution; undefined is the data's own. */
  resolution?: number;
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;

function toSpec(authored: Record<string, unknown>): TokensSpec {
  const { tokeniser = "5|3", trajectory = 0, resolution } = authored;
  const choice = TOKENISER_CHOICES.find((known) => known === tokeniser);
  const hasResolution =
    resolution === undefined || (isCount(resolution) && Number(resolution) < 16);
  if (choice === undefined || !isCount(trajectory) || !hasResolution) {
    throw new FootfallError(
      "bad-input",
      `tokens step: expected a tokeniser (${TOKENISER_CHOICES.join(", ")}), a trajectory from 0 and no or one resolution from 0 to 15, got ${JSON.stringify(authored)}`,
    );
  }
  const spec = { tokeniser: choice, trajectory: Number(trajectory) };
  return resolution === undefined ? spec : { ...spec, resolution: Number(resolution) };
}

export const tokensKind = stepKind<TokensSpec, StagesJob>({
  kind: "tokens",
  inputs: { data: "data" },
  cost: "cheap",
  toSpec,
  toJob: (spec, inputs, context) => ({
    kind: "stages",
    dataset: toDataset(inputs["data"], context),
    ...spec,
  }),
});

/** What every question of the tokens step is about. */
function about({ spec, inputs, context }: Asking) {
  const { tokeniser, resolution } = spec as TokensSpec;
  const dataset = toDataset(inputs["data"], context);
  return { dataset, tokeniser, ...(resolution !== undefined && { resolution }) };
}

/** The notebook's model, so that its own number can stand beside the others; none where there is no model. */
function modelOf({ specOf, context }: Asking): { model?: ModelSpec } {
  const spec = specOf(modelKind.kind);
  return spec === undefined ? {} : { model: toModel(spec, context) };
}

/** All tokenisers on the step's cells (TK-06). */
export function toTokenBench(asking: Asking): TokenBenchJob {
  const { tokeniser: _, ...rest } = about(asking);
  return { kind: "token-bench", ...rest, ...modelOf(asking), seed: asking.context.seed };
}

/** The step's tokeniser at all resolutions (TK-01, TK-10). */
export function toResolutions(asking: Asking): ResolutionsJob {
  const { dataset, tokeniser } = about(asking);
  const { seed } = asking.context;
  return { kind: "resolutions", dataset, tokeniser, ...modelOf(asking), seed };
}

/** The step's tokeniser over windows of time, on the files of the notebook's import where it has one (SD-02). */
export function toTokenWindows(asking: Asking): TokenWindowsJob {
  const { inputs, context, specOf } = asking;
  const { seed } = context;
  const job = { kind: "token-windows", ...about(asking), seed } as const;
  if ((inputs["data"] as DataSpec).source !== "import") return job;
  const { files, read } = specOf(filesKind.kind) as FilesSpec;
  const rules = specOf(rulesKind.kind) as RulesSpec;
  return { ...job, points: { files: context.filesOf(files), read, rules, seed } };
}

/** How often training saw the step's cells (TK-08). */
export function toRarity(asking: Asking): RarityJob {
  const { tokeniser: _, ...rest } = about(asking);
  return { kind: "rarity", ...rest, seed: asking.context.seed };
}

/** The same, and the model's error in each band of them. Throws "bad-input" without a model. */
export function toRarityErrors(asking: Asking): RarityJob {
  const { model } = modelOf(asking);
  if (model !== undefined) return { ...toRarity(asking), model };
  throw new FootfallError(
    "bad-input",
    "this notebook has no model to ask: pre-train one on these people, or open a folder with weights",
  );
}

/** The places of a piece, or the pieces of a place (TK-09). */
export function toLookup(query: string): (asking: Asking) => LookupJob {
  return (asking) => ({ kind: "lookup", ...about(asking), query });
}

/** The step's tokeniser as a file (TK-07). */
export function toVocabulary(
  specials: readonly string[],
  extras: ExtraChoice,
): (asking: Asking) => VocabularyJob {
  return (asking) => ({ kind: "vocabulary", ...about(asking), specials, extras });
}
