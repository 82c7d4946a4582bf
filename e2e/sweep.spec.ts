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
  await expect(step.getByLabel("Each run")).toHaveValue("300"); // typed before, it would stand behind the 300
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
  const findings = step.locator(".finding");
  await expect(findings.filter({ hasText: "Lowest perplexity per check-in" })).toBeVisible();
  expect(await step.locator('[data-table="sweep"] tbody tr').first().innerText()).toBe(first);
  const scores = step.locator('[data-part="sweep-scores"]');
  await expect(scores.locator("[data-table] tbody tr")).toHaveCount(3); // the location of each tokeniser
  await expect(scores.locator(".finding")).toContainText("Mean gain of a linear probe");
  await scores.getByLabel("Tested places drawn").selectOption("block");
  await expect(scores.locator('[data-figure="sweep-scores"]')).toBeVisible();
  await expect(step).toContainText("No scores that need a layer of people per cell");
  await expect(step.locator('[data-figure="sweep"]')).toBeVisible();
  await step.getByText("What makes transfer work").click();
  const transfer = step.locator('[data-part="transfer"]');
  const said = transfer.locator('[data-part="transfer-said"]');
  await expect(said).toContainText(/perplexity .* per check-in \(tokenisers/);
  await transfer.getByLabel("Asked about").fill("3");
  await expect(said).toContainText("random split: a linear probe gains");
  await transfer.getByLabel("Held out").fill("2");
  await expect(said).not.toContainText("random split");
  await transfer.getByLabel("Asked about").fill("2");
  await expect(said).toContainText("Nothing was measured here");
  if (SHOTS !== undefined) await step.screenshot({ path: `${SHOTS}/sweep.png` });

  const [report] = await Promise.all([
    page.waitForEvent("download"),
    step.getByRole("button", { name: "Download the report (Markdown)" }).click(),
  ]);
  const text = readFileSync(await report.path(), "utf8");
  expect(text).toContain("# Tokenisers side by side");
  expect(text).toContain("3 of 3 runs");
  expect(text).toContain("## What frozen states know of places");
  await step.getByRole("button", { name: /^Remove sweep/ }).click();
  await step.getByRole("button", { name: /^Remove \d/ }).click();
  await expect(step.locator('[data-table="sweeps"]')).toHaveCount(0);
});

test("sizes of one's own choice run, with a wrong one told, and loss is drawn against size", async ({
  page,
}) => {
  await importWalks(page);
  const step = stepOf(page, "sweep");
  await step.getByLabel("Compare").selectOption("size");
  const values = step.getByLabel("Values");
  await values.fill("1x16, 2y64");
  await values.press("Enter");
  await expect(step.getByRole("alert")).toContainText("2y64 is no value of a sweep over size");
  await values.fill("1x8, 1x16, 1x32, 2x64");
  await values.press("Enter");
  await expect(step.getByRole("alert")).toHaveCount(0);
  await step.getByLabel("Scores on tasks").uncheck();
  await step.getByLabel("counted in").selectOption("steps");
  await expect(step.getByLabel("Each run")).toHaveValue("300"); // typed before, it would stand behind the 300
  await setIn(page, "sweep", "Each run", "60");
  await step.getByRole("button", { name: "Run the sweep" }).click();
  await waitForState(page, "sweep", "done", 180_000);
  await expect(step.locator('[data-table="sweep"] tbody tr')).toHaveCount(4);
  await expect(step.locator('[data-figure="ladder"]')).toBeVisible();
  await expect(step.locator('[data-part="sweep-scores"]')).toHaveCount(0);
  const finding = step.locator('[data-part="ladder"] .finding');
  await expect(finding).toContainText(/an extrapolation over .* and no promise|no curve is drawn/);
  await step.getByLabel("Against").selectOption("operations");
  await expect(step.locator('[data-figure="ladder"] [role="img"]')).toHaveAttribute(
    "aria-label",
    /by operations/,
  );
  if (SHOTS === undefined) return;
  await step.getByLabel("Against").selectOption("parameters");
  await step.screenshot({ path: `${SHOTS}/ladder.png` });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 420, height: 900 });
  await step.screenshot({ path: `${SHOTS}/ladder-dark.png` });
});
