// Finds a Chrome or Chromium, or installs one: Playwright's own, on Debian as root the `chromium` package.
import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fail, ROOT } from "./install.mjs";

const NAMES = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome"];
const FIXED = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** A Chrome or Chromium that is there already. */
export function installedBrowser() {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const named = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...named, ...FIXED].find((path) => existsSync(path));
}

async function playwrightBrowser() {
  const { chromium } = await import("playwright");
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function succeeds(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return (
    spawnSync(command, args, { cwd: ROOT, env, stdio: ["ignore", "ignore", "inherit"] }).status ===
    0
  );
}

/** Whether Debian packages can be installed here. */
export function isDebianRoot() {
  return existsSync("/usr/bin/apt-get") && process.getuid?.() === 0;
}

async function installBrowser() {
  process.stderr.write("No Chrome or Chromium found: installing one (once) ...\n");
  if (isDebianRoot()) {
    const isThere =
      succeeds("apt-get", ["update", "-q"]) &&
      succeeds("apt-get", ["install", "-qy", "--no-install-recommends", "chromium"]);
    if (isThere) return installedBrowser();
  }
  succeeds(process.execPath, [
    join(ROOT, "node_modules", "playwright", "cli.js"),
    "install",
    "--no-shell", // the headless shell has no WebGPU
    "chromium",
  ]);
  return playwrightBrowser();
}

/** Where a browser is, and the software Vulkan driver that it brings, which Dawn uses in Node. */
export async function findBrowser() {
  const path =
    process.env["CHROMIUM_PATH"] ??
    installedBrowser() ??
    (await playwrightBrowser()) ??
    (await installBrowser());
  if (path === undefined) {
    fail("No Chrome or Chromium could be installed: install one, then run npm test again.");
  }
  const folders = [dirname(realpathSync(path)), "/usr/lib/chromium", "/opt/google/chrome"];
  const driver = folders
    .map((folder) => join(folder, "vk_swiftshader_icd.json"))
    .find((file) => existsSync(file));
  return { path, driver };
}
