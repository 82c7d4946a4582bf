import { expect, test } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { importWalks, setIn, stepOf, waitForState } from "./walks";

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

const SLEEP_MS = 13_000;

test("a computer that sleeps in the middle of training goes on when it wakes up, and says so", async ({
  page,
}) => {
  test.skip(process.platform === "win32", "processes are put to sleep by signals");
  await importWalks(page);
  const step = stepOf(page, "pretrain");
  await setIn(page, "pretrain", "Train for", "5000");
  await step.getByRole("button", { name: "Train", exact: true }).click();
  const training = step.locator("[data-training-step]");
  const stepNow = async () => Number(await training.getAttribute("data-training-step"));
  await expect.poll(stepNow).toBeGreaterThan(100); // it has to know first how long a step takes

  const renderers = findRenderers();
  for (const id of renderers) process.kill(id, "SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, SLEEP_MS));
  for (const id of renderers) process.kill(id, "SIGCONT");

  await expect(step.getByText(/The tab or the computer slept .*, 1\d s in all/)).toBeVisible();
  const awake = await stepNow();
  await expect.poll(stepNow).toBeGreaterThan(awake);
  await step.getByRole("button", { name: "Pause" }).click();
  await expect(step.getByText("Paused; what was learnt is kept.")).toBeVisible();
  const paused = await stepNow();
  await step.getByRole("button", { name: "One step" }).click();
  await expect.poll(stepNow).toBe(paused + 1);
  await step.getByRole("button", { name: "Stop" }).click();
});

test("memory that runs out is told in one sentence, and half as many a pass go on from what is kept", async ({
  page,
}) => {
  await importWalks(page);
  const step = stepOf(page, "pretrain");
  await setIn(page, "pretrain", "Train for", "250");
  await step.getByRole("button", { name: "Train", exact: true }).click();
  const training = step.locator("[data-training-step]");
  const stepNow = async () => Number(await training.getAttribute("data-training-step"));
  await expect(step.locator('[data-fact="last kept"]')).toBeVisible();

  const worker = page.workers().find((one) => one.url().includes("worker"))!;
  await worker.evaluate(() => {
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
  const broken = await stepNow();
  await step.getByRole("button", { name: "Resume with 16 trajectories a pass" }).click();
  await expect(step).toHaveAttribute("data-state", "running");
  await waitForState(page, "pretrain", "done", 180_000);
  expect(broken).toBeLessThan(250);
  expect(await stepNow()).toBe(250);
  await expect(step.locator('[data-table="runs"]')).toContainText("250 steps");
});
