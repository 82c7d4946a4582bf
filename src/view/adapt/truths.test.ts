import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { AdaptJob, AdaptTable } from "../../core/job/adapt";
import { hashLayer } from "../../core/job/adapt-truths";
import { finish } from "../../core/pace";
import { STEP_KINDS } from "../../notebook/kinds";
import { adaptKind, type AdaptSpec } from "../../notebook/steps/adapt";
import { openNotebook, type NotebookOptions } from "../../notebook/store";
import { NotebookContext } from "../notebook-context";
import { otherTruths, truthsText } from "./brought-truths";
import { restoreChosen } from "./chosen-truths";
import { taskFacts } from "./tasks";
import { TruthFields } from "./TruthFields";

const LAYER = { paths: ["trees.tif"], files: "brought" };

function openOwn() {
  // oxlint-disable-next-line require-yield -- nothing is reported
  async function* run(): AsyncGenerator<never, unknown, void> {
    return {};
  }
  const steps = [
    { id: "data", kind: "data", spec: { source: "stored", id: "a1", name: "mine" } },
    { id: "layer-1", kind: "layer", spec: LAYER },
    {
      id: "truth-1",
      kind: "truth",
      inputs: { data: "data", layer: "layer-1" },
      spec: { name: "trees.tif" },
    },
  ];
  const document = { footfall: 1, title: "t", lead: "", steps };
  const options = { document, seed: 7, folders: new Map(), startAll: false };
  return openNotebook({ ...options, run: run as unknown as NotebookOptions["run"] });
}

function textOf(
  task: Parameters<typeof taskFacts>[0],
  spec: AdaptSpec,
  isSimulated: boolean,
): string {
  const notebook = openOwn();
  const fields = createElement(TruthFields, {
    task: taskFacts(task),
    spec,
    isSimulated,
    onChange: () => undefined,
  });
  const element = createElement(NotebookContext, { value: { notebook, id: "adapt" } }, fields);
  const text = renderToStaticMarkup(element)
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
  notebook.dispose();
  return text;
}

test("a task says which layer it needs and how to add it; the simulated country has its own", () => {
  const own = textOf("greenery", { task: "greenery" }, false);
  expect(own).toContain("Exposure to greenery needs a land-cover layer for the share of trees");
  expect(own).toContain("trees.tif");
  expect(textOf("greenery", { task: "greenery" }, true)).not.toContain("needs");
  expect(textOf("layer", { task: "layer" }, true)).toContain("needs a layer of your own");
  expect(textOf("location", { task: "location" }, false).trim()).toBe("");
});

test("a chosen truth goes into the job with its files, and known runs go with it", () => {
  const layer = STEP_KINDS["layer"]!.toSpec(LAYER);
  const truth = { name: "trees.tif" };
  const spec = adaptKind.toSpec({
    task: "trees",
    truths: { trees: { id: "truth-1", layer, truth } },
  });
  const file = { path: "trees.tif", blob: new Blob(["x"]) };
  const context = {
    seed: 7,
    filesOf: (name: string) => (name === "brought" ? [file] : []),
    knownRuns: (task: string) =>
      [{ run: { key: `${task} 1` } }] as unknown as NonNullable<AdaptJob["known"]>,
  };
  const inputs = {
    data: { source: "simulated", size: "small" },
    model: { source: "shipped", path: "m" },
  };
  const job = adaptKind.toJob(spec, inputs, context);
  expect(job.truths).toEqual({
    trees: { kind: "layer", paths: ["trees.tif"], files: [file], hints: {} },
  });
  expect(job.known).toEqual([{ run: { key: "trees 1" } }]);
  expect(() => adaptKind.toSpec({ task: 3 })).toThrow(/adapt step: expected the name of a task/);
});

test("a table says which brought truths it is of, and when others are chosen", () => {
  const origin = { truths: { layer: { title: "value", files: ["tenth.csv"], hash: "1" } } };
  const table = { task: taskFacts("layer"), origin } as unknown as AdaptTable;
  const chosen = (path: string) => {
    const layer = { paths: [path], files: "brought", hints: {} };
    return { layer: { id: "truth-1", layer, truth: { name: path } } };
  };
  expect(truthsText(table)).toBe("“value” of tenth.csv");
  expect(otherTruths(table, chosen("a/tenth.csv"))).toBeUndefined();
  expect(otherTruths(table, chosen("other.csv"))).toMatch(
    /^This table is of “value” of tenth.csv,/,
  );
  const own = { task: taskFacts("trees"), origin: { truths: {} } } as unknown as AdaptTable;
  expect(otherTruths(own)).toBeUndefined();
  expect(truthsText(own)).toBeUndefined();
});

test("a manifest’s truth is found among the kept layers by its hash, with its own choice", async () => {
  const notebook = openOwn();
  const brought = { path: "trees.tif", blob: new Blob(["pixels"]) };
  const hash = await finish(hashLayer([brought]));
  const choice = { kind: "raster", statistic: "share", classes: [10] } as const;
  const trees = { title: "Trees", files: ["old-name.tif"], hash, choice };
  const lost = await restoreChosen({ trees }, notebook); // the files are not open yet
  expect(lost.truths).toEqual({});
  expect(lost.problems.join()).toMatch(/truth for trees, “Trees” of old-name.tif .* is missing/);
  notebook.addFiles("brought", [brought]);
  const found = await restoreChosen({ trees }, notebook);
  expect(found).toMatchObject({
    truths: { trees: { id: "truth-1", layer: { files: "brought" }, truth: { choice } } },
    problems: [],
  });
  expect(adaptKind.toSpec({ task: "trees", ...found }).truths).toEqual(found.truths);
  notebook.dispose();
});
