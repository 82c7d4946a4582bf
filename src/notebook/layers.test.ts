import { describe, expect, test, vi } from "vitest";
import { FootfallError } from "../core/errors";
import type { Job } from "../core/jobs";
import type { NamedFile } from "../core/job/session";
import type { RunJob } from "../worker/channel";
import { addLayers, addTask, taskSources, turnIntoEmbeddings } from "./add-layers";
import { STEP_KINDS } from "./kinds";
import { openNotebook, type Notebook } from "./store";

const file = (path: string): NamedFile => ({ path, blob: new Blob([path]) });

const DOCUMENT = {
  footfall: 1,
  title: "People",
  lead: "",
  steps: [
    { id: "data", kind: "data", spec: { source: "folder", folder: "own" } },
    { id: "tokens", kind: "tokens", inputs: { data: "data" } },
  ],
};

/** A notebook whose jobs end at once: looks with what `look` says, everything else with its kind. */
function open(look: unknown = { choice: { kind: "raster" }, extent: [0, 0, 1, 1] }): {
  notebook: Notebook;
  jobs: Job[];
} {
  const jobs: Job[] = [];
  const run = async function* (job: Job) {
    jobs.push(job);
    await Promise.resolve();
    yield { phase: "work", done: 0, total: 1, unit: "parts" };
    if (look instanceof FootfallError && job.kind === "layer") throw look;
    return job.kind === "layer" ? look : job.kind;
  };
  const notebook = openNotebook({
    document: DOCUMENT,
    seed: 123,
    run: run as unknown as RunJob,
    folders: new Map([["own", []]]),
    startAll: false,
  });
  return { notebook, jobs };
}

const states = ({ store }: Notebook) =>
  Object.fromEntries(Object.entries(store.getState().state).map(([id, { kind }]) => [id, kind]));

async function openDone(look?: unknown): Promise<ReturnType<typeof open>> {
  const opened = open(look);
  opened.notebook.start("data");
  await vi.waitFor(() => expect(states(opened.notebook)["data"]).toBe("done"));
  return opened;
}

describe("layers of one's own", () => {
  test("are looked at, and measured where nothing must be chosen", async () => {
    const { notebook, jobs } = await openDone();
    expect(addLayers(notebook, [file("people.tif")])).toBe("layer-1");
    await vi.waitFor(() => expect(states(notebook)["truth-1"]).toBe("done"));
    const truth = jobs.find((job) => job.kind === "truth");
    expect(truth).toMatchObject({
      dataset: { source: "folder", name: "own" },
      target: { kind: "layer", paths: ["people.tif"], hints: {} },
    });
    expect(truth).toHaveProperty("target.files.0.path", "people.tif");
  });

  test("wait for a column, for people, and for a place on Earth", async () => {
    const withoutColumn = await openDone({ choice: undefined, extent: [0, 0, 1, 1] });
    const withoutPlace = await openDone({ choice: { kind: "raster" }, extent: undefined });
    const withoutPeople = open();
    for (const { notebook } of [withoutColumn, withoutPlace, withoutPeople]) {
      addLayers(notebook, [file("people.tif")]);
      await vi.waitFor(() => expect(states(notebook)["layer-1"]).toBe("done"));
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(states(notebook)["truth-1"]).toBe("idle");
    }
    expect(withoutPeople.jobs.map(({ kind }) => kind)).toEqual(["layer"]);
  });

  test("that cannot be read fail in the look, and nothing is measured", async () => {
    const { notebook, jobs } = await openDone(new FootfallError("bad-file", "x.tif is damaged"));
    addLayers(notebook, [file("x.tif")]);
    await vi.waitFor(() => expect(states(notebook)["layer-1"]).toBe("failed"));
    expect(jobs.some(({ kind }) => kind === "truth")).toBe(false);
  });

  test("come one step each, a Shapefile with its parts, a matrix with its keys", async () => {
    const { notebook } = await openDone();
    const shape = ["a.shp", "a.dbf", "a.prj"].map(file);
    addLayers(notebook, [...shape, file("b.geojson")]);
    addLayers(notebook, [file("vectors.npy"), file("keys.txt")]);
    const { order, authored } = notebook.store.getState();
    expect(order.slice(2)).toEqual(["layer-1", "truth-1", "layer-2", "truth-2", "embeddings-1"]);
    expect(authored["layer-1"]?.spec?.["paths"]).toEqual(["a.shp", "a.dbf", "a.prj"]);
    expect(authored["embeddings-1"]?.spec?.["paths"]).toEqual(["vectors.npy", "keys.txt"]);
  });

  test("become tasks on the model, on brought embeddings, or on coordinates alone", async () => {
    const { notebook, jobs } = await openDone();
    addLayers(notebook, [file("people.tif")]);
    addLayers(notebook, [file("vectors.npy"), file("keys.txt")]);
    const { order, authored } = notebook.store.getState();
    const sources = taskSources(order, authored);
    expect(sources.map(({ kind, words }) => `${kind}: ${words}`)).toEqual([
      "embeddings: vectors.npy",
      "coordinates: coordinates alone",
    ]);
    const model = { id: "model", kind: "model" };
    expect(taskSources(["model"], { model })[0]).toMatchObject({ kind: "model", id: "model" });
    for (const source of sources) addTask(notebook, "truth-1", source);
    await vi.waitFor(() => expect(states(notebook)["task-2"]).toBe("done"));
    const tasks = jobs.filter((job) => job.kind === "inference");
    expect(tasks.map((job) => job.model.source).toSorted()).toEqual(["coordinates", "embeddings"]);
    for (const task of tasks) expect(task.target).toMatchObject({ paths: ["people.tif"] });
  });

  test("turn into embeddings, which leaves nothing to put back", async () => {
    const { notebook } = await openDone();
    const layer = addLayers(notebook, [file("vectors.csv")]);
    expect(turnIntoEmbeddings(notebook, layer)).toBe("embeddings-1");
    const { order, removed } = notebook.store.getState();
    expect(order).toEqual(["data", "tokens", "embeddings-1"]);
    expect(removed).toBeUndefined();
  });
});

