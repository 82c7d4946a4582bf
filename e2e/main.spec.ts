import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stepOf, waitForState, waitUntilReady } from "./walks";

const FIRST_RUN_MS = 240_000;

/** A folder with these files, each with a few bytes that are nothing. */
function makeFolder(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "footfall-"));
  for (const name of names) writeFileSync(join(folder, name), "nothing");
  return folder;
}

test.describe("the first notebook", () => {
  test.describe.configure({ mode: "serial", timeout: FIRST_RUN_MS + 60_000 });
  let page: Page;

  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto("/?test=1");
  });
  test.afterAll(() => page.close());

  test("without a choice made, a map shows the hidden place, the guesses and the true cell", async () => {
    await waitForState(page, "masked", "done", FIRST_RUN_MS);
    const step = stepOf(page, "masked");
    await expect(step.locator('[data-figure="masked"]')).toHaveAttribute("data-drawn", "true");
    await expect(step.locator(".badge")).toHaveText("simulated");
    const guesses = step.locator('[data-table="guesses"]');
    const truth = (await guesses.getAttribute("data-truth")) ?? "";
    await expect(guesses.locator("tbody tr").filter({ hasText: truth })).toHaveCount(1);
    expect(await guesses.locator("tbody tr").count()).toBeGreaterThanOrEqual(10);
    await expect(step.getByRole("status").first()).toContainText("The model’s first guess");
    const box = await step.locator('[data-figure="masked"] .map-stage').boundingBox();
    expect(box?.y).toBeLessThan(800 - 300); // most of the map is in the first window
  });

  test("choosing another check-in hides that one, by mouse and by keyboard", async () => {
    const step = stepOf(page, "masked");
    await step.getByRole("button", { name: /^mask check-in 3,/ }).click();
    await expect(step.locator("caption")).toContainText("place 3", { timeout: 60_000 });
    await step.getByRole("button", { name: /^mask check-in 4,/ }).press("Enter");
    await expect(step.locator("caption")).toContainText("place 4", { timeout: 60_000 });
    await step.getByRole("button", { name: "Next trajectory" }).click();
    await expect(step.getByLabel("Number of the trajectory")).toHaveValue("2", { timeout: 60_000 });
  });

  test("several places can be hidden at once", async () => {
    const step = stepOf(page, "masked");
    await step.getByLabel("hide several at once").check();
    await step.getByRole("button", { name: /^mask check-in 2,/ }).click();
    await expect(step.getByRole("group", { name: "Hidden places" })).toBeVisible({
      timeout: 60_000,
    });
    await expect(step.getByRole("button", { name: "place 2", exact: true })).toHaveAttribute(
      "aria-pressed",
      "true",
    );
  });

  test("every number has its seed, data, model and engine one click away", async () => {
    await stepOf(page, "masked").getByText("How these numbers were made").click();
    const made = stepOf(page, "masked").locator(".provenance");
    for (const part of ["123", "simulated small seed 123", "wasm"]) {
      await expect(made).toContainText(new RegExp(part, "i"));
    }
  });

  test("truth and inference stand side by side with their scores", async () => {
    await waitForState(page, "built-up", "done", FIRST_RUN_MS);
    const step = stepOf(page, "built-up");
    await step.scrollIntoViewIfNeeded();
    await expect(step.locator('[data-figure="inference"]')).toHaveAttribute("data-drawn", "true", {
      timeout: 60_000,
    });
    for (const name of ["pre-trained", "randomly initialised twin", "coordinates alone"]) {
      await expect(step.locator('[data-table="inference"]').first()).toContainText(name);
    }
    const inOne = step.getByRole("checkbox", { name: "Truth and inference in one map" }); // MC-05
    await inOne.check();
    await expect(step.locator('[data-figure="both"]')).toHaveAttribute("data-drawn", "true");
    await expect(step.getByRole("table", { name: /^Legend: Truth and inference/ })).toBeVisible();
    await inOne.uncheck();
    await waitUntilReady(page, FIRST_RUN_MS);
  });

  test("a changed input marks what stands on it stale, runs nothing dear, and Stop works", async () => {
    await waitUntilReady(page, FIRST_RUN_MS);
    const data = stepOf(page, "data");
    await data.getByLabel("Size").selectOption("medium");
    await waitForState(page, "score", "stale");
    await expect(stepOf(page, "score").getByText("Inputs changed")).toBeVisible();
    await waitForState(page, "data", "stale");
    await data.getByRole("button", { name: "Run again" }).click();
    await waitForState(page, "data", "running");
    await expect(page.locator("html")).toHaveAttribute("data-ready", "false");
    await expect(data.getByRole("button", { name: "Stop" })).toBeVisible();
    await page.keyboard.press("Tab"); // from where Run was: the keyboard keeps its place
    await expect(data.getByRole("button", { name: "Stop" })).toBeFocused();
    await data.getByRole("button", { name: "Stop" }).click();
    await waitForState(page, "data", "stale");
    await data.getByLabel("Country").selectOption("archipelago");
    await expect(data).toContainText("no real place is in here");
    await data.getByLabel("Country").selectOption("japan");
    await data.getByLabel("Size").selectOption("small");
  });
});

