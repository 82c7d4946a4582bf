/** One flag list for Vitest's browser project and Playwright (docs/decisions/003-tests.md). */
export const CHROMIUM_ARGS = [
  "--headless=new", // the headless shell has no WebGPU
  "--no-sandbox",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--force-color-profile=srgb",
  "--font-render-hinting=none",
];

/** The browser that scripts/browser.mjs found or installed; Playwright's own when unset. */
export const CHROMIUM_PATH = process.env["CHROMIUM_PATH"] ?? undefined;
