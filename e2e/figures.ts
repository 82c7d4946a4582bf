import { expect } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";

/** A part of the page in CSS pixels. */
export interface Clip {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Opens the harness with one figure and waits until all of it has been drawn, fonts included. */
export async function openFigure(page: Page, query: string): Promise<Locator> {
  await page.goto(`/harness.html?figure=${query}`);
  const figures = page.locator("[data-figure]");
  await expect(figures.first()).toBeAttached();
  for (const figure of await figures.all()) await expectDrawn(figure);
  await page.evaluate(() => document.fonts.ready);
  return figures.first();
}

/** Waits until a figure has drawn what it was last told to draw. */
export async function expectDrawn(figure: Locator): Promise<void> {
  await expect(figure).toHaveAttribute("data-drawn", "true");
}

/** The pixels of a part of the page, RGBA, decoded by the browser. */
export async function readPixels(page: Page, clip: Clip): Promise<Uint8Array> {
  const png = await page.screenshot({ clip, animations: "disabled" });
  const base64 = await page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    if (!context) throw new Error("no 2d context");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    let binary = "";
    for (const byte of data) binary += String.fromCharCode(byte);
    return btoa(binary);
  }, png.toString("base64"));
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

/** How often each colour occurs, "r,g,b" by count. */
export function countColors(pixels: Uint8Array): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i < pixels.length; i += 4) {
    const color = pixels.subarray(i, i + 3).join();
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return counts;
}

/** Standard deviation of the green channel: 0 for a blank picture. */
export function spreadOf(pixels: Uint8Array): number {
  let [sum, squares] = [0, 0];
  const count = pixels.length / 4;
  for (let i = 1; i < pixels.length; i += 4) {
    sum += pixels[i]!;
    squares += pixels[i]! ** 2;
  }
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}
