import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { readFileSync } from "node:fs";
import { fileOf, importWalks, setIn, showMonths, stepOf, waitForState } from "./walks";

const train = (page: Page) =>
  stepOf(page, "pretrain")
    .getByRole("button", { name: /^Train( again)?$/ })
    .click();

/** A small GPT for a short run. */
async function chooseSmallRun(page: Page, steps: number): Promise<void> {
  const step = stepOf(page, "pretrain");
  await step.getByLabel("Family").selectOption("GPT (next point, RAW)");
  await step.getByText("All settings, with RAW’s").click();
  await setIn(page, "pretrain", "points of a window", "24");
  await setIn(page, "pretrain", "minutes from point to point", "60");
  await setIn(page, "pretrain", "Train for", String(steps));
}

const putToUse = (page: Page) =>
  stepOf(page, "pretrain").getByRole("button", { name: "Use this model in the notebook" }).click();

/** The bytes of the model that is shown, downloaded. */
async function download(page: Page): Promise<Uint8Array> {
  const [zip] = await Promise.all([
    page.waitForEvent("download"),
    stepOf(page, "pretrain")
      .getByRole("button", { name: /^Download the model/ })
      .click(),
  ]);
  return Uint8Array.from(readFileSync(await zip.path()));
}

/** Opens a zip as the model of the notebook's people. */
async function openModel(page: Page, name: string, zip: Uint8Array): Promise<void> {
  await stepOf(page, "pretrain").locator("[data-open-model]").setInputFiles(fileOf(name, zip));
}

/** A model trained in the page goes on from known points; it is downloaded and comes back the same. */
async function expectCircle(page: Page): Promise<void> {
  await putToUse(page);
  await waitForState(page, "forecast", "done");
  const forecast = stepOf(page, "forecast");
  await expect(forecast.locator(".finding").first()).toContainText(/km off in the mean after 10/);
  const map = forecast.locator('[data-figure="forecast"]');
  await expect(map).toContainText("same time yesterday"); // k is 1 since the live map
  await expect(map).toHaveAttribute("data-drawn", "true");
  const errors = forecast.locator('[data-table="forecast"] table').first();
  await expect(errors.getByRole("row")).toHaveCount(5);
  await expect(forecast.locator('[data-part="forecast-verdicts"]')).toContainText(
    "not comparable: its points are 60 minutes apart, so none is 2.5 hours ahead",
  );
  const own = await errors.innerText();

  const zip = await download(page);
  const files = unzipSync(zip);
  expect(Object.keys(files).toSorted()).toEqual([
    "README.md",
    "config.json",
    "model.safetensors",
    "training.jsonl",
  ]);
  await openModel(page, "come-back.zip", zip);
  await expect(forecast.locator('[data-fact="model"]')).toContainText("come-back.zip");
  await waitForState(page, "forecast", "done");
  expect(await errors.innerText()).toBe(own);

  const config = JSON.parse(strFromU8(files["config.json"]!)) as object;
  const elsewhere = strToU8(JSON.stringify({ ...config, box: [48, 2, 49, 3] }));
  await openModel(page, "paris.zip", zipSync({ ...files, "config.json": elsewhere }));
  await expect(forecast).toHaveAttribute("data-state", "failed");
  await expect(forecast.getByRole("alert")).toContainText("they were made for other places");
}

test("a GPT on points is trained beside its rivals, on the map, used, and trained without its mask", async ({
  page,
}) => {
  await importWalks(page);
  const step = stepOf(page, "pretrain");
  await chooseSmallRun(page, 8);
  await expect(step.locator('[data-setting="length"]')).toContainText(
    "RAW’s code: 960 scaled down",
  );
  await expect(step.locator('[data-part="box"]')).toContainText("RAW’s box of Beijing where");
  await train(page);
  await waitForState(page, "pretrain", "done", 180_000);
  await expect(step.locator('[data-figure="squared-error"]')).toBeVisible();
  await expect(step.locator('[data-figure="point-km"]')).toBeVisible();
  await showMonths(step.locator("[data-live-points]"));
  await expect(step.locator("[data-live-points] .map-figure")).toBeVisible();
  const finding = step.locator(".finding").first();
  await expect(finding).toContainText(/After 8 steps the next point is guessed .* km off; staying/);
  await expect(finding).toContainText("staying where one is");
  await expect(step.getByText(/\d% of the moments are filled in/)).toBeVisible();
  await expect(step.getByRole("columnheader", { name: "squared error" })).toBeVisible();
  await expectCircle(page);

  await step.getByText("Causal mask off").click();
  await expect(step.locator('[data-part="mask-switch"]')).toContainText("the loss collapses");
  await train(page);
  await waitForState(page, "pretrain", "running");
  await waitForState(page, "pretrain", "done", 180_000);
  await expect(step.getByText(/The mask is off: every point sees/)).toBeVisible();
  await expect(step.locator('[data-table="runs"]')).toContainText("causal mask true → false");
  await expect(step.locator('[data-table="runs"]')).toContainText("MSE");
  await putToUse(page);
  const forecast = stepOf(page, "forecast").locator(".finding").first();
  await expect(forecast).toContainText("Its mask was off", { timeout: 90_000 });
});

test("what the mask is for is shown on people who wander at random", async ({ page }) => {
  await importWalks(page);
  const step = stepOf(page, "pretrain");
  await step.getByLabel("Family").selectOption("GPT (next point, RAW)");
  await step.getByRole("button", { name: "Show it on people who wander at random" }).click();
  const check = step.locator('[data-part="mask-check"]');
  await expect(check.locator(".finding")).toContainText(/without it: \d+ times less/, {
    timeout: 180_000,
  });
  await expect(check.locator('[data-figure="mask-check"]')).toBeVisible();
  await expect(check.locator('[data-figure="mask-check-generation"]')).toBeVisible();
});
