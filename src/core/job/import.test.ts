import { expect, test } from "vitest";
import { finish } from "../pace";
import { DEFAULT_RULES } from "../data/rules";
import type { DataStore } from "./data-store";
import { runImport, type ImportJob } from "./import";
import type { Session } from "./session";
import { createStore } from "./store.testing";

const rows = Array.from({ length: 400 }, (_, i) => {
  const time = new Date(Date.UTC(2024, 2, 1) + i * 1_800_000).toISOString();
  return `p${i % 4},${time},${35.6 + 0.02 * (i % 7)},139.7`;
});

const job: ImportJob = {
  kind: "import",
  id: "a",
  name: "walks.csv",
  seed: 123,
  files: [{ path: "walks.csv", blob: new Blob(["user,time,lat,lng\n", rows.join("\n")]) }],
  read: {},
  rules: { ...DEFAULT_RULES, resolution: 8 },
};

function openSession(store: DataStore): Session {
  const missing = () => Promise.reject(new Error("not here"));
  return { readAsset: missing, engine: missing, kept: new Map(), store };
}

test("an import is finished once it could be read back", async () => {
  const { store, said } = createStore();
  const result = await finish(runImport(job, openSession(store), new AbortController().signal));
  expect(result.counts).toMatchObject({ points: 400, users: 4 });
  expect(said).toEqual(["finished"]);
});

test.each(["make the tokeniser", "read the tables"])(
  "a stop when it comes to %s drops all, and nothing made of it is kept",
  async (phase) => {
    const { store, said } = createStore();
    const session = openSession(store);
    const stop = new AbortController();
    const work = async () => {
      for await (const report of runImport(job, session, stop.signal)) {
        if (report.phase === phase) stop.abort();
      }
    };
    await expect(work()).rejects.toThrow("stopped");
    expect(said).toEqual(["dropped"]);
    expect([...session.kept.keys()].filter((key) => key.startsWith("dataset"))).toEqual([]);
  },
);
