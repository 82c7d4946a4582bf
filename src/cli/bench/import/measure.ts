import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { FootfallError } from "../../../core/errors";
import { DEFAULT_SEED } from "../../../core/random";
import { openBrowser, serve } from "../stage";
import { writeWalks, type WalkFile } from "./make-walks";
import { measureOwnMemory, watchMemory, type Memory, type MemoryWatch } from "./memory";
import { lapWaits, listStorage, watchPage, type Waits } from "../page-watch";

/** One phase of an import as the page calls it. */
export interface Phase extends Waits {
  name: string;
  seconds: number;
  /** The most memory that the worker had, bytes. */
  workerPeak: number;
}

/** How long Stop took. */
export interface Stopped {
  /** What was being done when it was pressed. */
  phase: string;
  /** Until the step stood still again. */
  seconds: number;
  /** What the browser's storage held five seconds later that it should not. */
  left: string[];
}

/** One file imported through the page. */
export interface ImportNumbers extends WalkFile {
  /** From picking the file to its preview, and on to what the rules leave of its first rows. */
  previewSeconds: number;
  rulesSeconds: number;
  /** From pressing Import to the finished step. */
  seconds: number;
  phases: Phase[];
  /** Looking at the file and its rules; importing; drawing what came in. */
  waits: { before: Waits; during: Waits; after: Waits };
  memory: Memory;
  /** Of the whole page after the import, as the browser counts it. */
  ownBytes: number | undefined;
  stops: Stopped[];
}

export interface ImportOptions {
  /** Sizes of the files, bytes. */
  sizes: readonly number[];
  /** A built page. */
  built: string;
  isHardware: boolean;
  note: (line: string) => void;
}

const PATIENCE_MS = 900_000;
const LOOK_MS = 100;
/** So long into a phase Stop is pressed. */
const STOP_AFTER_MS = 300;
/** Phases that are over sooner are not stopped in. */
const LONG_PHASE_S = 0.6;
/** The first second, in which the page does not say what it does. */
const BEGIN = "Begin";
const LEFT_AFTER_MS = 5000;
/** Below this folder the page keeps what was imported. */
const KEPT = "footfall-data/";

const stateOf = (step: string): string =>
  `document.querySelector('[data-step="${step}"]')?.dataset.state`;
const LABEL = `document.querySelector('[data-step="data"] .progress-text span')?.textContent ?? ""`;

const now = (): number => performance.now() / 1000;

/** Looks until the step is in the state; returns seconds. */
async function reach(page: Page, step: string, state: string, lookMs = LOOK_MS): Promise<number> {
  const from = now();
  while (now() - from < PATIENCE_MS / 1000) {
    const is = await page.evaluate(stateOf(step));
    if (is === state) return now() - from;
    if (is === "failed") {
      const why = await page.locator(`[data-step="${step}"] [role="alert"]`).first().innerText();
      throw new FootfallError("worker-failed", `the page could not import: ${why}`);
    }
    await page.waitForTimeout(lookMs);
  }
  throw new FootfallError("no-data", `the step ${step} of the page did not come to ${state}`);
}

/** A fresh page with nothing running, watched. */
async function openPage(browser: Browser, port: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await watchPage(page);
  await page.goto(`http://localhost:${port}/?test=1`);
  await page.getByText("Your data…").click();
  return page;
}

async function pick(page: Page, path: string) {
  await lapWaits(page);
  await page.locator("[data-import-files]").setInputFiles([path]);
  const previewSeconds = await reach(page, "files", "done");
  const rulesSeconds = await reach(page, "rules", "done");
  return { previewSeconds, rulesSeconds };
}

const pressImport = (page: Page): Promise<void> =>
  page.locator('[data-step="data"]').getByRole("button", { name: "Import", exact: true }).click();

/** The page's words for what it does, without the counts behind them. */
const phaseOf = (label: string): string =>
  label.split(":")[0]!.replace(/ [^ ]+\.csv$/, " the file");

function merge(all: readonly Waits[]): Waits {
  const longest = all.reduce((a, b) => (b.longestTask > a.longestTask ? b : a));
  return {
    longestTask: longest.longestTask,
    longTasks: all.reduce((sum, { longTasks }) => sum + longTasks, 0),
    longestGap: Math.max(...all.map(({ longestGap }) => longestGap)),
    culprit: longest.culprit,
  };
}

/** Follows a running import phase by phase to its end. */
async function followImport(page: Page, memory: MemoryWatch): Promise<Phase[]> {
  const phases: Phase[] = [];
  let [name, since] = [BEGIN, now()];
  const end = async (): Promise<void> => {
    const waits = await lapWaits(page);
    phases.push({ name, seconds: now() - since, workerPeak: memory.lap(), ...waits });
    since = now();
  };
  const until = now() + PATIENCE_MS / 1000;
  while (now() < until) {
    const [state, label] = await page.evaluate<string[]>(`[${stateOf("data")}, ${LABEL}]`);
    const phase = phaseOf(label ?? "");
    if (state === "failed") await reach(page, "data", "done"); // throws the page's reason
    if (state === "done") break;
    if (phase !== "" && phase !== name) {
      await end();
      name = phase;
    }
    await page.waitForTimeout(LOOK_MS);
  }
  await end();
  return phases;
}

