import { expect, test } from "@playwright/test";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pythonWithTorch } from "../scripts/python.mjs";
import { showMonths, stepOf, waitForState } from "./walks";

const ROOT = join(import.meta.dirname, "..");
const DATA = join(ROOT, "..", "shared", "data");
const RASTER = join(DATA, "beijing", "built-up-2008.tif");
const python = pythonWithTorch();
const PATIENCE_MS = 120_000;

function run(command: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`);
}

/** Real people: tokens, weights of a few steps and a raster in one folder, as a user would collect them. */
function makeBeijing(folder: string): void {
  const points = join(DATA, "geolife", "beijing-1min.csv.gz");
  run(process.execPath, "src/cli/footfall.mjs", "tokenise", points, "--out", folder);
  const model = join(folder, "run");
  const few = ["--steps", "30", "--batch", "8", "--evaluations", "1"];
  const sequences = ["--eval-sequences", "16", "--test-sequences", "16"];
  run(python!, "scale/train.py", "--data", folder, "--out", model, ...few, ...sequences);
  copyFileSync(RASTER, join(folder, "built-up-2008.tif"));
}

test("real people go the whole way: tokens, weights, hidden places, and a raster beside the probe", async ({
  page,
}) => {
  test.skip(!existsSync(RASTER), "the real data of ../shared/data are not on this machine");
  test.skip(python === undefined, "no Python with PyTorch on this machine");
  test.setTimeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "footfall-beijing-"));
  try {
    makeBeijing(folder);
    await page.goto("/?test=1");
    await page.getByText("Your data…").click();
    await page.locator("[data-open-folder]").setInputFiles(folder);
    await waitForState(page, "masked", "done", PATIENCE_MS);
    const masked = stepOf(page, "masked");
    await expect(masked.getByText("first guess")).toBeVisible();
    await expect(masked.getByText("simulated", { exact: true })).toHaveCount(0);
    const map = masked.locator('[data-figure="masked"]'); // one person's month: only where k is 1
    await expect(map).toHaveCount(0);
    await showMonths(masked);
    await expect(map).toHaveAttribute("data-drawn", "true");
    await masked.getByRole("button", { name: /^Hide single months/ }).click();
    await expect(map).toHaveCount(0);
    const truth = stepOf(page, "truth-1");
    await truth.getByRole("button", { name: /^Run/ }).click();
    await waitForState(page, "truth-1", "done", PATIENCE_MS);
    await expect(truth.getByText("coordinates alone").first()).toBeVisible();
    await truth.scrollIntoViewIfNeeded();
    await expect(truth.locator("[data-figure]").first()).toHaveAttribute("data-drawn", "true");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
