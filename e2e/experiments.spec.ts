import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import { setIn, stepOf, waitForState } from "./walks";

const SHOTS = process.env["EXPERIMENT_SHOTS"];

test("an open question is estimated, stopped, goes on after a reload, and its finding reaches the verdict", async ({
  page,
}) => {
  await page.goto("/?test=1&backend=wasm");
  await waitForState(page, "model", "done", 180_000);
  const step = stepOf(page, "experiment");
  await expect(step).toHaveAttribute("data-state", "idle"); // nothing starts it
  await setIn(page, "experiment", "Seeds", "2");
  await setIn(page, "experiment", "Questions or examples", "20");
  await step.getByRole("button", { name: "How long would it take here?" }).click();
  await expect(step.locator("[data-experiment-plan]")).toContainText(/12 parts take about/, {
    timeout: 180_000,
  });

  await step.getByRole("button", { name: "Run the experiment" }).click();
  const shown = step.locator("[data-parts]");
  const countParts = async (): Promise<number> => Number(await shown.getAttribute("data-parts"));
  await expect.poll(countParts, { timeout: 120_000, intervals: [100] }).toBeGreaterThanOrEqual(2);
  await page.reload(); // the tab is killed in the middle

  await waitForState(page, "model", "done", 180_000);
  await setIn(page, "experiment", "Seeds", "2");
  await setIn(page, "experiment", "Questions or examples", "20");
  await step.getByRole("button", { name: "Run the experiment" }).click();
  await waitForState(page, "experiment", "done", 180_000);
  await expect(shown).toHaveAttribute("data-parts", "12");
  await expect(step.locator(".finding").last()).toContainText("times as high");
  await expect(step.locator('[data-figure="experiment-order"]')).toBeVisible();
  await expect(step.locator('[data-part="experiment-verdicts"]')).toContainText("reproduced");
  if (SHOTS !== undefined) await step.screenshot({ path: `${SHOTS}/order.png` });

  const [file] = await Promise.all([
    page.waitForEvent("download"),
    step.getByRole("button", { name: "Results for the verdict (JSON)" }).click(),
  ]);
  const path = await file.path();
  expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ footfallResults: 1 });
  await page.goto("/?notebook=papers&test=1&backend=wasm");
  await waitForState(page, "verdict", "done");
  await page.locator("[data-results-files]").setInputFiles([path]);
  await expect(stepOf(page, "verdict").getByRole("status")).toContainText(
    "check-ins in another order",
  );
});
