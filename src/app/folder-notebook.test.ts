import { expect, test } from "vitest";
import { checkDocument } from "../notebook/document";
import { STEP_KINDS } from "../notebook/kinds";
import { createFolderNotebook } from "./folder-notebook";
import type { OpenedFolder } from "./open-folder";

const TOKENS = ["check-ins.parquet", "trajectories.parquet", "report.json", "tokenizer.json"];
const WEIGHTS = ["config.json", "model.safetensors", "tokenizer.json"];

function folderOf(...paths: string[]): OpenedFolder {
  return { name: "beijing", files: paths.map((path) => ({ path, blob: new Blob([]) })) };
}

function stepsOf(...paths: string[]): string[] {
  const document = createFolderNotebook(folderOf(...paths));
  const { steps } = checkDocument(document, Object.keys(STEP_KINDS));
  for (const step of steps) STEP_KINDS[step.kind]?.toSpec(step.spec ?? {});
  return steps.map((step) => step.id);
}

test("tokens and weights in sub-folders, with a raster as truth", () => {
  const paths = [
    ...TOKENS.map((name) => `tokens/${name}`),
    ...WEIGHTS.map((name) => `model/${name}`),
  ];
  const steps = ["data", "tokens", "model", "masked", "score"];
  const questions = ["adapt", "destination", "gaps", "surprise", "similar", "linking"];
  expect(stepsOf(...paths)).toEqual([...steps, ...questions, "experiment"]);
  expect(stepsOf(...paths, "built-up-2008.tif")).toEqual([
    ...steps,
    "truth-1",
    ...questions,
    "experiment",
  ]);
});

test("polygons and tables of the folder are offered as truths, the project's own tables are not", () => {
  const layers = ["districts.shp", "districts.dbf", "noise.csv"];
  const { steps } = createFolderNotebook(
    folderOf(...TOKENS, ...WEIGHTS, "rejected.csv", "checkpoint.json", ...layers),
  );
  const targets = steps.flatMap(({ kind, spec }) =>
    kind === "inference" ? [spec?.["target"]] : [],
  );
  expect(targets).toEqual([{ paths: layers.slice(0, 2) }, { paths: ["noise.csv"] }]);
});

test("tokens alone can be looked at, and a model be trained on them", () => {
  expect(stepsOf(...TOKENS)).toEqual(["data", "tokens", "pretrain", "sweep", "experiment"]);
});

test("a GPT on points needs no tokens, and goes on from known ones; half of one is refused", () => {
  const points = { ...folderOf(...TOKENS, "config.json", "model.safetensors"), isOfPoints: true };
  const { steps } = createFolderNotebook(points);
  expect(steps.map(({ id }) => id).slice(0, 4)).toEqual(["data", "tokens", "forecast", "pretrain"]);
  expect(steps[2]!.spec).toEqual({ model: { source: "folder", folder: "beijing" } });
  const alone = createFolderNotebook({
    ...folderOf("config.json", "model.safetensors"),
    isOfPoints: true,
  });
  expect(alone.steps[0]!.spec).toEqual({ source: "simulated", size: "small" });
  const half = { ...folderOf("config.json"), isOfPoints: true };
  expect(() => createFolderNotebook(half)).toThrow(/a part of a model: model.safetensors missing/);
});

test("weights alone are shown on the simulated country", () => {
  const document = createFolderNotebook(folderOf(...WEIGHTS));
  expect(document.steps[0]?.spec).toEqual({ source: "simulated", size: "small" });
  expect(stepsOf(...WEIGHTS)).toContain("built-up");
});

test("a folder without either, and half of one, are refused by name", () => {
  expect(() => createFolderNotebook(folderOf("holiday.jpg"))).toThrow(
    /neither tokens .* nor weights/,
  );
  expect(() => createFolderNotebook(folderOf("config.json", "tokenizer.json"))).toThrow(
    /a part of a model: model.safetensors missing/,
  );
});
