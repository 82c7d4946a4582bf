import { defineConfig } from "@playwright/test";
import { availableParallelism } from "node:os";
import { CHROMIUM_LAUNCH } from "./scripts/chromium.mjs";

// Two runs on one machine need two ports; the workers inherit the first one's choice.
process.env["E2E_PORT"] ??= String(4200 + (process.pid % 800));
const port = Number(process.env["E2E_PORT"]);

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  timeout: 480_000, // a whole first run takes minutes on a busy machine without a GPU
  fullyParallel: true,
  workers: Math.max(1, Math.floor(availableParallelism() / 2)), // a page computes and draws at once
  forbidOnly: true,
  retries: 1, // drawn by software on a machine with other work; what needed it is named by npm test
  reporter: [["list"], ["json", { outputFile: "test-results/playwright.json" }]],
  snapshotPathTemplate: "{testDir}/screenshots/{arg}{ext}",
  expect: {
    timeout: 60_000,
    toHaveScreenshot: { maxDiffPixelRatio: 0.002, animations: "disabled", caret: "hide" },
  },
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    colorScheme: "light",
    locale: "en-GB",
    timezoneId: "UTC",
    launchOptions: CHROMIUM_LAUNCH,
  },
  webServer: {
    command: `node scripts/serve.mjs --port ${port}`,
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
  },
});
