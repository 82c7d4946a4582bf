import { expect, test } from "@playwright/test";
import { countColors, openFigure, readPixels, spreadOf } from "./figures";

/** Figures with made-up data, as src/app/harness.tsx names them; the pictures were looked at. */
const FIGURES = [
  "coverage",
  "population",
  "population&theme=dark",
  "built-up",
  "masked",
  "masked&theme=dark",
  "tokens",
  "charts",
  "resolutions",
  "resolutions&theme=dark",
  "piece-cells",
  "controls&theme=dark",
];

/** Below this a map is blank: land alone, or nothing at all. */
const LEAST_SPREAD = 4;

for (const query of FIGURES) {
  test(`${query} looks as it did`, async ({ page }) => {
    await openFigure(page, query);
    if (await page.locator(".map-stage").count()) {
      const clip = await page.locator(".map-stage canvas").boundingBox();
      if (!clip) throw new Error("the map has no canvas");
      expect(spreadOf(await readPixels(page, clip))).toBeGreaterThan(LEAST_SPREAD);
    }
    await expect(page).toHaveScreenshot(`${query.replaceAll(/[^a-z]+/g, "-")}.png`);
  });
}

test("three maps fit a narrow page", async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await openFigure(page, "population");
  await expect(page).toHaveScreenshot("population-narrow.png");
});

/** Metres of a pixel at the block's latitude. */
function metresPerPixel(zoom: number): number {
  return (40075016.686 * Math.cos((36.3 * Math.PI) / 180)) / (512 * 2 ** zoom);
}

/** Rings of the block; so far from its middle a square lies inside of it. */
const SQUARE_M_PER_RING = 470;

/** Zooms on both sides of deck.gl's switch to offset coordinates at 12, and cells drawn as parents (120 rings). */
const BLOCKS = [
  { zoom: 6, rings: 30 },
  { zoom: 7, rings: 120 },
  { zoom: 9.3, rings: 30 },
  { zoom: 11.9, rings: 30 },
  { zoom: 12.1, rings: 30 },
  { zoom: 16.5, rings: 30 },
];

/** The last colour of the sequential table: the block's only value is the greatest. */
const BLOCK_COLOR = "251,237,88";

for (const { zoom, rings } of BLOCKS) {
  test(`no gap between cells at zoom ${zoom}, ${rings} rings`, async ({ page }) => {
    await openFigure(page, `block&zoom=${zoom}&rings=${rings}`);
    const box = await page.locator(".map-panel").boundingBox();
    if (!box) throw new Error("the map has no panel");
    const half = Math.floor(Math.min(190, (rings * SQUARE_M_PER_RING) / metresPerPixel(zoom)));
    const clip = {
      x: Math.round(box.x + box.width / 2) - half,
      y: Math.round(box.y + box.height / 2) - half,
      width: 2 * half,
      height: 2 * half,
    };
    const counts = countColors(await readPixels(page, clip));
    expect([...counts]).toEqual([[BLOCK_COLOR, 4 * half * half]]);
  });
}
