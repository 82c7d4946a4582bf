import { expect } from "@playwright/test";
import type { Locator, Page, Worker } from "@playwright/test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FIRST_MS = Date.UTC(2012, 3, 1, 1);
const HOUR_MS = 3_600_000;

/** One step of the page. */
export const stepOf = (page: Page, id: string): Locator => page.locator(`[data-step="${id}"]`);

/**
 * Waits until a step is in a state, or has failed, which is told. How fast Stop is no flow asserts: on a machine with
 * other work the drawing alone may take a second (src/worker/channel.test.ts has the deadline of the worker).
 */
export async function waitForState(page: Page, id: string, state: string, timeout = 90_000) {
  const ended = new RegExp(`^(${state}|failed)$`); // a failed step will never come to the state
  await expect(stepOf(page, id)).toHaveAttribute("data-state", ended, { timeout });
  if (state === "failed") return;
  // The state may have gone on meanwhile, as where a step that is done is asked anew at once.
  await expect(stepOf(page, id)).not.toHaveAttribute("data-state", "failed", { timeout: 1 });
}

/** Waits until nothing runs any more that runs by itself. */
export async function waitUntilReady(page: Page, timeout = 200_000): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-ready", "true", { timeout });
}

/** A file of this name in a folder of its own. */
export function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), "footfall-")), name);
  writeFileSync(path, content);
  return path;
}

/** The row of a person so many hours after the first of them. */
export function rowOf(person: number, hour: number, lat: number, lng: number): string {
  const time = new Date(FIRST_MS + hour * HOUR_MS).toISOString();
  return `p${person},${time},${lat.toFixed(5)},${lng.toFixed(5)}`;
}

/** What stands above such rows. */
export const HEADER = "person,time,lat,lon";

/** People around Tokyo who go round a few places each, one an hour: there is something to learn. */
export function walkRows(people: number, hours: number): string[] {
  return Array.from({ length: people * hours }, (_, i) => {
    const [person, hour] = [i % people, Math.floor(i / people)];
    const lat = 35.6 + 0.02 * (person % 7) + 0.01 * (hour % 5);
    const lng = 139.6 + 0.03 * (person % 5) + 0.01 * (hour % 3);
    return rowOf(person, hour, lat, lng);
  });
}

/** The page with these files picked for an import. */
export async function pickFiles(page: Page, files: string[]): Promise<void> {
  await page.goto("/?test=1&backend=wasm");
  await page.getByText("Your data…").click();
  await page.locator("[data-import-files]").setInputFiles(files);
}

/** The page with these files imported. */
export async function importFiles(page: Page, files: string[]): Promise<void> {
  await pickFiles(page, files);
  await waitForState(page, "rules", "done");
  await stepOf(page, "data").getByRole("button", { name: "Import" }).click();
  await waitForState(page, "data", "done");
}

/** A data set of one's own in the page, ready to be trained on. */
export async function importWalks(page: Page): Promise<void> {
  const path = fileOf("walks.csv", [HEADER, ...walkRows(60, 40)].join("\n"));
  await importFiles(page, [path]);
}

/** Types a number into a field of a step. */
export async function setIn(page: Page, id: string, label: string, value: string): Promise<void> {
  const field = stepOf(page, id).getByLabel(label, { exact: true });
  await field.fill(value);
  await field.press("Enter");
}

/** A run of so many small steps of a BERT, set and not begun. */
export async function chooseSmallRun(page: Page, steps: number): Promise<void> {
  await stepOf(page, "pretrain").getByText("All settings, with the paper’s (Table 14)").click();
  await setIn(page, "pretrain", "trajectories a pass", "8");
  await setIn(page, "pretrain", "Train for", String(steps));
}

/** Steps that a run has taken, as the page shows them. */
export async function stepNow(page: Page): Promise<number> {
  const training = stepOf(page, "pretrain").locator("[data-training-step]");
  return Number((await training.getAttribute("data-training-step")) ?? 0);
}

/** The worker that runs the page's jobs; its helpers sleep most of the time and answer nobody. */
export const workerOf = (page: Page): Worker =>
  page.workers().find((one) => /\/worker-[^/]*$/.test(one.url()))!;

/** Lets single months of real people be drawn, from a figure that does not draw one (PV-02). */
export const showMonths = (figure: Locator): Promise<void> =>
  figure.getByRole("button", { name: /^Show single people’s months/ }).press("Enter");