async function importOnce(browser: Browser, port: number, path: string) {
  const page = await openPage(browser, port);
  const memory = await watchMemory(browser, page);
  try {
    const times = await pick(page, path);
    await settle(page);
    const before = await lapWaits(page);
    await memory.clear();
    const from = now();
    await pressImport(page);
    const phases = await followImport(page, memory);
    const seconds = now() - from;
    const peak = memory.read();
    await page.locator('[data-step="data"] [data-figure="coverage"]').scrollIntoViewIfNeeded();
    await settle(page);
    const after = await lapWaits(page, "after");
    return {
      ...times,
      seconds,
      phases,
      waits: { before, during: merge(phases), after },
      memory: peak,
      ownBytes: await measureOwnMemory(page),
    };
  } finally {
    memory.stop();
    await page.context().close();
  }
}

/** Until nothing runs and all maps near the window are drawn. */
async function settle(page: Page): Promise<void> {
  const until = now() + PATIENCE_MS / 1000;
  while (now() < until) {
    if (await page.evaluate(`document.documentElement.dataset.ready === "true"`)) return;
    await page.waitForTimeout(LOOK_MS);
  }
}

/** True once the import is in a phase; false where it ended before. */
async function reachPhase(page: Page, phase: string): Promise<boolean> {
  for (;;) {
    const [state, label] = await page.evaluate<string[]>(`[${stateOf("data")}, ${LABEL}]`);
    if (state === "done" || state === "failed") return false;
    if (phaseOf(label ?? "") === phase) return true;
    await page.waitForTimeout(LOOK_MS);
  }
}

/** Imports again and presses Stop in a phase; undefined where the import went by without it. */
async function stopOnce(
  browser: Browser,
  port: number,
  path: string,
  phase: string,
): Promise<Stopped | undefined> {
  const page = await openPage(browser, port);
  try {
    await pick(page, path);
    await pressImport(page);
    if (!(await reachPhase(page, phase))) return undefined;
    await page.waitForTimeout(STOP_AFTER_MS);
    const stop = page.locator('[data-step="data"]').getByRole("button", { name: "Stop" });
    if ((await stop.count()) === 0) return undefined;
    await page.evaluate(`(() => {
      const step = document.querySelector('[data-step="data"]');
      const from = performance.now();
      globalThis.footfallStop = new Promise((resolve) => {
        const timer = setInterval(() => {
          if (step.dataset.state === "running") return;
          clearInterval(timer);
          resolve((performance.now() - from) / 1000);
        }, 4);
      });
      [...step.querySelectorAll("button")].find((button) => button.textContent === "Stop").click();
    })()`);
    const seconds = await page.evaluate<number>("globalThis.footfallStop");
    await page.waitForTimeout(LEFT_AFTER_MS);
    const left = (await listStorage(page)).filter((name) => name.startsWith(KEPT));
    return { phase, seconds, left };
  } finally {
    await page.context().close();
  }
}

/** Imports made files of some sizes through the page, and stops the largest at some moments. */
export async function measureImports(options: ImportOptions): Promise<ImportNumbers[]> {
  const { sizes, built, note } = options;
  const place = mkdtempSync(join(tmpdir(), "footfall-bench-"));
  const [server, browser] = [await serve(built), await openBrowser(options)];
  const all: ImportNumbers[] = [];
  try {
    for (const size of sizes) {
      const path = join(place, `walks-${size}.csv`);
      note(`import: making ${Math.round(size / 1e6)} MB ...`);
      const file = writeWalks(path, size, DEFAULT_SEED);
      note(`import: ${file.rows.toLocaleString("en")} rows of ${file.users} people ...`);
      const numbers = await importOnce(browser, server.port, path);
      const stops: Stopped[] = [];
      const phases = numbers.phases.filter(({ seconds }) => seconds > LONG_PHASE_S);
      for (const { name } of size === Math.max(...sizes) ? phases : []) {
        if (name === BEGIN) continue;
        note(`import: ${numbers.seconds.toFixed(1)} s; Stop while it is at: ${name} ...`);
        const stopped = await stopOnce(browser, server.port, path, name);
        if (stopped !== undefined) stops.push(stopped);
      }
      all.push({ ...file, ...numbers, stops });
      rmSync(path);
    }
    return all;
  } finally {
    await browser.close();
    server.stop();
    rmSync(place, { recursive: true, force: true });
  }
}
