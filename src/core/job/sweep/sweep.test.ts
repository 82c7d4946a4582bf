import { afterAll, describe, expect, test } from "vitest";
import type { Job } from "../../jobs";
import type { DatasetSpec } from "../dataset";
import { makeWalkers } from "../pretrain.testing";
import type { Session } from "../session";
import { closeSessions, openSession, runLooking, WALKERS_MODEL } from "../session.testing";
import { ladderFinding, toLadder } from "./ladder";
import { sweepMarkdown } from "./markdown";
import { readSweepRecord, SWEEP_FILE } from "./record";
import type { SweepJob, SweepStatus } from "./sweep";
import { summariseSweep } from "./summary";

const DATA: DatasetSpec = { source: "folder", name: "walkers", files: makeWalkers(60) };

afterAll(closeSessions);

function jobOf(over: SweepJob["over"], rest: Partial<SweepJob> = {}): SweepJob {
  return {
    kind: "sweep",
    dataset: DATA,
    over,
    settings: { preset: "tiny", changes: WALKERS_MODEL },
    budget: { kind: "steps", steps: 12 },
    seeds: 1,
    seed: 123,
    sweep: "s",
    ...rest,
  };
}

const run = <J extends Job>(
  job: J,
  session: Session,
  look?: (status: SweepStatus, stop: () => void) => void,
) => runLooking<SweepStatus, J>(job, session, look);

/** What does not follow the clock. */
const bits = ({ runs }: Pick<SweepStatus, "runs">) =>
  runs.map(({ scores, ...run }) =>
    JSON.stringify({ ...run, scores: { ...scores, seconds: 0 }, seconds: 0 }),
  );

