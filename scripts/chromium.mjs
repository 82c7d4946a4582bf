// One flag list for Vitest's browser project and Playwright (docs/decisions/003-tests.md).
const CHROMIUM_ARGS = [
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

const path = process.env["CHROMIUM_PATH"];

/** How both start it: the browser that scripts/browser.mjs found or installed; Playwright's own when unset. */
export const CHROMIUM_LAUNCH = {
  args: CHROMIUM_ARGS,
  ...(path === undefined ? {} : { executablePath: path }),
};
