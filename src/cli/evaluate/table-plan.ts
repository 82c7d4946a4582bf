/** What the options of `footfall evaluate --all` ask for. */
import { basename, resolve } from "node:path";
import { FootfallError } from "../../core/errors";
import type { DatasetSpec } from "../../core/job/dataset";
import type { ExperimentName } from "../../core/task/experiments/names";
import { ROW_NAMES } from "../../core/task/table/rows";
import { paperSettings, scaledSettings, type TableSettings } from "../../core/task/table/settings";
import { SPLIT_NAMES } from "../../core/task/tasks/examples";
import { TASK_NAMES, TASKS } from "../../core/task/tasks/registry";
import type { TaskFacts, TaskName } from "../../core/task/tasks/types";
import type { CommandInput } from "../command";
import { simulatedOf } from "../country";
import { openSourceFiles, type DiskFile } from "../input";
import { choiceOf, listOf, numberOf, requiredText, textOf } from "../values";
import { ASKING_EXPERIMENTS } from "./experiments";
import { openManifest } from "./table-manifest";

type Values = CommandInput["values"];

const PRESETS = { paper: paperSettings, scaled: scaledSettings } as const;

/** The task of --manifest, those of --task, or all. */
export function readTasks(values: Values): readonly TaskName[] {
  const manifest = openManifest(values);
  if (manifest) return [manifest.task];
  return values["all"] === true
    ? TASKS.flatMap(({ name, variantOf }) => (variantOf ? [] : [name]))
    : listOf(values, "task", TASK_NAMES)!;
}

/** What tasks are about, as the options say it. */
const INPUT_WORDS = { cells: "region", months: "trajectory" } as const;

/**
 * A number for all tasks, "12", or for those about cells and those about months apart, "cells=12,months=4"; undefined
 * where the option says nothing about this input. Throws "bad-input".
 */
function numberFor(
  values: Values,
  name: string,
  { input, ...bounds }: { input: TaskFacts["input"]; from: number; to: number; whole?: boolean },
): number | undefined {
  const text = textOf(values, name);
  if (text?.includes("=") !== true) return numberOf(values, name, bounds);
  let found: number | undefined;
  for (const part of text.split(",")) {
    const [word = "", value = ""] = part.split("=").map((side) => side.trim());
    if (word !== "cells" && word !== "months") {
      throw new FootfallError(
        "bad-input",
        `--${name} ${text}: expected a number, or cells=N,months=N`,
      );
    }
    const number = numberOf({ [name]: value }, name, bounds);
    if (INPUT_WORDS[word] === input) found = number;
  }
  return found;
}

/** Those of --experiments; with --all, all that ask a model as it is. Throws "bad-input". */
export function readExperiments(values: Values): readonly ExperimentName[] {
  if (textOf(values, "experiments") === "none") return [];
  const standard = values["all"] === true ? ASKING_EXPERIMENTS : [];
  return listOf(values, "experiments", ASKING_EXPERIMENTS) ?? standard;
}

/** The settings of --manifest, or a preset with what the options change of it. */
export function readSettings(values: Values, name: TaskName): TableSettings {
  const manifest = openManifest(values);
  if (manifest) return manifest.settings;
  const task = TASKS.find((one) => one.name === name) ?? { input: "region", source: "none" };
  const { input } = task;
  const preset = choiceOf(values, "table-preset", ["paper", "scaled"]) ?? "scaled";
  const base = PRESETS[preset](task);
  const { epochs, learningRate, batch } = base.training;
  const rows = listOf(values, "rows", ROW_NAMES);
  const rate = { input, from: 0, to: 1, whole: false };
  return {
    ...base,
    samples: numberFor(values, "samples", { input, from: 50, to: 1e6 }) ?? base.samples,
    seeds: numberOf(values, "seeds", { from: 1, to: 100 }) ?? base.seeds,
    shown: numberOf(values, "shown", { from: 0.1, to: 0.9, whole: false }) ?? base.shown,
    splits: listOf(values, "splits", SPLIT_NAMES) ?? base.splits,
    ...(rows && { rows }),
    training: {
      ...base.training,
      epochs: numberFor(values, "epochs", { input, from: 1, to: 1000 }) ?? epochs,
      learningRate: numberFor(values, "learning-rate", rate) ?? learningRate,
      batch: numberFor(values, "batch", { input, from: 1, to: 65_536 }) ?? batch,
    },
  };
}

/** The simulated country of --country, or the folder of --tokens. */
export async function readData(
  values: Values,
  seed: number,
): Promise<{ spec: DatasetSpec; files: DiskFile[] }> {
  const country = simulatedOf(values, seed);
  if (country) return { spec: country, files: [] };
  const path = requiredText(
    values,
    "tokens",
    "a folder that footfall tokenise wrote, or --country",
  );
  const files = await openSourceFiles([path]);
  return { spec: { source: "folder", name: basename(resolve(path)), files }, files };
}
