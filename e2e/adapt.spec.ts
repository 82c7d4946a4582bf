import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { unzipSync } from "fflate";
import { readFileSync } from "node:fs";
import { setIn, stepOf, waitForState } from "./walks";

const ADAPTATION = "/?notebook=adaptation&test=1&backend=wasm";
const SHOTS = process.env["ADAPT_SHOTS"];

const runsOf = async (page: Page): Promise<number> =>
  Number(await stepOf(page, "adapt").locator("[data-runs]").getAttribute("data-runs"));

/** Buttons, fields and pictures of a step that a screen reader could not name. */
const countNameless = (step: Locator): Promise<number> =>
  step.evaluate((element) => {
    const labelOf = (one: Element): string =>
      one instanceof HTMLButtonElement
        ? (one.ariaLabel ?? one.textContent)
        : (one.ariaLabel ?? (one as HTMLInputElement).labels?.[0]?.textContent ?? "");
    const all = [...element.querySelectorAll("button, input, select, [role=img], table")];
    const isNamed = (one: Element): boolean =>
      labelOf(one).trim() !== "" || one.closest("details") !== null;
    return all.filter((one) => !isNamed(one)).length;
  });

/** A table that takes seconds: few examples, one seed, one epoch. */
async function openTiny(page: Page, task = "prefecture"): Promise<void> {
  await page.goto(ADAPTATION);
  await waitForState(page, "model", "done", 200_000);
  const step = stepOf(page, "adapt");
  await expect(step).toHaveAttribute("data-state", "idle"); // a long step waits for its own Run
  await step.getByLabel("Task").selectOption(task);
  await step.getByText("All settings, with the paper’s (Table 14)").click();
  await setIn(page, "adapt", "Examples", "120");
  await setIn(page, "adapt", "Seeds", "1");
  await setIn(page, "adapt", "Training epochs", "1");
}

/** Sets what the browser lets the page keep, in bytes; as much as ever without them. */
async function openQuota(page: Page): Promise<(limit: { quotaSize?: number }) => Promise<void>> {
  const cdp = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  return async (limit) =>
    void (await cdp.send("Storage.overrideQuotaForOrigin", { origin, ...limit }));
}

