import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import { importWalks, setIn, stepOf, waitForState } from "./walks";

const SHOTS = process.env["SWEEP_SHOTS"];

test("a sweep is estimated, runs by itself, goes on after the tab was killed, and is taken along", async ({
  page,
}) => {
  await importWalks(page);
  const step = stepOf(page, "sweep");
  await expect(step).toHaveAttribute("data-state", "idle");
  await step.getByLabel("Compare").selectOption("tokeniser");
  await step.getByLabel("counted in").selectOption("steps");
  await setIn(page, "sweep", "Each run", "60");
  await step.getByRole("button", { name: "How long would it take here?" }).click();
  await expect(step.locator("[data-sweep-plan]")).toContainText(
    /3 runs of 60 steps each take about/,
  );

  await step.getByRole("button", { name: "Run the sweep" }).click();
  const shown = step.locator("[data-sweep-runs]");
  await expect.poll(() => shown.getAttribute("data-sweep-runs")).toBe("1");
  await expect(step.locator('[data-table="sweep"]')).toContainText("now");
  const first = await step.locator('[data-table="sweep"] tbody tr').first().innerText();
  await page.reload(); // the tab is killed in the middle of the queue

  await waitForState(page, "data", "done");
  await expect(step.locator('[data-table="sweeps"]')).toContainText("1 of 3 runs");
  await step.locator('[data-table="sweeps"]').getByRole("button", { name: "Resume" }).click();
  await waitForState(page, "sweep", "done");
  await expect(shown).toHaveAttribute("data-sweep-runs", "3");
  await expect(step.locator(".finding").last()).toContainText("Lowest perplexity per check-in");
  expect(await step.locator('[data-table="sweep"] tbody tr').first().innerText()).toBe(first);
  await expect(step.locator('[data-figure="sweep"]')).toBeVisible();
  if (SHOTS !== undefined) await step.screenshot({ path: `${SHOTS}/sweep.png` });

  const [report] = await Promise.all([
    page.waitForEvent("download"),
    step.getByRole("button", { name: "Download the report (Markdown)" }).click(),
  ]);
  const text = readFileSync(await report.path(), "utf8");
  expect(text).toContain("# Tokenisers side by side");
  expect(text).toContain("3 of 3 runs");
  await step.getByRole("button", { name: /^Remove sweep/ }).click();
  await step.getByRole("button", { name: /^Remove \d/ }).click();
  await expect(step.locator('[data-table="sweeps"]')).toHaveCount(0);
});
