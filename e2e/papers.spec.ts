import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { stepOf, waitForState } from "./walks";

const PAPERS = "/?notebook=papers&test=1&backend=wasm";
const PARTS = ["verdict", "numbers", "errata", "register", "map", "reading"];

async function openPapers(page: Page): Promise<void> {
  await page.goto(PAPERS);
  for (const part of PARTS) {
    await waitForState(page, part, "done");
    await expect(page.locator(`[data-paper-part="${part}"]`)).toBeVisible();
  }
}

test("the papers' notebook stands at once, and every link on it leads somewhere", async ({
  page,
}) => {
  await openPapers(page);
  const tables = stepOf(page, "numbers");
  await expect(tables.locator("#table-3 tbody tr").last()).toContainText("0.459");
  await expect(tables.locator("#table-3 tbody tr").last()).toContainText("not run here");
  await expect(tables.locator('#gains [data-fit="off"]')).toHaveCount(2);
  const [printed] = await Promise.all([
    page.waitForEvent("download"),
    tables.getByRole("button", { name: "All printed numbers (JSON)" }).click(),
  ]);
  const { cells } = JSON.parse(readFileSync(await printed.path(), "utf8")); // RS-09
  expect(cells[0]).toMatchObject({ table: 2, row: "transformer-small", value: 0.36, line: 58 });
  await expect(stepOf(page, "errata").locator("#erratum-1")).toContainText("65.59 km");
  await expect(stepOf(page, "verdict")).toContainText("could be misused to infer mental health");
  const dead = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')]
      .map((link) => link.getAttribute("href")!)
      .filter((href) => document.querySelector(href) === null),
  );
  expect(dead).toEqual([]);
});

test("results are opened from a file, by keyboard too, and what is wrong with one is said", async ({
  page,
}) => {
  await openPapers(page);
  const step = stepOf(page, "verdict");
  await expect(step.getByRole("status")).toContainText("none of them tested");
  const score = { task: "trees", split: "random", metric: "r2", seeds: 3, test: 600 };
  const scores = [
    { ...score, row: "fine-tuned", mean: 0.5, low: 0.48, high: 0.52 },
    { ...score, row: "random", mean: 0.3, low: 0.28, high: 0.32 },
  ];
  const text = JSON.stringify({ footfallResults: 1, about: "two numbers", scores });
  const chooser = page.waitForEvent("filechooser");
  await step.getByRole("button", { name: "Open results…" }).press("Enter");
  const file = { name: "ours.json", mimeType: "application/json", buffer: Buffer.from(text) };
  await (await chooser).setFiles(file);
  await expect(step.getByRole("status")).toContainText("1 reproduced, 0 not reproduced");
  await expect(step).toContainText("R2 0.5 [0.48, 0.52] against 0.3 [0.28, 0.32]");
  await expect(stepOf(page, "numbers").locator("#table-8")).toContainText("0.573 0.5 [0.48, 0.52]");
  const wrong = { ...file, name: "wrong.json", buffer: Buffer.from('{"footfallResults": 2}') };
  await step.locator("[data-results-files]").setInputFiles(wrong);
  await expect(step.getByRole("alert")).toContainText("expected results.json of evaluate");
});

test("the first page leads to the papers and back, and an address to a step of them", async ({
  page,
}) => {
  await page.goto("/?test=1&backend=wasm");
  await page.getByRole("button", { name: "The papers" }).click();
  await expect(page.locator("h1")).toHaveText("The papers");
  await expect(page).toHaveURL(/notebook=papers/);
  await page.getByRole("button", { name: "What does masking teach?" }).click();
  await expect(page.locator("h1")).toHaveText("What does masking teach?");
  await expect(page).not.toHaveURL(/notebook=/);
  await page.goto(`${PAPERS}#step-errata`);
  await expect(stepOf(page, "errata").locator("h2")).toBeFocused();
  const water = stepOf(page, "verdict").getByRole("row", { name: /^Water does not gain/ });
  await page.goto(PAPERS);
  await water.getByRole("link", { name: "fill it" }).click();
  await expect(stepOf(page, "adapt").getByLabel("Task")).toHaveValue("water");
  await page.goto("/?notebook=poems");
  await expect(page.getByRole("alert")).toContainText("expected masking, adaptation, papers");
});
