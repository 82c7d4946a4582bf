import { afterAll, expect, test } from "vitest";
import { asFile } from "../data/read/formats/reading.testing";
import { importPoints } from "../data/read/import-points";
import type { Points } from "../data/points";
import { finish } from "../pace";
import { scaledSettings } from "../task/table/settings";
import { findTask } from "../task/tasks/registry";
import type { TaskName } from "../task/tasks/types";
import { imitateFile } from "../world/imitations";
import type { DatasetSpec } from "./dataset";
import { makeFolder } from "./pretrain.testing";
import { closeSessions, openSession, runLooking, WALKERS_MODEL } from "./session.testing";

afterAll(closeSessions);

/** The imitated animals as points, read from their file. */
async function readAnimals(): Promise<Points> {
  const users: string[] = [];
  const rows: { user: number; timeMs: number; lat: number; lng: number }[] = [];
  const sink = {
    beginFile: () => undefined,
    add(point: { user: string; timeMs: number; lat: number; lng: number }) {
      if (users.at(-1) !== point.user) users.push(point.user);
      rows.push({ ...point, user: users.length - 1 });
    },
    reject: () => undefined,
    label: () => undefined,
  };
  await finish(importPoints([asFile("animals.csv", imitateFile("animals", 123))], {}, sink));
  return {
    users,
    user: Uint32Array.from(rows, ({ user }) => user),
    timeMs: Float64Array.from(rows, ({ timeMs }) => timeMs),
    lat: Float64Array.from(rows, ({ lat }) => lat),
    lng: Float64Array.from(rows, ({ lng }) => lng),
  };
}

test("a tiny BERT learns imitated animals, and the tables that need no layer fill", async () => {
  const session = openSession();
  const dataset: DatasetSpec = {
    source: "folder",
    name: "imitated animals",
    files: makeFolder(await readAnimals(), 6),
  };
  const settings = { preset: "tiny", changes: WALKERS_MODEL } as const;
  const pretrain = { dataset, settings, seed: 123, kind: "pretrain", run: "animals" } as const;
  const trained = await runLooking({ ...pretrain, budget: { kind: "steps", steps: 12 } }, session);
  const validation = trained.log.filter(({ split }) => split === "validation");
  expect(validation.at(-1)!.loss).toBeLessThan(validation[0]!.loss);
  const fill = async (name: TaskName) => {
    const scaled = scaledSettings(findTask(name, { truths: {} }));
    const { rows } = await runLooking(
      {
        kind: "adapt",
        dataset,
        model: { source: "trained", run: "animals" },
        task: name,
        settings: {
          ...scaled,
          samples: 60,
          seeds: 1,
          splits: ["random"],
          rows: name === "destination" ? ["last-place", "markov"] : ["fine-tuned", "constant"],
          training: { ...scaled.training, epochs: 1 },
        },
        seed: 123,
      },
      session,
    );
    return rows.map((row) => [row.name, Object.keys(row.splits[0]!.scores.last)]);
  };
  expect(await fill("location")).toEqual([
    ["fine-tuned", expect.arrayContaining(["latMae", "km"])],
    ["constant", expect.arrayContaining(["latMae", "km"])],
  ]);
  expect(await fill("trip-length")).toEqual([
    ["fine-tuned", expect.arrayContaining(["mae", "r2"])],
    ["constant", expect.arrayContaining(["mae"])],
  ]);
  expect(await fill("destination")).toEqual([
    ["last-place", expect.arrayContaining(["hits1", "mrr"])],
    ["markov", expect.arrayContaining(["hits1", "mrr"])],
  ]);
}, 240_000);