test("a table fills row by row over a full storage, a reload and a stop, and is taken along", async ({
  page,
}) => {
  test.setTimeout(600_000);
  await openTiny(page);
  const step = stepOf(page, "adapt");
  await step.getByRole("button", { name: "Fill the table" }).press("Enter");
  await expect.poll(() => runsOf(page), { timeout: 200_000 }).toBeGreaterThan(0);
  const limit = await openQuota(page);
  await limit({ quotaSize: 100 });
  const full = step.getByRole("alert").filter({ hasText: "no room for the table prefecture" });
  await expect(full).toBeVisible({ timeout: 100_000 });
  if (SHOTS) await step.screenshot({ path: `${SHOTS}/full.png` });
  const kept = await runsOf(page); // a run that comes after this may be on its way to the storage at the reload
  await limit({});
  await expect(full).toHaveCount(0, { timeout: 100_000 }); // it was tried again

  await page.reload(); // in the middle of a run
  await waitForState(page, "model", "done", 200_000);
  await expect.poll(() => runsOf(page)).toBeGreaterThanOrEqual(kept);
  await step.getByRole("button", { name: "Go on with the table" }).click();
  await expect.poll(() => runsOf(page), { timeout: 200_000 }).toBeGreaterThan(kept);
  await step.getByRole("button", { name: "Stop" }).click();
  await expect(step).not.toHaveAttribute("data-state", "running");
  const before = await runsOf(page);
  await expect(step.getByRole("alert")).toContainText("Partial:");
  if (SHOTS) await step.screenshot({ path: `${SHOTS}/partial.png` });

  await page.reload();
  await waitForState(page, "model", "done", 200_000);
  await expect.poll(() => runsOf(page)).toBe(before);
  await step.getByRole("button", { name: "Go on with the table" }).click();
  await waitForState(page, "adapt", "done", 300_000);
  expect(await runsOf(page)).toBeGreaterThan(before);
  const table = step.locator('[data-table="adapt"] table');
  await expect(table.getByRole("row", { name: /BERT, pre-trained, fine-tuned/ })).toContainText(
    "0.968",
  );
  if (SHOTS) await step.screenshot({ path: `${SHOTS}/table.png` });

  expect(await countNameless(step)).toBe(0);
  await expect(table.getByRole("rowheader").first()).toBeVisible();
  await expect(table.getByRole("columnheader", { name: "leakage" })).toBeVisible();

  let manifest: Buffer | undefined;
  for (const [button, said] of [
    ["Download as Markdown", "### Prefecture (paper 1, Table 4)"],
    ["CSV", "prefecture,fine-tuned,random,bestOnTest,f,"],
    ["LaTeX", "\\begin{tabular}{l"],
    ["Manifest", '"footfallManifest": 1'],
  ] as const) {
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      step.getByRole("button", { name: button, exact: true }).click(),
    ]);
    manifest = readFileSync(await file.path());
    expect(manifest.toString()).toContain(said);
  }

  // the model itself: a Hugging Face folder with its card, of the size that was said before
  const rowOfModel = table.getByRole("row", { name: /BERT, pre-trained, fine-tuned/ });
  const [zip] = await Promise.all([
    page.waitForEvent("download", { timeout: 200_000 }),
    rowOfModel
      .getByRole("button", { name: /^Save the adapted model .* as a zip, about \d\.\d MB/ })
      .click(),
  ]);
  expect(zip.suggestedFilename()).toBe("footfall-prefecture-fine-tuned.zip");
  const files = unzipSync(readFileSync(await zip.path()));
  expect(Object.keys(files).toSorted()).toEqual([
    "README.md",
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
  ]);
  expect(Buffer.from(files["README.md"]!).toString()).toContain(
    "# Prefecture: BERT, pre-trained, fine-tuned",
  );
  await expect(step.locator('[data-zip="fine-tuned"]')).toContainText("is saved: config.json");
  if (SHOTS) await step.screenshot({ path: `${SHOTS}/zip.png` });

  // the manifest alone brings task and settings back, and is held against what is here
  await step.getByLabel("Task").selectOption("trees");
  const file = { name: "prefecture.json", mimeType: "application/json", buffer: manifest! };
  await step.locator("[data-manifest-file]").setInputFiles(file);
  await expect(step.getByLabel("Task")).toHaveValue("prefecture");
  await expect(step.locator("[data-manifest]")).toContainText("with the same numbers, to the last");

  // of one that was held against a layer, the page says that the layer is missing
  const told = JSON.parse(manifest!.toString()) as { origin: object };
  const prefecture = { title: "NAME_1", files: ["districts.shp"], hash: "0badcafe0badcafe" };
  const origin = { ...told.origin, truths: { prefecture } };
  const buffer = Buffer.from(JSON.stringify({ ...told, origin }));
  await step.locator("[data-manifest-file]").setInputFiles({ ...file, buffer });
  await expect(step.locator("[data-manifest]")).toContainText(
    "“NAME_1” of districts.shp with the hash 0badcafe0badcafe, is missing here",
  );
  if (SHOTS) await step.locator("[data-manifest]").screenshot({ path: `${SHOTS}/manifest.png` });

  // what was filled is held against the papers, here and in their own notebook
  await expect(stepOf(page, "verdict").getByRole("status")).toContainText(
    "Held against: models/japan on",
  );
  await expect(stepOf(page, "numbers").locator("#table-4")).not.toContainText("not run here");
  await page.goto("/?notebook=papers&test=1&backend=wasm");
  await page.getByRole("button", { name: /^Use 1 table filled here/ }).click();
  await expect(stepOf(page, "verdict").getByRole("status")).toContainText(
    "Held against: models/japan on",
  );
});