describe("a removal", () => {
  test("takes what stands on the step with it, and is undone", async () => {
    const { notebook } = await openDone();
    addLayers(notebook, [file("people.tif")]);
    await vi.waitFor(() => expect(states(notebook)["truth-1"]).toBe("done"));
    addTask(notebook, "truth-1", { kind: "coordinates", id: undefined, words: "" });
    await vi.waitFor(() => expect(states(notebook)["task-1"]).toBe("done"));
    notebook.removeStep("layer-1");
    expect(Object.keys(states(notebook)).toSorted()).toEqual(["data", "tokens"]);
    expect(notebook.store.getState().order).toEqual(["data", "tokens"]);
    notebook.putBack();
    await vi.waitFor(() => expect(states(notebook)["task-1"]).toBe("done"));
    expect(notebook.toDocument().steps).toHaveLength(5);
  });

  test("of a step that runs stops it, and says no more of it", async () => {
    const { notebook } = await openDone();
    addLayers(notebook, [file("people.tif")]);
    notebook.removeStep("layer-1");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(states(notebook)["layer-1"]).toBeUndefined();
    expect(notebook.store.getState().outcome["truth-1"]).toBeUndefined();
  });
});

test("steps with ids that are taken, or inputs that are not there, are not added", () => {
  const { notebook } = open();
  expect(() => notebook.addSteps([{ id: "data", kind: "data" }])).toThrow(/each step id once/);
  const lost = { id: "truth-1", kind: "truth", inputs: { layer: "layer-9" } };
  expect(() => notebook.addSteps([lost])).toThrow(/earlier steps/);
  expect(notebook.store.getState().order).toEqual(["data", "tokens"]);
});

test("what is asked of a layer is checked when it is written", () => {
  const { truth, layer, inference } = STEP_KINDS;
  const choice = { kind: "raster", statistic: "median" };
  expect(() => truth!.toSpec({ choice })).toThrow(/statistic: expected mean, sum, share/);
  expect(() => layer!.toSpec({ paths: 7 })).toThrow(/paths of its files/);
  expect(layer!.toSpec({ paths: ["a.tif"], hints: { crs: "EPSG:3857", band: 2 } })).toMatchObject({
    hints: { crs: "EPSG:3857" },
  });
  const key = { kind: "place", lat: "y", lng: "x" };
  expect(layer!.toSpec({ paths: ["a.csv"], hints: { key } })).toMatchObject({ hints: { key } });
  expect(() => layer!.toSpec({ paths: ["a.csv"], hints: { key: "y,x" } })).toThrow(/key: expected/);
  expect(inference!.toSpec({ target: { step: "people.tif" } })).toMatchObject({
    target: { kind: "step", name: "people.tif" },
  });
});
