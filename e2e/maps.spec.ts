import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { expectDrawn, openFigure, readPixels, spreadOf } from "./figures";

const scaleText = (page: Page): Promise<string> => page.locator(".scale-bar").innerText();

test("the pointer reads all panels of one cell at once", async ({ page }) => {
  await openFigure(page, "population");
  const box = await page.locator('[data-panel="truth"]').boundingBox();
  if (!box) throw new Error("the map has no panel");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const read = (panel: string): Promise<string> =>
    page.locator(`[data-panel="${panel}"] output`).innerText();
  const [truth, predicted, difference] = [
    await read("truth"),
    await read("predicted"),
    await read("difference"),
  ];
  const number = (text: string): number => Number(text.replaceAll(",", "").replace("−", "-"));
  expect(number(truth)).toBeGreaterThan(0);
  expect(Math.abs(number(predicted) - number(truth) - number(difference))).toBeLessThan(10);
  await expect(page.locator(".map-place")).toContainText(/° N .*° E · cell 8\w{14}/);
  await expect(page.locator('[data-panel="predicted"] .hover-cross')).toBeAttached();
});

test("keys move the map, zoom it, and show all again", async ({ page }) => {
  const figure = await openFigure(page, "coverage");
  const before = await scaleText(page);
  await page.locator(".map-stage").focus();
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => scaleText(page)).not.toBe(before);
  await expect(page.locator(".map-place")).toContainText("cell 8");
  await page.keyboard.press("0");
  await expect.poll(() => scaleText(page)).toBe(before);
  await expectDrawn(figure);
});

test("the wheel scrolls the page until the map has the focus", async ({ page }) => {
  await openFigure(page, "coverage");
  const before = await scaleText(page);
  const box = await page.locator(".map-panel").boundingBox();
  if (!box) throw new Error("the map has no panel");
  await page.mouse.move(box.x + 200, box.y + 200);
  await page.mouse.wheel(0, -600);
  await page.waitForTimeout(300);
  expect(await scaleText(page)).toBe(before);
  await page.mouse.click(box.x + 200, box.y + 200);
  await page.mouse.wheel(0, -600);
  await expect.poll(() => scaleText(page)).not.toBe(before);
});

test("a click on a numbered check-in masks it, on the map and in the strip", async ({ page }) => {
  await openFigure(page, "masked");
  await page.getByRole("button", { name: /^Check-in 18,/ }).click();
  await expect(page.locator(".marker-masked")).toHaveText("18");
  const strip = page.getByRole("list", { name: "Check-ins in time order" });
  await strip.getByRole("button", { name: /mask check-in 3,/ }).press("Enter");
  await expect(page.locator(".marker-masked")).toHaveText("3");
  await expect(strip.locator('[aria-pressed="true"]')).toHaveText("3");
});

test("a lost context comes back", async ({ page }) => {
  const figure = await openFigure(page, "coverage");
  await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".map-stage canvas");
    canvas?.setAttribute("data-old", "true");
    canvas?.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
  });
  await expect(page.locator(".map-stage canvas[data-old]")).toHaveCount(0);
  await expectDrawn(figure);
  const clip = await page.locator(".map-stage canvas").boundingBox();
  if (!clip) throw new Error("the map has no canvas");
  expect(spreadOf(await readPixels(page, clip))).toBeGreaterThan(4);
});

test("without WebGL a sentence says so and the table remains", async ({ page }) => {
  await page.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = (): null => null;
  });
  await page.goto("/harness.html?figure=coverage");
  await expect(page.getByRole("alert")).toContainText("no WebGL 2");
  await expect(page.locator("[data-figure]")).toHaveAttribute("data-drawn", "none");
  await page.getByText("As a table").click();
  await expect(page.locator(".table-twin tbody tr")).toHaveCount(50);
});

test("maps and charts say in words what they show", async ({ page }) => {
  await openFigure(page, "population");
  const map = page.getByRole("application");
  await expect(map).toHaveAccessibleName(/Population: truth, inferred.*6,211 cells from .* median/);
  await openFigure(page, "charts");
  await expect(page.getByRole("img", { name: /best: middle of the two neighbours/ })).toBeVisible();
});
