import { expect } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FIRST_MS = Date.UTC(2012, 3, 1, 1);
const HOUR_MS = 3_600_000;

/** One step of the page. */
export const stepOf = (page: Page, id: string): Locator => page.locator(`[data-step="${id}"]`);

/** Waits until a step is in a state, or has failed, which is told. */
export async function waitForState(page: Page, id: string, state: string, timeout = 90_000) {
  const ended = new RegExp(`^(${state}|failed)$`); // a failed step will never come to the state
  await expect(stepOf(page, id)).toHaveAttribute("data-state", ended, { timeout });
  await expect(stepOf(page, id)).toHaveAttribute("data-state", state, { timeout: 1 });
}

/** People who go round a few places each, one an hour: there is something to learn. */
function walks(people: number, hours: number): string {
  const rows = Array.from({ length: people * hours }, (_, i) => {
    const [person, hour] = [i % people, Math.floor(i / people)];
    const lat = 35.6 + 0.02 * (person % 7) + 0.01 * (hour % 5);
    const lng = 139.6 + 0.03 * (person % 5) + 0.01 * (hour % 3);
    return `p${person},${new Date(FIRST_MS + hour * HOUR_MS).toISOString()},${lat.toFixed(5)},${lng.toFixed(5)}`;
  });
  return ["person,time,lat,lon", ...rows].join("\n");
}

/** A data set of one's own in the page, ready to be trained on. */
export async function importWalks(page: Page, backend = "wasm"): Promise<void> {
  const path = join(mkdtempSync(join(tmpdir(), "footfall-pretrain-")), "walks.csv");
  writeFileSync(path, walks(60, 40));
  await page.goto(`/?test=1&backend=${backend}`);
  await page.getByText("Your data…").click();
  await page.locator("[data-import-files]").setInputFiles([path]);
  await waitForState(page, "rules", "done");
  await stepOf(page, "data").getByRole("button", { name: "Import" }).click();
  await waitForState(page, "data", "done");
}

/** Types a number into a field of a step. */
export async function setIn(page: Page, id: string, label: string, value: string): Promise<void> {
  const field = stepOf(page, id).getByLabel(label, { exact: true });
  await field.fill(value);
  await field.press("Enter");
}