test("a broken folder is refused in one sentence with advice, and the page goes on", async ({
  page,
}) => {
  await page.goto("/?test=1");
  const input = page.locator("[data-open-folder]");
  await page.getByText("Your data…").click();
  await input.setInputFiles(makeFolder("holiday.jpg"));
  await expect(page.locator('[data-error="missing-file"]')).toContainText("neither tokens");
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByText("Your data…").click();
  await input.setInputFiles(makeFolder("config.json", "tokenizer.json"));
  await expect(page.locator('[data-error="missing-file"]')).toContainText(
    "model.safetensors missing",
  );
  await expect(page.locator("h1")).toHaveText("What does masking teach?");
});

test("files that are not what they claim to be fail in their step, in words", async ({ page }) => {
  await page.goto("/?test=1");
  const folder = makeFolder("check-ins.parquet", "trajectories.parquet", "report.json");
  await page.getByText("Your data…").click();
  await page.locator("[data-open-folder]").setInputFiles(folder);
  await expect(page.locator("h1")).toContainText("What does masking teach about");
  await waitForState(page, "data", "failed");
  await expect(stepOf(page, "data").getByRole("alert")).toContainText(
    "Check that the file is whole",
  );
  await page.getByRole("button", { name: "Close these data" }).click();
  await expect(stepOf(page, "masked")).toBeVisible();
});

test("without WebGL the page says so and the tables remain", async ({ page }) => {
  await page.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = () => null;
  });
  await page.goto("/?test=1");
  await expect(page.locator('[data-error="no-webgl"]')).toContainText("WebGL");
  await waitForState(page, "data", "done");
  await stepOf(page, "data").getByText("As a table").click();
  await expect(stepOf(page, "data").locator(".table-twin tbody tr").first()).toBeVisible();
});

test("a worker that cannot start is told in one sentence, where it is missed", async ({ page }) => {
  await page.addInitScript(() => {
    const { Worker: Real } = globalThis;
    globalThis.Worker = class extends Real {
      constructor(_address: string | URL, options?: WorkerOptions) {
        super("data:text/javascript,throw new Error('no worker today')", options);
      }
    };
  });
  await page.goto("/?test=1");
  await expect(page.locator('[data-engine="none"]')).toContainText("the worker failed");
  await waitForState(page, "data", "failed");
  await expect(stepOf(page, "data").getByRole("button", { name: "Run again" })).toBeVisible();
});

test("the theme switch overrules the system and is kept", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel("Theme").selectOption("dark");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.getByLabel("Theme")).toHaveValue("dark");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("the machine's report can be read and copied", async ({ page }) => {
  await page.goto("/?test=1");
  await expect(page.locator('[data-engine="wasm"]')).toContainText("running on the CPU");
  await page.getByText("This machine").click();
  await expect(page.locator('[data-capability="cores"] dd')).toHaveText(/\d/);
  await expect(page.locator('[data-capability="cross-origin isolated"] dd')).toHaveText("yes");
});
