import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readNpy } from "../../core/data/columnar/npy";
import { RAW_WINDOWS } from "../../core/data/point-windows";
import type { ForecastResult } from "../../core/job/forecast";
import { makeWalkers } from "../../core/job/pretrain.testing";
import { closeSessions, openSession } from "../../core/job/session.testing";
import { writeWindows, type WrittenWindows } from "../../core/job/write-windows";
import { runJob, type Job } from "../../core/jobs";
import { finish } from "../../core/pace";
import { readResults } from "../../core/papers/results";
import { makeWindows } from "../../core/train/gpt/run.testing";
import { ROOT } from "../root";

const folder = mkdtempSync(join(tmpdir(), "footfall-pretrain-points-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Windows of people who go round a circle of their own. */
async function writeData(): Promise<void> {
  mkdirSync(join(folder, "data/points"), { recursive: true });
  const windows = makeWindows(40, "people");
  const facts = { points: 1600, moments: 1600, filled: 0, short: 0 };
  const options = {
    rules: RAW_WINDOWS,
    facts,
    split: { by: "user", seed: 123 },
    names: windows.users,
  } as const;
  const write = async (path: string, bytes: Uint8Array): Promise<void> =>
    writeFileSync(join(folder, "data", path), bytes);
  const points = await writeWindows(windows, options, write);
  writeFileSync(join(folder, "data/report.json"), JSON.stringify({ points }));
}

const SHAPE = ["--layers", "1", "--width", "16", "--heads", "2", "--length", "24"];
const SMALL = [...SHAPE, "--batch", "6", "--learning-rate", "0.01", "--threads", "1"];

function pretrain(...args: string[]) {
  const command = [join(ROOT, "src/cli/footfall.mjs"), "pretrain", "--model", "gpt", ...args];
  return spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
}

/** Runs windows of points through a model of the folder. */
function forward(model: string, windows: unknown, ...args: string[]) {
  writeFileSync(join(folder, "points.json"), JSON.stringify(windows));
  const command = [join(ROOT, "src/cli/footfall.mjs"), "forward", "--model", model, ...args];
  const files = ["--input", "points.json", "--out", "forward", "--json"];
  return spawnSync(process.execPath, [...command, ...files], { cwd: folder, encoding: "utf8" });
}

/** The points that it expects. */
const readNext = () =>
  readNpy(Uint8Array.from(readFileSync(join(folder, "forward/next.npy")))).values;

const read = (path: string): string => readFileSync(join(folder, path), "utf8");

describe("footfall pretrain --model gpt", () => {
  beforeAll(writeData);

  test("trains, writes the model with its box, and goes on as if it had never stopped", () => {
    const long = pretrain("--data", "data", "--out", "long", ...SMALL, "--steps", "12", "--json");
    expect(long.stderr).toContain("km as RAW counts");
    expect(long.status).toBe(0);
    const { baselines, validation } = JSON.parse(long.stdout) as Record<string, never>;
    expect(baselines).toMatchObject({ persistence: { mse: expect.any(Number) as number } });
    expect(validation).toMatchObject({ km: expect.any(Number) as number });
    const config = JSON.parse(read("long/config.json")) as Record<string, unknown>;
    expect(config).toMatchObject({
      model_type: "footfall-gpt",
      hidden_size: 16,
      box: [39.442078, 115.416827, 41.058964, 117.508217],
      interval_minutes: 15,
    });
    expect(existsSync(join(folder, "long/best/model.safetensors"))).toBe(true);
    const { scores } = readResults(read("long/results.json"), "results.json");
    const { points } = JSON.parse(read("data/report.json")) as { points: WrittenWindows };
    const { windows: test } = points.splits.test; // all of them, for each is long enough
    const origin = { setup: "GPT 1 × 16, 12 steps, data", run: "seed 123" };
    expect(scores.map(({ row }) => row)).toEqual(["pre-trained", "staying"]);
    expect(scores[0]).toMatchObject({ task: "next-points", metric: "km", test, origin });
    const again = pretrain("--data", "data", "--out", "long", ...SMALL, "--steps", "12");
    expect(again.stderr).toContain("holds a run already");
  });

  test("its model runs on points in degrees", () => {
    const window = [...Array(9).keys()].map((n) => [116 + n / 100, 40]);
    const run = (windows: unknown) => forward("long", windows);
    const ran = run([window, window.slice(0, 4)]);
    expect(JSON.parse(ran.stdout)).toMatchObject({ hidden: [2, 9, 16], next: [2, 9, 2] });
    const values = readNext();
    for (let n = 0; n < 8; n++) expect(values[18 + n]).toBeCloseTo(values[n]!, 4); // no padding is seen
    expect(values[0]).toBeGreaterThan(115);
    expect(run([window, [[116]]]).stderr).toContain("window 1, point 0: expected [longitude");
    expect(run([Array(30).fill(window[0])]).stderr).toContain("longer than the model's 24");
  });

  test("its folder opens in the page, which guesses what forward does, to the bit", async () => {
    const how = ["--data", "data", "--out", "paris", "--box", "48,2,49,3", "--steps", "2"];
    expect(pretrain(...how, ...SMALL).status).toBe(0);
    const files = ["config.json", "model.safetensors", "training.jsonl"].map((path) => {
      return { path, blob: new Blob([readFileSync(join(folder, "paris", path))]) };
    });
    const dataset = { source: "folder", name: "walkers", files: makeWalkers(20) } as const;
    const model = { source: "folder", name: "paris", files } as const;
    const job: Job = { kind: "forecast", dataset, model, steps: 4, seed: 123 };
    const work = runJob(job, openSession(), new AbortController().signal) as AsyncGenerator<
      unknown,
      ForecastResult
    >;
    const { known, guesses } = await finish(work);
    await closeSessions();
    expect(forward("paris", [known], "--backend", "wasm").status).toBe(0);
    expect(readNext().slice(-2)).toEqual(Float32Array.from(guesses.model.places[0]!));
  });

  test("takes a box, RAW's schedule, and no mask", () => {
    const box = "39,115,42,118";
    const how = ["--mask-off", "--schedule", "steps", "--decay-steps", "100"];
    const where = ["--data", "data", "--out", "open", "--box", box];
    const ran = pretrain(...where, ...SMALL, "--steps", "2", ...how);
    expect(ran.status).toBe(0);
    const config = JSON.parse(read("open/config.json")) as Record<string, unknown>;
    expect(config).toMatchObject({ box: [39, 115, 42, 118], is_causal: false });
    expect(ran.stderr).not.toContain("outside");
  });

  test("refuses what is not its own", () => {
    const ask = (...args: string[]) => pretrain("--data", "data", "--out", "no", ...args).stderr;
    expect(ask("--box", "here")).toContain("expected raw, data or SOUTH,WEST,NORTH,EAST");
    expect(ask("--mask-rate", "0.3")).toContain("has no maskRate; it is an option of BERT");
    expect(ask("--preset", "base")).toContain("expected tiny, small, medium, raw");
    expect(pretrain("--data", "gone", "--out", "no").stderr).toContain("footfall windows wrote");
  });
});
