import { expect, test } from "@playwright/test";
import type { BrowserContext, Page } from "@playwright/test";
import { waitUntilReady } from "./walks";

/** Addresses outside the page's own origin that anything in the browser asked for; they are refused. */
async function watchStrangers(context: BrowserContext, origin: string): Promise<string[]> {
  const strangers: string[] = [];
  await context.route(
    (url) => url.protocol.startsWith("http") && url.origin !== origin,
    async (route) => {
      strangers.push(route.request().url());
      await route.abort();
    },
  );
  context.on("page", (page) => page.on("websocket", (socket) => strangers.push(socket.url())));
  return strangers;
}

/** What the page's console and its uncaught errors said. */
function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return errors;
}

test("the page becomes ready, asks its own origin only, and complains about nothing", async ({
  context,
  page,
  baseURL,
}) => {
  const strangers = await watchStrangers(context, baseURL ?? "");
  const errors = watchErrors(page);
  await page.goto("/?test=1");
  await waitUntilReady(page);
  expect(strangers).toEqual([]);
  expect(errors).toEqual([]);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const states = page
    .locator("[data-step]")
    .evaluateAll((steps) =>
      steps.map((step) => `${step.getAttribute("data-step")} ${step.getAttribute("data-state")}`),
    );
  const waiting = (await states).filter((state) => !state.endsWith(" done"));
  expect(waiting).toEqual(["pretrain idle", "sweep idle", "experiment idle"]); // nothing long starts by itself
});

test("a request to another address is refused, and the page says that it was tried", async ({
  page,
}) => {
  await page.goto("/?test=1");
  await expect(page.locator("[data-requests]")).toHaveText("0 requests left this page");
  await page.evaluate(() => fetch("http://192.0.2.1/").catch(() => undefined));
  await expect(page.locator("[data-requests]")).toHaveText("1 request tried to leave this page");
});

for (const engine of ["webgpu", "wasm"]) {
  test(`backend=${engine} in the address forces the engine`, async ({ page }) => {
    await page.goto(`/?test=1&backend=${engine}`);
    await expect(page.locator(`[data-engine="${engine}"]`)).toBeVisible();
  });
}

test("an engine that nobody knows is refused in one sentence", async ({ page }) => {
  await page.goto("/?backend=abacus");
  await expect(page.getByText(/backend=abacus; expected backend=webgpu or/)).toBeVisible();
});