test("from a row to its maps: one view, two in one, values of a cell, and what was confused", async ({
  page,
}) => {
  test.setTimeout(600_000);
  await openTiny(page, "population");
  const step = stepOf(page, "adapt");
  await step.getByRole("button", { name: "Fill the table" }).click();
  await expect.poll(() => runsOf(page), { timeout: 200_000 }).toBeGreaterThan(2);
  await step.getByRole("button", { name: "Stop" }).click();
  await step.getByRole("button", { name: "Maps of BERT, pre-trained, fine-tuned" }).click();
  const maps = step.locator("[data-maps]");
  await expect(maps.locator('[data-figure="answers"]')).toHaveAttribute("data-drawn", "true", {
    timeout: 200_000,
  });
  const panelsAre = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids) await expect(maps.locator(`[data-panel="${id}"]`)).toBeVisible();
    await expect(maps.locator('[data-figure="answers"] [data-panel]')).toHaveCount(ids.length);
  };
  const four = ["truth", "twin", "own", "difference"];
  await panelsAre(four);
  await maps.getByLabel("Truth and inference in one map").check(); // MC-05
  await maps.getByLabel("Truth beside").selectOption({ label: "Built-up land" });
  await panelsAre([...four, "beside", "both-twin", "both-own", "both-truths"]);
  const square = maps.getByRole("table", { name: /^Legend: Population.* and built-up land/ });
  await expect(square.getByRole("rowheader")).toHaveText([/^high/, /^middle/, /^low/]);
  await expect(square.getByRole("cell")).toHaveText(Array.from({ length: 9 }, () => /%$/));
  if (SHOTS) await step.screenshot({ path: `${SHOTS}/maps-both.png` });
  await maps.getByLabel("Truth and inference in one map").uncheck();
  await maps.getByLabel("Truth beside").selectOption({ label: "none" });
  await panelsAre(four);
  const all = Number(await maps.getAttribute("data-shown"));
  const confusion = maps.getByRole("table", { name: /^Confusion matrix/ });
  await confusion
    .getByRole("button", { name: /guessed as/ })
    .first()
    .press("Enter");
  await expect(maps.getByText(/^[\d,]+ places? shown alone/)).toBeVisible();
  expect(Number(await maps.getAttribute("data-shown"))).toBeLessThan(all);
  if (SHOTS) await step.screenshot({ path: `${SHOTS}/maps-population.png` });
  await maps.getByText("Show all", { exact: true }).click();
  const bins = maps.locator('[data-figure="calibration"]'); // AD-25
  await expect(bins).toContainText("expected calibration error");
  await bins
    .getByRole("button", { name: /sure by/ })
    .first()
    .press("Enter");
  await expect(maps.getByText(/^[\d,]+ places? shown alone/)).toBeVisible();
  if (SHOTS) await step.screenshot({ path: `${SHOTS}/calibration.png` });
  await maps.getByText("Show all", { exact: true }).click();
  await maps.locator(".map-canvas canvas").click({ position: { x: 230, y: 170 } });
  await expect(maps.locator("[data-place]")).toContainText("true");
  await step.getByRole("button", { name: "Close the maps" }).click();
  await expect(maps).toHaveCount(0);
  await expect(step.getByLabel("Task")).toHaveValue("population"); // the step outlives its maps
  await page.reload();
  await waitForState(page, "model", "done", 200_000);
  await expect(step.getByLabel("Task")).toHaveValue("population"); // and its task a reload
  await expect.poll(() => runsOf(page)).toBeGreaterThan(2);
});

test("one click draws a figure of paper 1: a trajectory over what its label is made of", async ({
  page,
}) => {
  test.setTimeout(600_000);
  await openTiny(page, "diversity");
  const step = stepOf(page, "adapt");
  await expect(step).toContainText("could be misused to infer mental health"); // PV-09
  await expect(step.locator("[data-adapt]")).toHaveCount(0); // no table was filled
  await page.setViewportSize({ width: 420, height: 800 }); // the longest task must not widen the page
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(420);
  await page.setViewportSize({ width: 1280, height: 800 });
  await step.getByRole("button", { name: "Figure 9: diversity" }).click();
  const maps = step.locator("[data-maps]");
  await expect(maps.locator('[data-figure="trajectory"]')).toHaveAttribute("data-drawn", "true", {
    timeout: 300_000,
  });
  await expect(maps.locator('[data-figure="trajectory"] figcaption')).toContainText("True");
  if (SHOTS) await step.screenshot({ path: `${SHOTS}/maps-diversity.png` });
});

test("questions about trajectories: a destination with a slider, gaps, surprise, similar months, linking", async ({
  page,
}) => {
  test.setTimeout(600_000);
  await page.goto(ADAPTATION);
  await waitForState(page, "destination", "done", 200_000);
  const destination = stepOf(page, "destination");
  await expect(destination.locator("p.finding")).toContainText("Its first guess is");
  const before = await destination.locator("p.finding").innerText();
  await destination.getByLabel("Shown").press("End");
  await expect(destination.locator("p.finding")).not.toHaveText(before);

  await setIn(page, "gaps", "Trajectories", "5");
  await setIn(page, "surprise", "Trajectories", "5");
  for (const [id, verb, figure] of [
    ["gaps", "Fill gaps", "gap"],
    ["surprise", "Rank the trajectories", "surprise"],
    ["similar", "Find similar trajectories", "similar"],
  ] as const) {
    const step = stepOf(page, id);
    await step.getByRole("button", { name: verb }).press("Enter");
    await waitForState(page, id, "done", 200_000);
    await expect(step.locator(`[data-figure="${figure}"]`)).toBeVisible();
    await step.locator(`[data-figure="${figure}"]`).scrollIntoViewIfNeeded();
    await expect(step.locator(`[data-figure="${figure}"]`)).toHaveAttribute("data-drawn", "true");
    if (SHOTS) await step.screenshot({ path: `${SHOTS}/study-${id}.png` });
  }
  const linking = stepOf(page, "linking");
  await linking.getByRole("button", { name: "Measure" }).click();
  await waitForState(page, "linking", "done", 200_000);
  const [halves, week] = [
    linking.locator("p.finding").first(),
    linking.locator("p.finding").last(),
  ];
  await expect(halves).toContainText("told at once from half a trajectory");
  await expect(week).toContainText("from one week");
  if (SHOTS) await linking.screenshot({ path: `${SHOTS}/study-linking.png` });
  if (SHOTS) await destination.screenshot({ path: `${SHOTS}/study-destination.png` });
});
