import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { openFigure } from "./figures";

// What stands around the figures; the figures themselves have maps.visual.spec.ts. None of these pictures
// depends on the weights.

/** A worker that never answers: the page as it is while the first job runs, for as long as one likes. */
async function silenceWorker(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const silent = { addEventListener: () => undefined, postMessage: () => undefined };
    Object.assign(globalThis, {
      Worker: function Worker() {
        return silent;
      },
    });
  });
}

for (const theme of ["light", "dark"] as const) {
  test(`the page while it waits for its first picture, ${theme}`, async ({ page }) => {
    await silenceWorker(page);
    await page.emulateMedia({ colorScheme: theme });
    await page.goto("/?test=1");
    await expect(page.locator('[data-step="masked"]')).toContainText("Waits for “People”");
    await page.waitForTimeout(1200); // then the bar is there, and nothing changes any more
    await page.evaluate(() => document.fonts.ready);
    await expect(page).toHaveScreenshot(`page-waiting-${theme}.png`);
  });
}

test("one trajectory on its way to tokens, in its margin", async ({ page }) => {
  test.setTimeout(240_000);
  await page.goto("/?test=1");
  const step = page.locator('[data-step="tokens"]');
  await expect(step).toHaveAttribute("data-state", "done", { timeout: 200_000 });
  await step.evaluate((element) => element.scrollIntoView({ block: "start" }));
  await expect(step.locator("[data-drawn]").first()).toHaveAttribute("data-drawn", "true");
  await page.evaluate(() => document.fonts.ready);
  await expect(page).toHaveScreenshot("step-tokens.png", {
    mask: [page.locator(".contents")], // other steps are still running
  });
});

for (const name of ["import-files", "import-rules", "import-people"]) {
  for (const theme of ["light", "dark"]) {
    test(`${name} of made-up people, ${theme}`, async ({ page }) => {
      await openFigure(page, `${name}&theme=${theme}`);
      await expect(page).toHaveScreenshot(`${name}-${theme}.png`, { fullPage: true });
    });
  }
}
