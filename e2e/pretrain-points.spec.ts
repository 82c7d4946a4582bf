import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { importWalks, setIn, stepOf, waitForState } from "./walks";

const train = (page: Page) =>
  stepOf(page, "pretrain")
    .getByRole("button", { name: /^Train( again)?$/ })
    .click();

/** A small GPT for a short run. */
async function chooseSmallRun(page: Page, steps: number): Promise<void> {
  const step = stepOf(page, "pretrain");
  await step.getByLabel("Family").selectOption("GPT (next point, RAW)");
  await step.getByText("All settings, with RAW’s").click();
  await setIn(page, "pretrain", "points of a window", "64");
  await setIn(page, "pretrain", "Train for", String(steps));
}

test("a GPT on points is trained beside its rivals, on the map, and without its mask", async ({
  page,
}) => {
  await importWalks(page);
  const step = stepOf(page, "pretrain");
  await chooseSmallRun(page, 30);
  await expect(step.locator('[data-setting="length"]')).toContainText(
    "RAW’s code: 960 scaled down",
  );
  await expect(step.locator('[data-part="box"]')).toContainText("RAW’s box of Beijing where");
  await train(page);
  await waitForState(page, "pretrain", "done", 180_000);
  await expect(step.locator('[data-figure="squared-error"]')).toBeVisible();
  await expect(step.locator('[data-figure="point-km"]')).toBeVisible();
  await expect(step.locator("[data-live-points] .map-figure")).toBeVisible();
  const finding = step.locator(".finding").first();
  await expect(finding).toContainText(
    /After 30 steps the next point is guessed .* km off; staying/,
  );
  await expect(finding).toContainText("staying where one is");
  await expect(step.getByText(/\d% of the moments are filled in/)).toBeVisible();
  await expect(step.getByRole("columnheader", { name: "squared error" })).toBeVisible();
  await expect(step.getByText("Use this model in the notebook")).toHaveCount(0);

  await step.getByText("Causal mask off").click();
  await expect(step.locator('[data-part="mask-switch"]')).toContainText("the loss collapses");
  await train(page);
  await waitForState(page, "pretrain", "running");
  await waitForState(page, "pretrain", "done", 180_000);
  await expect(step.getByText(/The mask is off: every point sees/)).toBeVisible();
  await expect(step.locator('[data-table="runs"]')).toContainText("causal mask true → false");
  await expect(step.locator('[data-table="runs"]')).toContainText("MSE");
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
});
