// One flag list for Vitest's browser project and Playwright (docs/decisions/003-tests.md).
import { installedBrowser } from "./browser.mjs";

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
  "--js-flags=--expose-gc", // a test may ask for what a browser does at any time
];

const path = process.env["CHROMIUM_PATH"] ?? installedBrowser();

/** How both start it; Playwright's own browser where none is installed. */
export const CHROMIUM_LAUNCH = {
  args: CHROMIUM_ARGS,
  ...(path === undefined ? {} : { executablePath: path }),
};
