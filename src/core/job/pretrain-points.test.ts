import { afterAll, expect, test } from "vitest";
import { runJob, type Job, type Report } from "../jobs";
import { finish } from "../pace";
import { isGptFolder, openGptFolder } from "../model/gpt/folder";
import type { DatasetSpec } from "./dataset";
import { makeWalkers } from "./pretrain.testing";
import { MODEL_FOLDER } from "./run-store";
import type { Session } from "./session";
import { closeSessions, openSession } from "./session.testing";
import type { PointStatus } from "./training-status";

const DATA: DatasetSpec = { source: "folder", name: "walkers", files: makeWalkers(40) };
const CHANGES = { layers: 1, width: 16, heads: 2, length: 48, batch: 4, learningRate: 1e-2 };

afterAll(closeSessions);

function jobOf(run: string, changes: object = {}): Job & { kind: "pretrain" } {
  const settings = { family: "gpt", preset: "tiny", changes: { ...CHANGES, ...changes } } as const;
  const budget = { kind: "steps", steps: 12 } as const;
  return { kind: "pretrain", dataset: DATA, settings, seed: 123, budget, run };
}

/** Runs a job to its end, or until `stop` says so. */
async function run(
  job: Job & { kind: "pretrain" },
  session: Session,
  stop: (status: PointStatus) => boolean = () => false,
): Promise<PointStatus> {
  const controller = new AbortController();
  const work = runJob(job, session, controller.signal);
  for (;;) {
    const next = await work.next();
    if (next.done) return next.value as PointStatus;
    const { partial } = next.value as Report & { partial?: PointStatus };
    if (partial !== undefined && stop(partial)) controller.abort();
  }
}

test("a GPT on points is trained beside its rivals, goes on by itself, and is kept with its box", async () => {
  const session = openSession();
  const status = await run(jobOf("one"), session);
  expect(status).toMatchObject({ step: 12, config: { family: "gpt", length: 48 } });
  expect(status.baselines?.persistence.km).toBeGreaterThan(0);
  expect(status.filledShare).toBeCloseTo(0.74, 1); // an hour between check-ins, a point every 15 minutes
  expect(status.log.at(-1)).toMatchObject({
    split: "validation",
    km: expect.any(Number) as number,
  });
  const { known, truth, guessed, km } = status.guess!;
  expect([truth.length, guessed.length, km.length]).toEqual([10, 10, 10]);
  expect(known[0]![0]).toBeCloseTo(2.3, 1); // Paris, in degrees
  const read = (path: string) => session.memory.read("one", `${MODEL_FOLDER}/${path}`);
  expect(await isGptFolder({ name: "one", read })).toBe(true);
  const { config } = await openGptFolder({ name: "one", read });
  expect(config.box[0]).toBeGreaterThan(48); // its own: it is not Beijing
  const { filledShare } = status;
  const again = { step: 12, config: status.config, filledShare };
  expect(await run(jobOf("one"), session)).toMatchObject(again); // as it was kept
});

test("a run that was stopped ends as one that was not", async () => {
  const session = openSession();
  const whole = await run(jobOf("whole"), session);
  const stopped = run(jobOf("half"), session, ({ step }) => step >= 4);
  await expect(stopped).rejects.toMatchObject({ code: "stopped" });
  const resumed = await run(jobOf("half", { width: 32 }), session); // goes on as it began
  const losses = ({ log }: PointStatus): number[] =>
    log.filter(({ split }) => split === "validation").map(({ loss }) => loss);
  expect(losses(resumed)).toEqual(losses(whole));
});

test("points outside a box are told, and windows that do not come about", async () => {
  const session = openSession();
  const { warning } = await run(jobOf("box", { box: [48.82, 2.3, 48.9, 2.4] }), session);
  expect(warning).toMatch(/[\d,]+ of [\d,]+ training points lie outside the box/);
  const hours = { intervalMin: 600 };
  await expect(run(jobOf("hours", hours), session)).rejects.toThrow("one every 600 minutes");
  await expect(run(jobOf("heads", { heads: 5 }), session)).rejects.toThrow("shared by 5 heads");
});

test("the probe counts windows, times a step and says what RAW's would take", async () => {
  const { dataset, settings, seed } = jobOf("probe");
  const probe: Job = { kind: "pretrain-probe", dataset, settings, seed };
  const result = await finish(runJob(probe, openSession(), new AbortController().signal));
  const numbers = expect.any(Number) as number;
  expect(result).toMatchObject({ unit: "points", stepsPerEpoch: numbers, filledShare: numbers });
  const [asked, ...others] = result.models;
  expect(asked!.secondsPerStep).toBeGreaterThan(0);
  expect(others.map(({ preset }) => preset)).toEqual(["small", "medium", "raw"]);
  expect(others.at(-1)!.obstacle).toContain("fits"); // 91.7 million parameters in WebAssembly
  expect(result.paperSeconds).toBeGreaterThan(86_400);
});