describe("a sweep", () => {
  test("runs all tokenisers on the same check-ins, fills in as it goes, and writes a report", async () => {
    const session = openSession();
    const filled = new Set<number>();
    const result = await run(jobOf("tokeniser"), session, ({ runs }) => filled.add(runs.length));
    expect([...filled]).toEqual([0, 1, 2]);
    expect(result.runs.map(({ setting }) => setting)).toEqual(["5|3", "wordpiece", "flat"]);
    const hidden = result.runs.map(({ curve }) => curve.at(-1)!.maskedCells);
    expect(new Set(hidden).size).toBe(1); // the same hidden check-ins
    const rivals = result.runs.map(({ baselines }) => baselines!.persistence.cellPerplexity);
    expect(rivals[1]).toBeCloseTo(rivals[0]!, 6);
    expect(rivals[2]).toBeCloseTo(rivals[0]!, 6);
    const flat = result.runs[2]!.curve.at(-1)!;
    expect(flat.cellPerplexity).toBeCloseTo(flat.perplexity, 6); // one token a check-in
    expect(result.runs[0]!.tokens).toBeGreaterThan(result.runs[2]!.tokens);
    expect(result.isFinished).toBe(true);
    expect(await session.memory.list("s")).toEqual([SWEEP_FILE]);
    const text = sweepMarkdown(result);
    expect(text).toContain("# Tokenisers side by side");
    expect(text).toContain("3 of 3 runs");
    expect(text).toMatch(/\| flat \| /);
    expect(text).toContain("No scores that need a layer of people per cell");
  });

  test("goes on in the middle of the run where it was stopped, bit for bit", async () => {
    const [whole, parted] = [openSession(), openSession()];
    const undisturbed = await run(jobOf("mask-ratio"), whole);
    const stopped = run(jobOf("mask-ratio"), parted, ({ runs, current }, stop) => {
      if (runs.length === 1 && (current?.step ?? 0) >= 5) stop();
    });
    await expect(stopped).rejects.toMatchObject({ code: "stopped" });
    const left = readSweepRecord((await parted.memory.read("s", SWEEP_FILE))!)!;
    expect(left.runs).toHaveLength(1);
    expect(await parted.memory.list("s")).toContain("run-1.checkpoint.json");
    const seen: number[] = [];
    const result = await run(jobOf("mask-ratio"), parted, ({ runs, current }) => {
      if (runs.length === 1 && current !== undefined) seen.push(current.step);
    });
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(5);
    expect(bits(result)).toEqual(bits(undisturbed));
    const opened = await run(jobOf("data"), parted); // finished: opened, whatever is asked
    expect(bits(opened)).toEqual(bits(result));
  });

  test("every share of hidden check-ins and every seed is validated with the same masks", async () => {
    const result = await run(jobOf("mask-ratio", { seeds: 2, sweep: "m" }), openSession());
    const rivals = result.runs.map(({ baselines }) => baselines!.frequency);
    expect(new Set(rivals.map(({ perplexity }) => perplexity)).size).toBe(1);
    expect(new Set(result.runs.map(({ curve }) => curve.at(-1)!.maskedCells)).size).toBe(1);
    const [ten, twenty] = result.runs.map(({ scores }) => scores!.ownPerplexity);
    expect(twenty).toBeCloseTo(result.runs[1]!.curve.at(-1)!.cellPerplexity, 6); // all hide 20 %
    expect(ten).not.toBeCloseTo(result.runs[0]!.curve.at(-1)!.cellPerplexity, 6);
    const untrained = result.runs.map(({ curve }) => curve[0]!.perplexity);
    expect(untrained[1]).toBe(untrained[0]); // the same weights on the same masks
    expect(untrained[3]).not.toBe(untrained[0]); // another seed, other weights
  });

  test("several seeds give an interval, and a share of the people is a part of a larger one", async () => {
    const session = openSession();
    const result = await run(jobOf("data", { seeds: 2, sweep: "d" }), session);
    const rows = summariseSweep(result);
    expect(rows.map(({ planned }) => planned.setting.name)).toEqual([
      "10 %",
      "25 %",
      "50 %",
      "100 %",
    ]);
    const learnt = rows.map(({ planned }) => planned.trajectories);
    expect(learnt).toEqual(learnt.toSorted((a, b) => a - b));
    expect(learnt[0]).toBeLessThan(learnt[3]! / 4);
    const { mean, interval } = rows[3]!.cellPerplexity!;
    expect(interval![0]).toBeLessThan(mean);
    expect(interval![1]).toBeGreaterThan(mean);
  });

  test("what breaks one run is told in its row, and the others run", async () => {
    const session = openSession();
    const settings = { preset: "tiny", changes: { ...WALKERS_MODEL, batch: 8 } } as const;
    const result = await run(jobOf("data", { settings, sweep: "b" }), session);
    const [few] = summariseSweep(result);
    expect(few!.problems.join()).toMatch(/do not fill one step of 8; choose a smaller batch/);
    expect(sweepMarkdown(result)).toContain("- 10 %:");
    expect(result.runs.length).toBe(3);
  });

  test("minutes are shared over the queue, and too few of them are refused with how many it takes", async () => {
    const session = openSession();
    const { sweep: _, ...choice } = jobOf("mask-ratio");
    const plan = await run(
      { ...choice, kind: "sweep-probe", budget: { kind: "minutes", minutes: 1 } },
      session,
    );
    expect(plan.settings).toHaveLength(3);
    expect(plan.steps).toBeGreaterThan(10);
    expect(plan.seconds).toBeLessThanOrEqual(60);
    expect(plan.seconds).toBeGreaterThan(30);
    expect(plan.settings.every(({ scoreSeconds }) => scoreSeconds !== undefined)).toBe(true);
    const hurried = jobOf("mask-ratio", { budget: { kind: "minutes", minutes: 1e-4 } });
    await expect(run(hurried, session)).rejects.toThrow(/fewer than 10 teach nothing; give .* min/);
  });

  test("scores can be left out, with the time that they take", async () => {
    const result = await run(jobOf("mask-ratio", { withScores: false }), openSession());
    expect(result.runs.every(({ scores }) => scores === undefined)).toBe(true);
    expect(result.settings.every(({ scoreSeconds }) => scoreSeconds === undefined)).toBe(true);
    expect(sweepMarkdown(result)).toContain("No scores on tasks were asked for.");
  });

  test("a full store is told and the queue goes on", async () => {
    const session = openSession();
    session.memory.isFull = true;
    const notices = new Set<string | undefined>();
    const result = await run(jobOf("mask-ratio"), session, ({ notice }) => notices.add(notice));
    expect([...notices].join()).toContain("no room");
    expect(result.runs).toHaveLength(3);
  });

  test("resolutions that the data have are compared, each with the baselines of its own", async () => {
    const result = await run(jobOf("resolution", { sweep: "r" }), openSession());
    const rows = summariseSweep(result);
    expect(rows.map(({ planned }) => planned.setting.name)).toEqual(["6", "7", "8"]);
    const [coarse, , fine] = rows;
    expect(coarse!.planned.cellKm2 / fine!.planned.cellKm2).toBeCloseTo(49, 0);
    expect(coarse!.frequency!.mean).toBeLessThan(fine!.frequency!.mean);
  });

  test("sizes see the same tokens; too few of them give no curve", async () => {
    const session = openSession();
    const values = "1x8, 1x16, 2x32";
    const result = await run(jobOf("size", { values, sweep: "z" }), session);
    const rows = summariseSweep(result);
    expect(rows.map(({ planned }) => planned.setting.name)).toEqual(["1 × 8", "1 × 16", "2 × 32"]);
    expect(new Set(result.runs.map(({ tokens }) => tokens)).size).toBe(1);
    expect(new Set(result.runs.map(({ baselines }) => baselines!.frequency.perplexity)).size).toBe(
      1,
    );
    const { rungs } = toLadder(rows);
    expect(rungs.map(({ parameters }) => parameters)).toEqual(
      rungs.map(({ parameters }) => parameters).toSorted((a, b) => a - b),
    );
    expect(rungs[2]!.operations).toBeGreaterThan(4 * rungs[0]!.operations);
    expect(rungs[0]!.loss).toBeCloseTo(Math.log(result.runs[0]!.curve.at(-1)!.perplexity), 9);
    expect(ladderFinding(toLadder(rows.slice(0, 2)))).toContain("it takes 3 sizes, and 2 have run");
    expect(sweepMarkdown(result)).toMatch(/\| operations \|/);
  });
});
