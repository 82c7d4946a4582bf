import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { unzipSync } from "fflate";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  chooseSmallRun,
  importWalks,
  showMonths,
  setIn,
  stepNow,
  stepOf,
  waitForState,
  workerOf,
} from "./walks";

const train = (page: Page) =>
  stepOf(page, "pretrain").getByRole("button", { name: "Train", exact: true }).click();

/** The bytes of a kept run's weights, as text. */
function readWeights(page: Page, run: string): Promise<string> {
  return page.evaluate(async (id) => {
    let folder = await navigator.storage.getDirectory();
    for (const name of ["footfall-runs", id, "model"]) {
      folder = await folder.getDirectoryHandle(name);
    }
    const file = await (await folder.getFileHandle("model.safetensors")).getFile();
    const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return String(new Uint8Array(hash));
  }, run);
}

/** What the page sees of a run. */
interface Watched {
  /** How often it was told of another step. */
  reports: number;
  /** Frames that it has drawn from the first of these reports to the last. */
  frames: number;
}

/** Watches a run from now on; asked later, tells what the page has seen of it so far. */
async function watchRun(page: Page): Promise<() => Promise<Watched>> {
  const handle = await page.evaluateHandle(() => {
    const watched: Watched = { reports: 0, frames: 0 };
    let [drawn, first] = [0, 0];
    const onFrame = (): void => {
      drawn++;
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
    new MutationObserver(() => {
      if (watched.reports++ === 0) first = drawn;
      watched.frames = drawn - first;
    }).observe(document.body, { subtree: true, attributeFilter: ["data-training-step"] });
    return watched;
  });
  return () => handle.jsonValue();
}

/** Programs of the engine that somebody has loaded: who computes needs one. */
const enginesIn = (thread: Pick<Page, "evaluate">): Promise<string[]> =>
  thread.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map(({ name }) => name.replace(/^.*\//, ""))
      .filter((name) => name.endsWith(".wasm")),
  );

const runShown = async (page: Page): Promise<string> =>
  (await stepOf(page, "pretrain").locator("[data-run]").getAttribute("data-run")) ?? "";

test("a model is trained on data of one's own and watched; a killed tab goes on to the same bits, and the model is used", async ({
  page,
}) => {
  await importWalks(page);
  const step = stepOf(page, "pretrain");
  await expect(step).toHaveAttribute("data-state", "idle");
  const tokens = stepOf(page, "tokens");
  await tokens.getByText("Special tokens and tokenizer.json").click();
  await tokens.getByLabel("a token for each of the most active people").check();
  await setIn(page, "tokens", "People with a token of their own", "5");
  await tokens.getByLabel("a token of the hour of the week before each check-in").check();
  await expect(tokens.locator('[data-table="special-tokens"]')).toContainText(
    "[USER:1] to [USER:5]",
  );
  await expect(tokens.locator('[data-part="token-cost"]')).toContainText(/in a row instead of/);
  await expect(tokens.locator('[data-part="user-token-privacy"]')).toContainText("5 people");
  await chooseSmallRun(page, 300);
  await expect(step.locator('[data-setting="batch"]')).toContainText("scaled down");
  await setIn(page, "pretrain", "people with a token of their own", "5");
  await step.getByLabel("before each check-in", { exact: true }).selectOption("week");
  await step.getByRole("button", { name: "How long would it take here?" }).click();
  await expect(step.locator("[data-probe]")).toContainText(/300 steps take about/);
  await step.getByText("At the papers’ scale").click();
  await expect(step.locator('[data-part="paper-scale"]')).toContainText("53 billion points");

  await train(page);
  await expect.poll(() => stepNow(page)).toBeGreaterThan(10);
  await expect(step.locator('[data-figure="perplexity"]')).toBeVisible();
  await expect(step.locator("[data-live-guess]")).toBeVisible();
  await step.getByRole("button", { name: "Pause" }).click();
  await expect(step.getByText("Paused; what was learnt is kept.")).toBeVisible();
  await expect(step.locator('[data-fact="last kept"]')).toBeVisible();
  const paused = await stepNow(page);
  await step.getByRole("button", { name: "Go on" }).click();
  await expect.poll(() => stepNow(page)).toBeGreaterThan(paused);
  await page.reload(); // the tab is killed in the middle of the run

  await waitForState(page, "data", "done");
  const lookAtRun = await watchRun(page);
  await step.getByRole("button", { name: /^Resume at step/ }).click();
  await waitForState(page, "pretrain", "done");
  const { reports, frames } = await lookAtRun();
  test.info().annotations.push({
    type: "frames",
    description: `${frames} frames while ${reports} reports of training came`,
  });
  expect(reports).toBeGreaterThan(2);
  expect(frames).toBeGreaterThan(0); // the page has gone on drawing all the while
  expect(await enginesIn(page)).toEqual([]); // and has computed nothing itself:
  expect(await enginesIn(workerOf(page))).not.toEqual([]); // the worker has
  expect(await stepNow(page)).toBe(300);
  const finding = step.locator(".finding").first();
  await expect(finding).toContainText(/After 300 steps the model is as unsure/);
  const [last, untrained] = ((await finding.textContent()) ?? "")
    .replaceAll(",", "")
    .match(/among ([\d.]+)/g)!
    .map((found) => Number(found.slice(6)));
  expect(last).toBeLessThan(untrained! / 100);
  const resumed = await runShown(page);

  await setIn(page, "pretrain", "Train for", "299");
  await setIn(page, "pretrain", "Train for", "300");
  await step.getByRole("button", { name: "Train again" }).click();
  await waitForState(page, "pretrain", "running");
  await waitForState(page, "pretrain", "done");
  const whole = await runShown(page);
  expect(whole).not.toBe(resumed);
  expect(await readWeights(page, whole)).toBe(await readWeights(page, resumed));
  await expect(step.locator('[data-table="runs"]')).toContainText("the same settings");
  await expect(step.locator('[data-figure="runs"]')).toBeVisible();

  const [zip] = await Promise.all([
    page.waitForEvent("download"),
    step.getByRole("button", { name: /^Download the model/ }).click(),
  ]);
  const model = join(mkdtempSync(join(tmpdir(), "footfall-model-")), zip.suggestedFilename());
  await zip.saveAs(model);
  const written = unzipSync(readFileSync(model));
  const vocabulary = new TextDecoder().decode(written["tokenizer.json"]);
  expect(vocabulary).toContain("[USER:5]");
  expect(vocabulary).toContain("[TIME:Sun23]");
  expect(Object.keys(written).toSorted()).toEqual([
    "README.md",
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "training.jsonl",
  ]);
  await step.getByRole("button", { name: "Use this model in the notebook" }).click();
  await waitForState(page, "masked", "done");
  await expect(stepOf(page, "masked").locator(".finding")).toContainText("first guess");
  await expect(stepOf(page, "model").locator('[data-table="perplexity"]')).toBeVisible();
  await showMonths(stepOf(page, "masked"));
  const own = await stepOf(page, "masked").locator('[data-table="guesses"]').innerText();

  await step.locator("[data-open-model]").setInputFiles([model]); // the same weights, come back
  await expect(stepOf(page, "model").locator('[data-fact="name"]')).toContainText("footfall-model");
  await waitForState(page, "masked", "done");
  expect(await stepOf(page, "masked").locator('[data-table="guesses"]').innerText()).toBe(own);
});

test("Stop keeps what was learnt; a second tab waits its turn; a full storage is told", async ({
  context,
  page,
  baseURL,
}) => {
  await importWalks(page);
  await chooseSmallRun(page, 5000);
  await train(page);
  await expect.poll(() => stepNow(page)).toBeGreaterThan(4);

  const second = await context.newPage();
  await second.goto(page.url());
  await waitForState(second, "data", "done");
  await train(second);
  const step = stepOf(second, "pretrain");
  await expect(step).toHaveAttribute("data-state", "failed");
  await expect(step.getByRole("alert").first()).toContainText(
    /another tab of this browser trains/i,
  );
  await second.close();

  const cdp = await context.newCDPSession(page);
  await cdp.send("Storage.overrideQuotaForOrigin", { origin: baseURL ?? "", quotaSize: 50_000 });
  const first = stepOf(page, "pretrain");
  await expect(first.getByRole("alert")).toContainText(/has no room for/i);
  await expect(first.getByRole("alert")).toContainText("training goes on");
  const before = await stepNow(page);
  await expect.poll(() => stepNow(page)).toBeGreaterThan(before);
  await cdp.send("Storage.overrideQuotaForOrigin", { origin: baseURL ?? "" });
  await expect(first.getByText("training goes on")).toHaveCount(0);

  await first.getByRole("button", { name: "Stop" }).click();
  await waitForState(page, "pretrain", "idle");
  await expect(first.getByRole("button", { name: /^Resume at step/ })).toBeVisible();
});
