import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import {
  chooseSmallRun,
  importWalks,
  setIn,
  stepNow,
  stepOf,
  waitForState,
  workerOf,
} from "./walks";

interface Process {
  id: number;
  parent: number;
  command: string;
}

function listProcesses(): Process[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [, id, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ id: Number(id), parent: Number(parent), command }];
  });
}

/** The processes that draw and compute the pages of this test's own browser. */
function findRenderers(): number[] {
  const all = listProcesses();
  const mine = new Set([process.pid]);
  for (let size = 0; size !== mine.size;) {
    size = mine.size;
    for (const { id, parent } of all) if (mine.has(parent)) mine.add(id);
  }
  return all
    .filter(({ id, command }) => mine.has(id) && command.includes("--type=renderer"))
    .map(({ id }) => id);
}

/** Nobody works so long without a look at the clock (WORK_MS of core/train/sleep.ts). */
const SURELY_MS = 125_000;
/** Long beside any step, where the machine is not busy. */
const NAP_MS = 13_000;

const PATIENCE_MS = 180_000;

/** Seconds of "13 s" or "2 min 5 s". */
function secondsOf(text: string): number {
  const [, minutes = "0", seconds = "0"] = /(?:(\d+) min )?([\d.]+) s/.exec(text) ?? [];
  return 60 * Number(minutes) + Number(seconds);
}

/** Waits until a run has taken more steps than these, however busy the machine is. */
const stepsBeyond = (page: Page, step: number): Promise<void> =>
  expect.poll(() => stepNow(page), { timeout: PATIENCE_MS }).toBeGreaterThan(step);

async function sleep(ms: number): Promise<void> {
  const renderers = findRenderers();
  for (const id of renderers) process.kill(id, "SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, ms));
  for (const id of renderers) process.kill(id, "SIGCONT");
}

test("a computer that sleeps in the middle of training goes on when it wakes up, and says so", async ({
  page,
}) => {
  test.skip(process.platform === "win32", "processes are put to sleep by signals");
  await importWalks(page);
  const step = stepOf(page, "pretrain");
  await chooseSmallRun(page, 50_000);
  await step.getByRole("button", { name: "Train", exact: true }).click();
  await stepsBeyond(page, 200); // it has to know how long a step takes

  const told = step.getByText(/The tab or the computer slept .* in all/);
  const slept: number[] = [];
  for (const ms of [NAP_MS, SURELY_MS]) {
    await sleep(ms);
    slept.push(ms / 1000);
    const awake = await stepNow(page);
    await stepsBeyond(page, awake + 50); // it goes on, and has reported
    if (await told.isVisible()) break; // on a busy machine a nap may pass for work
  }
  const text = /slept .* in all/.exec(await told.innerText())![0];
  expect(secondsOf(text)).toBeGreaterThanOrEqual(Math.floor(slept.at(-1)!));
  await step.getByRole("button", { name: "Pause" }).click();
  await expect(step.getByText("Paused; what was learnt is kept.")).toBeVisible();
  const paused = await stepNow(page);
  await step.getByRole("button", { name: "One step" }).click();
  await expect.poll(() => stepNow(page)).toBe(paused + 1);
  await step.getByRole("button", { name: "Stop" }).click();
});

test("memory that runs out is told in one sentence, and half as many a pass go on from what is kept", async ({
  page,
}) => {
  await importWalks(page);
  const step = stepOf(page, "pretrain");
  await setIn(page, "pretrain", "Train for", "100");
  await step.getByRole("button", { name: "Train", exact: true }).click();
  await expect(step.locator('[data-fact="last kept"]')).toBeVisible();

  await workerOf(page).evaluate(() => {
    const real = Float32Array;
    globalThis.Float32Array = new Proxy(real, {
      construct() {
        globalThis.Float32Array = real; // refused once
        throw new RangeError("Array buffer allocation failed");
      },
    });
  });
  const problem = step.getByRole("alert").filter({ hasText: "Memory ran out" });
  await expect(problem).toContainText(
    /after step \d+, with 32 trajectories a pass \(Array buffer allocation failed\); step \d+ is kept; 16 in 2 passes a step learn the same/,
  );
  const broken = await stepNow(page);
  await step.getByRole("button", { name: "Resume with 16 trajectories a pass" }).click();
  await expect(step).toHaveAttribute("data-state", "running");
  await waitForState(page, "pretrain", "done", 180_000);
  expect(broken).toBeLessThan(100);
  expect(await stepNow(page)).toBe(100);
  await expect(step.locator('[data-table="runs"]')).toContainText("100 steps");
});
