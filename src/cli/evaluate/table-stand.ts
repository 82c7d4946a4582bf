/** What all tables of one command share: data, model and truths, opened once in each process. */
import { basename, join, resolve } from "node:path";
import type { Engine } from "../../core/gpu/engine";
import type { DatasetSpec } from "../../core/job/dataset";
import type { ModelSpec } from "../../core/job/model";
import type { TruthSpecs } from "../../core/job/open-task-data";
import type { Session } from "../../core/job/session";
import { DEFAULT_SEED } from "../../core/random";
import type { CommandInput } from "../command";
import { openSourceFiles, type DiskFile } from "../input";
import { layerTools } from "../layer";
import { readAsset } from "../root";
import { openFolderRuns } from "../sweep/folder-runs";
import { numberOf, requiredText } from "../values";
import { openManifest } from "./table-manifest";
import { readData } from "./table-plan";
import { planTruths } from "./table-truths";

/** The options of the tables, read, with the files that they name. */
export interface TablePlan {
  readonly values: CommandInput["values"];
  readonly dataset: DatasetSpec;
  readonly model: ModelSpec & { readonly source: "folder" };
  readonly truths: TruthSpecs | undefined;
  /** What a manifest names and is not here, a sentence each. */
  readonly lacking: readonly string[];
  readonly seed: number;
  readonly out: string;
  readonly files: { readonly model: readonly DiskFile[]; readonly data: readonly DiskFile[] };
}

/** A plan with an engine: where tables can be filled. */
export interface TableStand extends TablePlan {
  readonly session: Session;
}

/** Reads the options. Throws "bad-input", "missing-file", "bad-file". */
export async function readTablePlan(values: CommandInput["values"]): Promise<TablePlan> {
  const seed =
    numberOf(values, "seed", { from: 0, to: 2 ** 32 - 1 }) ??
    openManifest(values)?.origin.seed ??
    DEFAULT_SEED;
  const out = requiredText(values, "out", "the folder of the results");
  const path = requiredText(values, "model", "a model folder");
  const files = await openSourceFiles([path]);
  const { spec: dataset, files: data } = await readData(values, seed);
  const { truths, problems: lacking } = await planTruths(values);
  const weights = files.filter((file) => file.path.endsWith(".safetensors"));
  const model = { source: "folder", name: basename(resolve(path)), files } as const;
  return { values, dataset, model, truths, lacking, seed, out, files: { model: weights, data } };
}

/** The plan on an open engine, which stays the caller's. */
export function openTableStand(plan: TablePlan, engine: Engine, signal: AbortSignal): TableStand {
  const { readSqlWasm } = layerTools(signal);
  const session: Session = {
    readAsset,
    engine: () => Promise.resolve(engine),
    kept: new Map(),
    runs: () => Promise.resolve(openFolderRuns(join(plan.out, "experiments"))),
    ...(readSqlWasm && { readSqlWasm }),
  };
  return { ...plan, session };
}
